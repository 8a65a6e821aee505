import './plain-errors.ts';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compiledFile, isStored, readGolden, runsFile, runsOn } from '#tests/golden/golden';

/**
 * `npx tsx bin/golden.ts`: compiles and runs the golden sequences that are new, and keeps what came of it. Those that are kept stay as
 * they are; `--anew` makes all of them again, which is right only as long as no release has gone out with them.
 */
const isAnew = process.argv.includes('--anew');
const golden = await readGolden();
const errors = golden.problems.filter((it) => it.severity === 'error');
if (errors.length > 0) throw new Error(JSON.stringify(errors, undefined, 2));

const write = async (path: string, content: unknown) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(content, undefined, 1)}\n`);
};

const wanted = golden.ids.filter((it) => isAnew || !isStored(it));
const all = [...golden.today.values()];
for (const id of wanted) {
  const compiled = golden.today.get(id);
  if (!compiled) throw new Error(`${id} did not compile`);
  const runs = await runsOn(golden, id, all);
  if (runs.length === 0) throw new Error(`${id} has no test: put one under tests/`);
  await write(compiledFile(id), compiled);
  await write(runsFile(id), runs);
  console.log(`${id}: version ${compiled.artifact.version}, ${runs.length} runs`);
}
if (wanted.length === 0) console.log('every golden sequence is kept already');
