import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Command, Option } from 'commander';
import { prettifyError, ZodError } from 'zod';
import { importedMail } from '#adapters/email/imported-mail';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { problemsInWords } from '#cli/problems-text';
import { type Format, formats } from '#core/importers/foreign';
import { readForeign, recognise } from '#core/importers/recognise';
import { structured } from '#core/importers/structure';
import { slugOf } from '#core/importers/words';
import { type ImportReport, reportInWords, sequenceYaml } from '#core/importers/write';
import { sortedProblems } from '#core/marketing';
import type { Problem } from '#core/problems';

type Options = {
  readonly from?: Format;
  readonly out: string;
  readonly as?: string;
  readonly owner?: string;
  readonly topic?: string;
  readonly json?: true;
};

export const register = (program: Command): void => {
  program
    .command('import-sequence')
    .argument('<file>', 'what the other tool exported, as JSON')
    .description('a journey of Pinpoint, Mautic, Dittofeed or mailshot as a sequence of yours, with a report of what did not come over')
    .addOption(new Option('--from <tool>', 'recognised by itself if it is not said').choices([...formats]))
    .option('--dir <folder>', 'the marketing folder that it goes into', 'marketing')
    .addOption(new Option('--out <folder>', 'the same').hideHelp())
    .option('--as <id>', 'id of the sequence; else after its name')
    .option('--owner <address>', 'who answers for it; else the reply-to of brand.yaml')
    .option('--topic <topic>', 'what leads must have agreed to; else the first topic of brand.yaml')
    .option('--json', 'the report and the problems as JSON')
    .action(async (file: string, { dir, ...given }: Options & { readonly dir: string }) => {
      const options = { ...given, out: given.out ?? dir };
      const { report, problems, folder, states } = await importSequence(file, options);
      const errors = problems.filter((it) => it.severity === 'error');
      if (options.json) console.log(JSON.stringify({ ...report, folder, problems, states }, undefined, 2));
      else {
        console.log(reportInWords(report));
        console.log(`Written to ${folder}; the report is in imported.md there.`);
        console.log(problems.length === 0 ? '`baton check` has nothing to say about it.' : problemsInWords(problems, options.out));
        if (errors.length === 0)
          console.log(`It compiles to ${states} states. Look at it: npx baton compile ${report.sequence} --mermaid, npx baton preview`);
      }
      process.exitCode = errors.length > 0 ? 1 : 0;
    });
};

/** Writes a folder that was not there, and checks what it wrote. Nothing is sent by it: what is not deployed does not run. */
export const importSequence = async (file: string, options: Omit<Options, 'json'>) => {
  const data = parse(file, await readFile(file, 'utf8').catch(() => undefined));
  const format = options.from ?? recognise(data);
  if (!format) throw new Error(`${file} is none of the formats that are understood: ${formats.join(', ')} (docs/import-sequence.md)`);
  const foreign = read(file, data, format);
  const { live } = await loadMarketing(options.out);
  if (!live) throw new Error(`${options.out} has errors: run npx baton check --dir ${options.out} first`);
  const id = options.as ?? slugOf(foreign.name, 32, 'sequence');
  const folder = join(options.out, 'sequences', id);
  if (existsSync(folder)) throw new Error(`there is ${folder} already; say another id with --as`);
  const blocks = structured(foreign);
  if (blocks.steps.length === 0) throw new Error(`${file}: nothing in it becomes a step`);
  const owner = options.owner ?? live.brand.sender.replyTo ?? live.brand.sender.address;
  const topic = options.topic ?? Object.keys(live.brand.topics)[0] ?? '';
  const emails = [...blocks.emails].map(([name, email]) => ({ name, label: email.label, ...importedMail(email) }));
  const report: ImportReport = {
    format,
    name: foreign.name,
    sequence: id,
    activities: foreign.activities.length,
    steps: blocks.names,
    emails: emails.map(({ name, hasText }) => ({ name, hasText })),
    notes: [
      ...(options.topic === undefined
        ? [
            {
              activity: 'topic',
              fate: 'changed' as const,
              why: `leads must have agreed to “${topic}”, the first topic of brand.yaml: is that so?`,
            },
          ]
        : []),
      ...blocks.notes,
      ...emails.flatMap(({ label, notes }) => notes.map((why) => ({ activity: label, fate: 'changed' as const, why }))),
    ],
  };
  await mkdir(join(folder, 'emails'), { recursive: true });
  await writeFile(join(folder, 'sequence.yaml'), sequenceYaml(foreign, blocks, { id, owner, topic }));
  await writeFile(join(folder, 'imported.md'), reportInWords(report));
  for (const { name, markdown } of emails) await writeFile(join(folder, 'emails', `${name}.md`), markdown);
  return { report, folder, ...(await judged(options.out, id)) };
};

const parse = (file: string, text: string | undefined): unknown => {
  if (text === undefined) throw new Error(`there is no file ${file}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const hint = /\.[cm]?[jt]s$/.test(file)
      ? `; of mailshot's ${basename(file)} make JSON first: npx tsx -e "import it from './${basename(file)}'; console.log(JSON.stringify(it))" > sequence.json`
      : '';
    throw new Error(`${file} is not JSON${hint}`, { cause });
  }
};

const read = (file: string, data: unknown, format: Format) => {
  try {
    return readForeign(data, format);
  } catch (error) {
    if (error instanceof ZodError) throw new Error(`${file} is not what ${format} exports:\n${prettifyError(error)}`, { cause: error });
    throw error;
  }
};

/** What `check` says of it, and how many states its machine has; none when there are errors. */
const judged = async (dir: string, id: string): Promise<{ readonly problems: readonly Problem[]; readonly states: number }> => {
  const { compiled, problems } = await compileMarketing(await loadMarketing(dir));
  const one = compiled.find((it) => it.sequence.id === id);
  return {
    problems: sortedProblems([...problems]).filter((it) => it.file.startsWith(`sequences/${id}/`)),
    states: one ? Object.keys(one.compiled.asl.States).length : 0,
  };
};
