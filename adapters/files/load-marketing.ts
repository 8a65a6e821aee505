import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import { holidaysFor } from '#adapters/files/holidays';
import { oddFiles } from '#adapters/files/odd-files';
import { BrandShape, readBrand } from '#core/brand-schema';
import type { LiveConfig, Sales } from '#core/config';
import { FormShape, readForm } from '#core/forms-schema';
import type { Holidays } from '#core/holidays';
import { withDecoyAt } from '#core/humans-schema';
import type { Mapping } from '#core/imports/mapping';
import { MappingShape, readMapping } from '#core/imports/mapping-schema';
import { freeMailList, ownLists } from '#core/lists';
import { listsUsed } from '#core/lists-used';
import { normaliseLocale } from '#core/locale';
import type { EmailFile, Marketing, MarketingFile } from '#core/marketing';
import { readPageFile } from '#core/page-texts/read';
import { withModel } from '#core/predict/prediction-schema';
import type { Problem, Report, YamlPath } from '#core/problems';
import { readSales, SalesShape } from '#core/sales-schema';
import { type ReadWith, readScoring, ScoringShape } from '#core/scoring-schema';
import { checkMarketing } from '#core/sequences/check';
import { confirmationEmail } from '#core/sequences/confirmation';
import { Lock } from '#core/sequences/lock';
import type { Sequence } from '#core/sequences/model';
import { parseSequence } from '#core/sequences/parse';
import { idRule, isStepId } from '#core/sequences/steps/step-kind';
import { readYaml, type YamlSource } from '#core/yaml-source';
import { reportIssues } from '#core/zod-report';

/** Reads and checks a whole marketing folder; what is wrong is in `problems`. Throws only when the folder is not there. */
export const loadMarketing = async (dir: string): Promise<Marketing> => {
  await readdir(dir).catch(() => {
    throw new Error(`there is no folder ${dir}; say which one with --dir`);
  });
  const problems: Problem[] = [];
  const sources = new Map<string, YamlSource>();
  const open = async (file: string): Promise<YamlSource | undefined> => {
    const text = await textOf(dir, file);
    if (text === undefined) {
      problems.push({ severity: 'error', file, line: 1, column: 1, code: 'no-file', what: `${file} is missing` });
      return undefined;
    }
    const source = readYaml(file, text, problems);
    sources.set(file, source);
    return source;
  };
  const pages = await readPages(dir, open);
  const parsed = await readLive(dir, open, problems, pages, await textOf(dir, 'prediction.json'));
  const layout = await fileOf(dir, 'layout.mjml');
  if (!layout)
    problems.push({
      severity: 'error',
      file: 'layout.mjml',
      line: 1,
      column: 1,
      code: 'no-file',
      what: 'layout.mjml, the frame of every e-mail, is missing',
    });
  const { sequences, unread } = await readSequences(dir, open);
  if (sequences.length === 0 && problems.length === 0) {
    problems.push({ severity: 'warning', file: 'sequences', line: 1, column: 1, code: 'no-sequence', what: 'there is no sequence yet' });
  }
  const lockText = await textOf(dir, 'baton.lock.json');
  const read = sequences.map((it) => it.sequence);
  const live = parsed.live && withLists(withSwitches(parsed.live, read, lockText === undefined ? undefined : parseJson(lockText)), read);
  const partials = { md: await partialsOf(dir, 'md'), mjml: await partialsOf(dir, 'mjml') };
  const confirmation = await readConfirmation(dir, problems);
  const marketing: Marketing = {
    confirmation,
    sequences,
    partials,
    problems,
    reporterFor: (file) => sources.get(file)?.report ?? reporterAtTop(file, problems),
    ...(live && { live }),
    ...(parsed.brand && { brand: parsed.brand }),
    unread,
    ...(layout && { layout }),
    ...(lockText !== undefined && { lock: parseJson(lockText) }),
  };
  checkMarketing(marketing);
  problems.push(...(await oddFiles(dir)));
  return marketing;
};

type Open = (file: string) => Promise<YamlSource | undefined>;

const readLive = async (
  dir: string,
  open: Open,
  problems: Problem[],
  pages: NonNullable<LiveConfig['pages']>,
  prediction: string | undefined,
): Promise<{ readonly brand?: LiveConfig['brand']; readonly live?: LiveConfig }> => {
  const brandSource = await open('brand.yaml');
  const brand = await readWith(brandSource, BrandShape, readBrand);
  const rules = await readWith(await open('scoring.yaml'), ScoringShape, readScoring);
  const scoring = rules && withModel(rules, prediction === undefined ? undefined : parseJson(prediction), problems);
  const salesSource = await open('sales.yaml');
  const sales = await readWith(salesSource, SalesShape, readSales);
  const imports = await readImports(dir, open, Object.keys(brand?.topics ?? {}));
  const isSound = !problems.some((it) => it.severity === 'error' && it.file === 'brand.yaml');
  if (!brand || !scoring || !sales || problems.some((it) => it.severity === 'error')) return brand && isSound ? { brand } : {};
  const calendars = await readHolidays(brandSource);
  const salesCalendars = salesSource && (await readTeamHolidays(sales, salesSource.report));
  if (problems.some((it) => it.severity === 'error')) return isSound ? { brand } : {};
  const humans = withDecoyAt(scoring.humans, brand.links);
  const forms = await readForms(dir, open, problems, brand);
  const live = {
    brand: { ...brand, ...(calendars && { holidays: calendars }) },
    scoring: { ...scoring, humans },
    sales: { ...sales, ...(salesCalendars && { holidays: salesCalendars }) },
    ...(Object.keys(pages).length > 0 && { pages }),
    ...(Object.keys(forms).length > 0 && { forms }),
    ...(Object.keys(imports).length > 0 && { imports }),
    hash: '',
  };
  return { brand: live.brand, live };
};

const readHolidays = async (source: YamlSource | undefined) => {
  const read = BrandShape.pick({ holidays: true }).loose().safeParse(source?.data);
  return read.success && read.data.holidays && source ? holidaysFor(read.data.holidays, source.report) : undefined;
};

/** Of the regions that members of the team name. */
const readTeamHolidays = async ({ team }: Sales, report: Report): Promise<Holidays | undefined> => {
  const named = team.flatMap(({ holidays: region }, at) => (region === undefined ? [] : [{ region, at }]));
  if (named.length === 0) return undefined;
  return holidaysFor({ countries: named.map((it) => it.region), pathOf: (index) => ['team', named[index]?.at ?? 0, 'holidays'] }, report);
};

/** With those lists of ours that conditions name, which then need not be written down. */
const withLists = (live: LiveConfig, sequences: readonly Sequence[]): LiveConfig => {
  const { hash: _hash, ...rest } = live;
  const asked = live.sales.route.includes('company-owner') ? [freeMailList] : [];
  const ours = [...listsUsed(live.scoring, sequences), ...asked].flatMap((name) =>
    ownLists[name] ? [[name, ownLists[name]] as const] : [],
  );
  const config = { ...rest, scoring: { ...live.scoring, lists: { ...Object.fromEntries(ours), ...live.scoring.lists } } };
  // How lists are read decides nothing about a lead.
  const { imports: _imports, ...deciding } = config;
  return { ...config, hash: hashOf(deciding) };
};

/** What sequence.yaml says that takes effect at once, also for leads on older versions; and since when a sequence is there. */
const withSwitches = (live: LiveConfig, sequences: readonly Sequence[], lock: unknown): LiveConfig => {
  const off = Object.fromEntries(sequences.flatMap((it) => (it.off ? [[it.id, it.off]] : [])));
  const known = Lock.safeParse(lock);
  const since = Object.fromEntries(
    sequences.flatMap(({ id, enter }) => {
      const at = enter.who === 'new-leads-only' && known.success ? known.data.sequences[id]?.since : undefined;
      return at === undefined ? [] : [[id, at]];
    }),
  );
  const switches = { ...(Object.keys(off).length > 0 && { off }), ...(Object.keys(since).length > 0 && { since }) };
  return { ...live, brand: { ...live.brand, ...switches } };
};

const hashOf = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);

/** `imports/<name>.yaml`: how the columns of a source become leads. */
const readImports = async (dir: string, open: Open, topics: readonly string[]): Promise<{ readonly [name: string]: Mapping }> => {
  const names = (await readdir(join(dir, 'imports')).catch(() => [])).filter((it) => it.endsWith('.yaml')).sort();
  const read = await Promise.all(
    names.map(async (file) => {
      const name = file.slice(0, -'.yaml'.length);
      const source = await open(`imports/${file}`);
      const mapping = await readWith(source, MappingShape, (data, report, reading) =>
        readMapping(data, { name, topics, report, read: reading }),
      );
      return mapping ? [[name, { ...mapping, hash: hashOf(mapping) }] as const] : [];
    }),
  );
  return Object.fromEntries(read.flat());
};

/** Any other file there would be a form that nobody can send, which nobody would notice. */
const readForms = async (
  dir: string,
  open: Open,
  problems: Problem[],
  brand: LiveConfig['brand'],
): Promise<NonNullable<LiveConfig['forms']>> => {
  const names = (await readdir(join(dir, 'forms')).catch(() => [])).filter((it) => !it.startsWith('.')).sort();
  const isForm = (name: string) => name.endsWith('.yaml') && isStepId(name.slice(0, -'.yaml'.length));
  for (const name of names.filter((it) => !isForm(it))) {
    const allowed = `<id>.yaml; an id is ${idRule}`;
    problems.push({
      severity: 'error',
      file: `forms/${name}`,
      line: 1,
      column: 1,
      code: 'unknown-file',
      what: 'no form can have this name',
      got: name,
      allowed,
    });
  }
  const forms = await Promise.all(
    names.filter(isForm).map(async (name) => {
      const form = await readWith(await open(`forms/${name}`), FormShape, (data, report) => readForm(data, brand, report));
      return form ? [[name.slice(0, -'.yaml'.length), form] as const] : [];
    }),
  );
  return Object.fromEntries(forms.flat());
};

/** `pages/<locale>.yaml`: words of the pages that leads see, where ours will not do. */
const readPages = async (dir: string, open: Open): Promise<NonNullable<LiveConfig['pages']>> => {
  const names = (await readdir(join(dir, 'pages')).catch(() => [])).filter((it) => it.endsWith('.yaml')).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const source = await open(`pages/${name}`);
      return source && source.data !== undefined
        ? readPageFile(name.slice(0, -'.yaml'.length), source.data ?? {}, source.report)
        : undefined;
    }),
  );
  return Object.fromEntries(files.flatMap((it) => (it ? [it] : [])));
};

const readWith = <T extends z.ZodObject, R>(
  source: YamlSource | undefined,
  shape: T,
  convert: (data: z.output<T>, report: Report, read: ReadWith) => R,
): R | undefined => {
  if (!source || source.data === undefined) return undefined;
  const read = readerFor(source.report);
  const data = read(shape, source.data ?? {}, []);
  return data && convert(data, source.report, read);
};

const readerFor =
  (report: Report): ReadWith =>
  (shape, raw, path: YamlPath) => {
    const parsed = shape.safeParse(raw, { reportInput: true });
    if (parsed.success) return parsed.data;
    reportIssues(parsed.error, path, report, shape);
    return undefined;
  };

const readSequences = async (dir: string, open: Open): Promise<Required<Pick<Marketing, 'sequences' | 'unread'>>> => {
  const folders = (await readdir(join(dir, 'sequences'), { withFileTypes: true }).catch(() => [])).filter((it) => it.isDirectory());
  const read = await Promise.all(
    folders
      .map((it) => it.name)
      .sort()
      .map(async (folder) => {
        const source = await open(`sequences/${folder}/sequence.yaml`);
        const emailFiles = await readEmails(dir, `sequences/${folder}/emails`);
        if (!source || source.data === undefined) return { folder, emailFiles };
        const emails = new Set(Object.values(emailFiles).flatMap((it) => (it.locale === undefined ? [it.email] : [])));
        const sequence = parseSequence(source.data ?? {}, { folder, emails, report: source.report, read: readerFor(source.report) });
        return { folder, emailFiles, sequence };
      }),
  );
  return {
    sequences: read.flatMap(({ sequence, emailFiles }) => (sequence ? [{ sequence, emailFiles }] : [])),
    unread: read.flatMap(({ sequence, folder, emailFiles }) => (sequence ? [] : [{ folder, emailFiles }])),
  };
};

const readEmails = async (dir: string, folder: string): Promise<{ readonly [name: string]: EmailFile }> => {
  const names = (await readdir(join(dir, folder)).catch(() => [])).filter((it) => /\.(md|mjml)$/.test(it)).sort();
  const files = await Promise.all(
    names.map(async (name): Promise<[string, EmailFile][]> => {
      const text = await textOf(dir, `${folder}/${name}`);
      const kind = name.endsWith('.md') ? 'md' : 'mjml';
      const bare = name.slice(0, name.lastIndexOf('.'));
      const [, email = bare, suffix] = /^(.+)\.([A-Za-z_-]{2,5})$/.exec(bare) ?? [];
      const locale = suffix === undefined ? undefined : normaliseLocale(suffix);
      const named = locale === undefined ? { email: bare } : { email, locale };
      return text === undefined ? [] : [[bare, { file: `${folder}/${name}`, text, kind, ...named }]];
    }),
  );
  return Object.fromEntries(files.flat());
};

/** Any other file there would never be sent, which nobody would notice. */
const readConfirmation = async (dir: string, problems: Problem[]): Promise<Marketing['confirmation']> => {
  const files = Object.entries(await readEmails(dir, 'consent'));
  for (const [, { file, email }] of files.filter(([, it]) => it.email !== confirmationEmail)) {
    problems.push({
      severity: 'error',
      file,
      line: 1,
      column: 1,
      code: 'unknown-file',
      what: 'no mail has this name here',
      got: email,
      allowed: `${confirmationEmail}.md, and ${confirmationEmail}.<locale>.md`,
    });
  }
  return Object.fromEntries(files.filter(([, it]) => it.email === confirmationEmail));
};

const partialsOf = async (dir: string, kind: EmailFile['kind']): Promise<{ readonly [name: string]: MarketingFile }> => {
  const names = (await readdir(join(dir, 'partials')).catch(() => [])).filter((it) => it.endsWith(`.${kind}`)).sort();
  const files = await Promise.all(
    names.map(async (name) => [name.slice(0, -kind.length - 1), await fileOf(dir, `partials/${name}`)] as const),
  );
  return Object.fromEntries(files.flatMap(([name, file]) => (file ? [[name, file]] : [])));
};

const fileOf = async (dir: string, file: string): Promise<MarketingFile | undefined> => {
  const text = await textOf(dir, file);
  return text === undefined ? undefined : { file, text };
};

const textOf = (dir: string, file: string): Promise<string | undefined> => readFile(join(dir, file), 'utf8').catch(() => undefined);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

const reporterAtTop =
  (file: string, problems: Problem[]): Report =>
  (_path, { at: _at, ...problem }) =>
    void problems.push({ severity: 'error', ...problem, file, line: 1, column: 1 });
