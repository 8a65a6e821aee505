import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { loadMarketing } from '#adapters/files/load-marketing';
import { loadTests } from '#adapters/files/load-tests';
import { compileMarketing } from '#cli/compile';
import type { Instant } from '#core/instant';
import type { Problem } from '#core/problems';
import { canonicalJson } from '#core/sequences/canonical-json';
import type { Compiled } from '#core/sequences/compile';
import { play } from '#local/sequence-tests/play';

/** docs/decisions/0038. `marketing/`: as marketers wrote it; `compiled/` and `runs/`: as that release made and ran it. */
export const goldenFolder = 'tests/golden/format-1';
export const compiledFile = (sequence: string) => `${goldenFolder}/compiled/${sequence}.json`;
export const runsFile = (sequence: string) => `${goldenFolder}/runs/${sequence}.json`;

/** What a lead of a golden test got, and how it ended. */
export type Run = {
  readonly test: string;
  readonly sent: readonly { readonly step: string; readonly at: Instant }[];
  readonly ended: string;
  readonly stage: string;
};

/** The folder as today's Baton reads and compiles it. */
export const readGolden = async () => {
  const dir = `${goldenFolder}/marketing`;
  const marketing = await loadMarketing(dir);
  const { compiled, problems } = await compileMarketing(marketing);
  const all: Problem[] = [...problems];
  const sequences = marketing.sequences.map((it) => it.sequence);
  if (!marketing.live) throw new Error(`${dir} has errors: ${JSON.stringify(all[0])}`);
  const tests = await loadTests(dir, sequences, marketing.live, all);
  return {
    problems: all,
    live: marketing.live,
    tests,
    today: new Map(compiled.map((it) => [it.sequence.id, it.compiled] as const)),
    ids: sequences.map((it) => it.id),
  };
};
export type Golden = Awaited<ReturnType<typeof readGolden>>;

export const readStored = (sequence: string): Compiled => JSON.parse(readFileSync(compiledFile(sequence), 'utf8')) as Compiled;
export const isStored = (sequence: string): boolean => existsSync(compiledFile(sequence)) && existsSync(runsFile(sequence));
export const readRuns = (sequence: string): readonly Run[] => JSON.parse(readFileSync(runsFile(sequence), 'utf8')) as Run[];

/** Every test of a sequence, on these machines, among the others as they are given. */
export const runsOn = async ({ tests, live }: Golden, sequence: string, compiled: readonly Compiled[]): Promise<readonly Run[]> => {
  const runs: Run[] = [];
  for (const { test } of tests.filter((it) => it.sequence === sequence)) {
    const { outcome } = await play({ sequence, test, compiled, live });
    runs.push({ test: test.name, sent: outcome.sent, ended: outcome.ended, stage: outcome.stage });
  }
  return runs;
};

/** The version that a stored machine and artifact must have: the hash of both without it, as the compiler takes it. */
export const versionOfContent = ({ artifact, asl }: Compiled): string => {
  const blank = JSON.parse(JSON.stringify({ artifact, asl }).replaceAll(artifact.version, '')) as unknown;
  return createHash('sha256').update(canonicalJson(blank)).digest('hex').slice(0, 16);
};
