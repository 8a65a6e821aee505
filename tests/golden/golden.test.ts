import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { canonicalJson } from '#core/sequences/canonical-json';
import { isStored, type Run, readGolden, readRuns, readStored, runsOn, versionOfContent } from './golden.ts';

const golden = await readGolden();
const { ids, today, problems } = golden;

/** Every kind of step, and what the word of the file format may be. */
const kinds = [...['email', 'wait', 'wait-for', 'branch', 'split', 'repeat'], ...['update', 'notify', 'enrol-in', 'webhook', 'exit']];

describe('sequences of format 1', () => {
  it('are in order for today’s check, and compile', () => {
    expect(problems).toEqual([]);
    expect([...today.keys()].filter((it) => !it.startsWith('confirm_')).sort()).toEqual([...ids].sort());
  });
  it('are all kept, and have every kind of step', () => {
    expect(
      ids.filter((it) => !isStored(it)),
      'run npx tsx bin/golden.ts',
    ).toEqual([]);
    const outlined = ids.flatMap((it) => readStored(it).artifact.outline?.map((step) => step.kind) ?? []);
    expect(kinds.filter((it) => !outlined.includes(it))).toEqual([]);
  });
  it('are as they were made: nobody edited an artifact or a machine', () => {
    for (const stored of ids.map(readStored)) expect(versionOfContent(stored), stored.artifact.sequence).toBe(stored.artifact.version);
  });
});

describe('what format 1 said', () => {
  const stored = ids.map(readStored);
  it.each(ids)(
    '%s: today’s handlers send leads on that version what that release sent, when it sent it',
    async (id) => {
      expect(await runsOn(golden, id, stored)).toEqual(readRuns(id));
    },
    60_000,
  );

  // As long as the compiler makes the same of it, that was the same run.
  const compiled = ids.map((it) => today.get(it) ?? readStored(it));
  const changed = ids.filter((it) => canonicalJson(today.get(it)) !== canonicalJson(readStored(it)));
  if (changed.length > 0)
    it.each(changed)(
      '%s: means the same when it is compiled today',
      async (id) => {
        const kept = readRuns(id);
        expect(asNearlyKept(await runsOn(golden, id, compiled), kept)).toEqual(kept);
      },
      60_000,
    );
});

/** A machine of today takes other states, none of which lasts a second at least (docs/decisions/0100): a mail may go that much earlier. */
const asNearlyKept = (runs: readonly Run[], kept: readonly Run[]): readonly Run[] =>
  runs.map((run, nth) => ({
    ...run,
    sent: run.sent.map((mail, place) => {
      const at = kept[nth]?.sent[place]?.at;
      return at !== undefined && addSeconds(mail.at, 1) === at ? { ...mail, at } : mail;
    }),
  }));
