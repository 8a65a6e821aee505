import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { type Compiled, compileSequence } from '#core/sequences/compile';
import { compiledNurture, digest } from '#local/plain-nurture';
import { number, type Part } from './row.ts';

const sequences = 200;
const folderOf = 20;

/** Machines out of 200 sequences of the shipped folder, and what `baton check` takes for a folder with so many. */
export const compilePart = async (): Promise<Part> => {
  const { compiled } = await compileMarketing(await loadMarketing('marketing'));
  const [first] = compiled;
  if (!first) throw new Error('marketing/ has no sequence');
  const emails = Object.fromEntries(Object.entries(first.compiled.artifact.emails).map(([step, it]) => [step, it.content]));
  const begun = performance.now();
  const machines: Compiled[] = Array.from({ length: sequences }, (_, at) =>
    compileSequence({ ...first.sequence, id: `copy-${at}` }, emails, digest),
  );
  const core = (performance.now() - begun) / 1000;
  const states = machines.reduce((sum, it) => sum + Object.keys(it.asl.States).length, 0);
  const whole = await wholeFolder();
  const six = compiledNurture(6);
  return {
    title: 'Compiling',
    rows: [
      {
        what: `${sequences} sequences to state machines (${number(states)} states)`,
        value: `${number(core)} s, ${number((core * 1000) / sequences)} ms each`,
      },
      {
        what: `a folder of ${folderOf} sequences with ${whole.emails} e-mails, read, checked and compiled, MJML included`,
        value: `${number(whole.seconds)} s, ${number((whole.seconds * 1000) / whole.emails)} ms an e-mail`,
      },
      { what: `the same for ${sequences} sequences, by that pace`, value: `${number((whole.seconds * sequences) / folderOf)} s` },
      { what: 'states of a nurture of six mails, those for exceptions included', value: number(Object.keys(six.asl.States).length) },
    ],
    figures: { sequences, states, seconds: core, folder: { sequences: folderOf, ...whole } },
  };
};

/** Copies of the shipped sequence under names of their own, in a folder that is thrown away. */
const wholeFolder = async (): Promise<{ readonly seconds: number; readonly emails: number }> => {
  const dir = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  try {
    await cp('marketing', dir, { recursive: true });
    await rm(join(dir, 'baton.lock.json'));
    await rm(join(dir, 'sequences'), { recursive: true });
    for (let at = 0; at < folderOf; at++) {
      const to = join(dir, 'sequences', `copy-${at}`);
      await cp('marketing/sequences/trial-nurture', to, { recursive: true });
      const text = await readFile(join(to, 'sequence.yaml'), 'utf8');
      await writeFile(join(to, 'sequence.yaml'), text.replace(/^sequence: .*/m, `sequence: copy-${at}`));
    }
    const begun = performance.now();
    const { compiled, problems } = await compileMarketing(await loadMarketing(dir));
    const seconds = (performance.now() - begun) / 1000;
    if (compiled.length < folderOf) throw new Error(`only ${compiled.length} compiled: ${problems[0]?.what}`);
    return { seconds, emails: compiled.reduce((sum, it) => sum + Object.keys(it.compiled.artifact.emails).length, 0) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
