import type { Brand } from '#core/config';
import { domainOf } from '#core/dns-records';
import { mergeData, sampleLinks } from '#core/email';
import type { Problem } from '#core/problems';
import type { CompiledEmail, EmailStep, Sequence, Step } from '#core/sequences/model';
import { everyStep } from '#core/sequences/plan';
import { withDecoy } from './decoy.ts';
import { compileMjmlLetter, type Frame, type Heading, readFrame } from './frame.ts';
import { type Letter, readLetter } from './front-matter.ts';
import { checkHtml, showsAlways } from './html-check.ts';
import { lint } from './lint.ts';
import { lintClients } from './lint-clients.ts';
import { liquidTemplates } from './liquid.ts';
import { checkLiquid } from './liquid-check.ts';
import { renderMarkdown } from './markdown.ts';
import { type Partials, withPartials } from './partials.ts';
import { textFooter, toPlainText } from './plain-text.ts';
import { problemAt, type Source } from './source.ts';
import { createVault, type Vault } from './vault.ts';
import { withVisits } from './visits.ts';

export type EmailFile = Source & { readonly kind: 'md' | 'mjml'; readonly email: string; readonly locale?: string };
export type EmailsInput = {
  readonly brand: Brand;
  readonly layout: Source;
  readonly sequence: Pick<Sequence, 'id' | 'topic' | 'lawfulBasis' | 'steps'>;
  /** By e-mail name. */
  readonly files: { readonly [email: string]: EmailFile };
  /** For Markdown and for MJML, by name. */
  readonly partials?: { readonly [kind in EmailFile['kind']]: Partials };
  /** Where an invisible link in every mail leads; undefined: there is none. */
  readonly decoy?: string;
};
export type CompiledEmails = { readonly emails: { readonly [stepId: string]: CompiledEmail }; readonly problems: readonly Problem[] };

/** Compiles every e-mail of a sequence. An e-mail with an error is left out; all problems of all files are told. */
export const compileEmails = async ({
  brand,
  layout,
  sequence,
  files,
  partials = { md: {}, mjml: {} },
  decoy,
}: EmailsInput): Promise<CompiledEmails> => {
  const names = Object.keys(files).sort();
  const shared = [...Object.values(partials.md), ...Object.values(partials.mjml)];
  const vault = createVault([layout.text, ...shared.map((it) => it.text), ...names.map((it) => files[it]?.text ?? '')]);
  const frame = await readFrame(layout, vault);
  const problems: Problem[] = [...frame.problems];
  const compiled = new Map<string, CompiledEmail>();
  const variants = new Map<string, { [locale: string]: CompiledEmail }>();
  for (const name of names) {
    const file = files[name];
    if (!file) continue;
    const result = await compileEmail(file, frame, vault, {
      brand,
      sequence: sequence.id,
      topic: sequence.topic,
      asksToConfirm: sequence.lawfulBasis === 'confirmation',
      partials: partials[file.kind],
      ...(decoy !== undefined && { decoy }),
    });
    problems.push(...result.problems);
    if (!result.email || hasError(frame.problems)) continue;
    if (file.locale === undefined) compiled.set(file.email, result.email);
    else variants.set(file.email, { ...variants.get(file.email), [file.locale]: result.email });
  }
  problems.push(...withoutPlain(files));
  const whole = new Map([...compiled].map(([name, email]) => [name, withLocales(email, variants.get(name))] as const));
  return { emails: byStep(sequence, whole), problems };
};

const withLocales = (email: CompiledEmail, locales: CompiledEmail['locales']): CompiledEmail => (locales ? { ...email, locales } : email);

/** Whoever reads none of the languages there are gets the plain file: without it they would get nothing. */
const withoutPlain = (files: EmailsInput['files']): readonly Problem[] => {
  const plain = new Set(Object.values(files).flatMap((it) => (it.locale === undefined ? [it.email] : [])));
  return Object.values(files).flatMap((it) =>
    it.locale === undefined || plain.has(it.email)
      ? []
      : [
          problemAt(it, 0, {
            code: 'no-plain-email',
            what: `there is no e-mail for those who do not read ${it.locale}`,
            allowed: `a file ${it.email}.md beside it`,
          }),
        ],
  );
};

type Rehearsal = {
  readonly brand: Brand;
  readonly sequence: string;
  readonly topic: string;
  readonly asksToConfirm: boolean;
  readonly partials: Partials;
  readonly decoy?: string;
};
type Result = { readonly email?: CompiledEmail; readonly problems: readonly Problem[] };

const compileEmail = async (file: EmailFile, frame: Frame, vault: Vault, rehearsal: Rehearsal): Promise<Result> => {
  const { letter: read, problems } = readLetter(file);
  if (!read) return { problems };
  const body = withPartials(file, read.body, rehearsal.partials);
  if (hasError(body.problems)) return { problems: body.problems };
  const letter = { ...read, body: body.piece };
  const inLiquid = [letter.subject, letter.preheader, letter.body].flatMap((it) =>
    checkLiquid(file, it, rehearsal.asksToConfirm ? ['confirm-url'] : []),
  );
  if (hasError(inLiquid)) return { problems: inLiquid };
  const compile = file.kind === 'md' ? compileMarkdown : compileWhole;
  const parts = await compile(letter, frame, vault, {
    locale: file.locale ?? rehearsal.brand.locale,
    ...(file.locale && { lang: file.locale }),
  });
  const email: CompiledEmail = {
    subject: letter.subject.text,
    preheader: letter.preheader.text,
    html: withVisits(vault.reveal(rehearsal.decoy === undefined ? parts.html : withDecoy(parts.html, rehearsal.decoy)), rehearsal.brand),
    text: vault.reveal(parts.text),
    ...(letter.sender && { sender: letter.sender }),
  };
  const all = [
    ...inLiquid,
    ...parts.problems,
    ...foreignSender(letter, rehearsal.brand),
    ...(hasError(frame.problems) ? [] : rehearse(email, file, rehearsal)),
    ...(rehearsal.asksToConfirm && !hasError(frame.problems) && !showsAlways(parts.html, vault).confirmLink
      ? [problemAt(file, 0, noConfirmLink)]
      : []),
    ...tooLong(email, file),
    ...lint({
      source: file,
      from: letter.body.offsetOf(0),
      html: parts.own,
      text: parts.text,
      subject: letter.subject.text,
      preheader: letter.preheader.text,
      vault,
    }),
    ...lintClients(file, file.kind === 'md' ? vault.reveal(parts.own) : letter.body.text, letter.body.offsetOf(0)),
  ];
  return hasError(all) ? { problems: all } : { email, problems: all };
};

const noConfirmLink = {
  code: 'no-confirm-link',
  what: 'there is no link with which everyone can confirm',
  allowed: '[Yes, send them to me]({{ confirm-url }}){.button}, in no condition',
};

/** `own`: the letter's HTML without the frame, as far as the two can be told apart. */
type Parts = { readonly html: string; readonly own: string; readonly text: string; readonly problems: readonly Problem[] };

/** Language of a copy; `lang`: to be told to the reader's programs, because it is another than the layout's. */
type Tongue = { readonly locale: string; readonly lang?: string };

const compileMarkdown = async (letter: Letter, frame: Frame, vault: Vault, tongue: Tongue): Promise<Parts> => {
  const { source, body } = letter;
  const { mjml, html, findings } = renderMarkdown(vault.hide(source, body), vault);
  const from = body.offsetOf(0);
  const inMarkdown = findings.map(({ near, ...finding }) => {
    const got = finding.got === undefined ? {} : { got: vault.reveal(finding.got) };
    return problemAt(source, Math.max(source.text.indexOf(vault.reveal(near), from), from), { ...finding, ...got });
  });
  return {
    html: await frame.fill(mjml, headingOf(letter, vault, tongue)),
    own: html,
    text: `${toPlainText(html)}${textFooter(tongue.locale)}`,
    problems: [...inMarkdown, ...checkHtml(html, vault, source, from)],
  };
};

const compileWhole = async (letter: Letter, _frame: Frame, vault: Vault, tongue: Tongue): Promise<Parts> => {
  const { html, problems } = await compileMjmlLetter(letter, vault, headingOf(letter, vault, tongue));
  return { html, own: html, text: toPlainText(html), problems };
};

const headingOf = ({ source, subject, preheader }: Letter, vault: Vault, { lang }: Tongue): Heading => ({
  subject: escapeText(vault.hide(source, subject)),
  preheader: escapeText(vault.hide(source, preheader)),
  ...(lang !== undefined && { lang }),
});

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Fills the e-mail for a lead of whom nothing but the address is known. */
const rehearse = (email: CompiledEmail, source: Source, { brand, sequence, topic }: Rehearsal): readonly Problem[] => {
  const lead = { email: 'someone@example.com', fields: {} };
  const data = mergeData({ brand, lead, sequence, topic, links: sampleLinks(brand, 'rehearsal') });
  const templates = liquidTemplates();
  try {
    templates.fill(email.subject, data, 'text');
    templates.fill(email.html, data, 'html');
    templates.fill(email.text, data, 'text');
    return [];
  } catch (error) {
    return [
      problemAt(source, 0, { code: 'cannot-be-filled', what: error instanceof Error ? error.message : 'this e-mail cannot be filled' }),
    ];
  }
};

/** DKIM signs for the brand's domain, and the sender's role may send as that domain only: another one would close the line for all. */
const foreignSender = ({ source, sender }: Letter, brand: Brand): readonly Problem[] => {
  const domain = domainOf(brand.sender.address);
  const own = sender && domainOf(sender.address);
  if (own === undefined || own === domain || own.endsWith(`.${domain}`)) return [];
  const what = 'this sender is not under the domain that is verified, so the e-mail would be refused or fail DMARC';
  const allowed = `an address at ${domain}; answers may go elsewhere (reply-to)`;
  return [problemAt(source, source.text.indexOf(sender?.address ?? ''), { code: 'foreign-sender', what, got: own, allowed })];
};

/** Gmail shows no more than this, and so hides the unsubscribe link. */
const clippedAt = 102_000;

const tooLong = ({ html }: CompiledEmail, source: Source): readonly Problem[] => {
  if (html.length < clippedAt) return [];
  const what = 'Gmail cuts off e-mails of this length';
  return [
    problemAt(source, 0, {
      severity: 'warning',
      code: 'clipped',
      what,
      got: `${html.length} characters`,
      allowed: `less than ${clippedAt}`,
    }),
  ];
};

const byStep = (sequence: Pick<Sequence, 'steps'>, compiled: ReadonlyMap<string, CompiledEmail>) =>
  Object.fromEntries(
    emailSteps(sequence.steps).flatMap((step) => {
      const email = compiled.get(step.email);
      return email ? [[step.id, email] as const] : [];
    }),
  );

const emailSteps = (steps: readonly Step[]): readonly EmailStep[] => everyStep(steps).filter((it) => it.kind === 'email');

const hasError = (problems: readonly Problem[]): boolean => problems.some((it) => it.severity === 'error');
