import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { checkOpener } from '#adapters/email/check-opener';
import { checkTellings } from '#adapters/email/check-tellings';
import { compileEmails } from '#adapters/email/compile-emails';
import { confirmationFiles } from '#adapters/email/confirmation-mail';
import { loadMarketing } from '#adapters/files/load-marketing';
import type { LiveConfig, Scoring } from '#core/config';
import { meantHint } from '#core/did-you-mean';
import { withEngineShare } from '#core/engine-share';
import { toInstant } from '#core/instant';
import type { Marketing } from '#core/marketing';
import type { Problem } from '#core/problems';
import { canonicalJson } from '#core/sequences/canonical-json';
import { type CompiledAll, compileAll } from '#core/sequences/compile-all';
import { confirmationSequences } from '#core/sequences/confirmation';
import { diagramOf } from '#core/sequences/diagram';
import { toMermaid } from '#core/sequences/diagram-mermaid';
import { toSvg } from '#core/sequences/diagram-svg';
import { emptyLock, Lock, lockText } from '#core/sequences/lock';
import { ownSteps } from '#core/sequences/rounds';
import { pack } from '#lib/packed';

type Options = {
  readonly dir: string;
  readonly json?: true;
  readonly mermaid?: true;
  readonly svg?: string;
  readonly all?: true;
  readonly write?: true;
};

export const register = (program: Command): void => {
  program
    .command('compile')
    .argument('[sequence]', 'id of the sequence to show')
    .description('show the state machine of a sequence and draw it; with --all --write, bring baton.lock.json up to date')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--json', 'only the state machine (or the problems), as JSON')
    .option('--mermaid', 'only the diagram, as Mermaid text')
    .option('--svg <file>', 'draw the diagram into a file')
    .option('--all', 'compile every sequence and say what came of it')
    .option('--write', 'with --all: write baton.lock.json')
    .action(async (sequence: string | undefined, options: Options) => {
      process.exitCode = await run(sequence, options);
    });
};

/** The exit code: 1 when anything is wrong, also when the lock is out of date and was not to be written. */
const run = async (id: string | undefined, options: Options): Promise<number> => {
  const marketing = await loadMarketing(options.dir);
  const { compiled, lock, problems } = await compileMarketing(marketing);
  const errors = problems.filter((it) => it.severity === 'error');
  if (errors.length > 0) return complain(errors, options);
  if (options.all) {
    console.log(listed(compiled, options));
    return options.write ? writeLock(options.dir, lock) : checkLock(marketing.lock, lock);
  }
  const one = compiled.find((it) => it.sequence.id === id);
  if (!one) return complain([unknownSequence(id, compiled)], options);
  if (options.svg !== undefined) await writeFile(options.svg, toSvg(diagramOf(one.sequence)));
  if (options.svg === undefined || options.json || options.mermaid) console.log(shown(one, options));
  return 0;
};

const decoyOf = ({ humans: { decoy } }: Scoring) => (decoy === undefined ? {} : { decoy });

export type CompiledMarketing = CompiledAll & {
  readonly problems: readonly Problem[];
  /** As it is deployed: with what only the compiled sequences tell. */
  readonly live?: LiveConfig;
};

/** Loads nothing and writes nothing: everything that was read, compiled, with all problems. */
export const compileMarketing = async (marketing: Marketing): Promise<CompiledMarketing> => {
  const { live, layout, sequences, reporterFor } = marketing;
  const before = Lock.safeParse(marketing.lock ?? emptyLock);
  if (!before.success) reporterFor('baton.lock.json')([], unreadableLock);
  const inUnread = await problemsOfUnread(marketing);
  if (!live || !layout) return { compiled: [], lock: emptyLock, problems: [...marketing.problems, ...inUnread] };
  const confirming = confirmationSequences(live.brand).map((sequence) => ({
    sequence,
    emailFiles: confirmationFiles(marketing.confirmation, live.brand.locale),
  }));
  const toCompile = await Promise.all(
    [...sequences, ...confirming].map(async ({ sequence, emailFiles }) => ({
      sequence,
      ...(await compileEmails({
        brand: live.brand,
        layout,
        sequence,
        files: emailFiles,
        partials: marketing.partials,
        ...decoyOf(live.scoring),
      })),
      report: reporterFor(`sequences/${sequence.id}/sequence.yaml`),
    })),
  );
  for (const { sequence, report } of toCompile) checkTellings(sequence, report);
  checkOpener(live.sales, reporterFor('sales.yaml'));
  const all = compileAll(toCompile, before.success ? before.data : emptyLock, digest, toInstant(Date.now()), pack);
  return {
    ...all,
    live: withEngineShare(
      live,
      all.compiled.map((it) => it.compiled),
    ),
    problems: [...marketing.problems, ...onlyOnce([...toCompile.flatMap((it) => it.problems), ...inUnread])],
  };
};

/** So that a slip in one file does not hide what is wrong in the e-mails: those that cannot be compiled yet are judged all the same. */
const problemsOfUnread = async ({ live, brand = live?.brand, layout, partials, sequences, unread = [] }: Marketing) => {
  if (!brand || !layout) return [];
  const steps = { topic: '', lawfulBasis: 'consent', steps: [] } as const;
  const all = [
    ...unread.map(({ folder, emailFiles }) => ({ sequence: { id: folder, ...steps }, files: emailFiles })),
    ...(live ? [] : sequences.map(({ sequence, emailFiles }) => ({ sequence: { ...sequence, steps: [] }, files: emailFiles }))),
  ];
  const compiled = await Promise.all(all.map((it) => compileEmails({ brand, layout, partials, ...it })));
  return onlyOnce(compiled.flatMap((it) => it.problems));
};

/** The layout and partials are judged with every sequence. */
const onlyOnce = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((it) => [JSON.stringify(it), it])).values(),
];

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

const unreadableLock = {
  code: 'unreadable-lock',
  what: 'this is not a lock that this version of Baton wrote',
  hint: 'restore it from version control; it is what renamed steps are told by',
};

type One = CompiledAll['compiled'][number];

const shown = ({ sequence, compiled }: One, { json, mermaid }: Options): string => {
  const asl = JSON.stringify(compiled.asl, undefined, 2);
  const diagram = toMermaid(diagramOf(sequence)).trimEnd();
  if (json) return asl;
  return mermaid ? diagram : `${asl}\n\n${diagram}`;
};

const listed = (compiled: readonly One[], { json }: Options): string => {
  const rows = compiled.map(({ sequence, compiled: { artifact, asl } }) => ({
    sequence: sequence.id,
    version: artifact.version,
    steps: ownSteps(artifact.stepIds).length,
    states: Object.keys(asl.States).length,
  }));
  if (json) return JSON.stringify(rows, undefined, 2);
  return rows.map((it) => `${it.sequence}  version ${it.version}  ${it.steps} steps, ${it.states} states`).join('\n');
};

const writeLock = async (dir: string, lock: Lock): Promise<number> => {
  await writeFile(join(dir, 'baton.lock.json'), lockText(lock));
  return 0;
};

const checkLock = (onDisk: unknown, lock: Lock): number => {
  if (canonicalJson(onDisk ?? emptyLock) === canonicalJson(lock)) return 0;
  console.error('baton.lock.json is out of date: run "npx baton compile --all --write" and commit it');
  return 1;
};

const complain = (problems: readonly Problem[], { json }: Options): number => {
  console.error(json ? JSON.stringify(problems, undefined, 2) : problems.map(inWords).join('\n'));
  return 1;
};

const inWords = ({ file, line, column, what, got, allowed, hint }: Problem): string => {
  const rest = Object.entries({ got, allowed, hint }).filter(([, text]) => text !== undefined);
  return [`${file}:${line}:${column}  ${what}`, ...rest.map(([word, text]) => `  ${word}: ${text}`)].join('\n');
};

const unknownSequence = (id: string | undefined, compiled: readonly One[]): Problem => {
  const ids = compiled.map((it) => it.sequence.id);
  return {
    severity: 'error',
    file: 'sequences',
    line: 1,
    column: 1,
    code: 'unknown-sequence',
    what: id === undefined ? 'say which sequence, or --all' : `there is no sequence "${id}"`,
    allowed: ids.join(', '),
    ...(id !== undefined && meantHint(id, ids)),
  };
};
