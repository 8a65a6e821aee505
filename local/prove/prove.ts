import { type FaultKind, faultKinds } from './faults.ts';
import { type Invariant, invariants, leadsPerSeed, type Proved, runSeed, type SeedOptions, type SeedOutcome } from './run.ts';
import { shrink } from './shrink.ts';

export type Proof = {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly leads: number;
  readonly invocations: number;
  readonly sends: number;
  readonly handoffs: number;
  readonly deadLetters: number;
  readonly faults: { readonly [Kind in FaultKind]: number };
  /** How many seeds broke each; with the first ones shrunk. */
  readonly violations: { readonly [Name in Invariant]: number };
  readonly found: readonly SeedOutcome[];
};

/** Of so many seeds that break something the fewest faults are looked for. */
const mostShrunk = 3;

/** Run after run, each with a seed of its own. */
export const prove = async (
  proved: Proved,
  { seeds, firstSeed, ...options }: SeedOptions & { readonly seeds: number; readonly firstSeed: number },
  on: { readonly progress?: (done: number, broken: number) => void; readonly signal?: AbortSignal } = {},
): Promise<Proof> => {
  const faults = Object.fromEntries(Object.keys(faultKinds).map((it) => [it, 0])) as Record<FaultKind, number>;
  const violations = Object.fromEntries(Object.keys(invariants).map((it) => [it, 0])) as Record<Invariant, number>;
  const sums = { invocations: 0, sends: 0, handoffs: 0, deadLetters: 0 };
  const found: SeedOutcome[] = [];
  let done = 0;
  for (; done < seeds && !on.signal?.aborted; done++) {
    const outcome = await runSeed(firstSeed + done, proved, options);
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += outcome[name];
    for (const { kind } of outcome.faults) faults[kind]++;
    for (const name of new Set(outcome.violations.map((it) => it.invariant))) violations[name]++;
    if (outcome.violations.length > 0) found.push(found.length < mostShrunk ? await shrink(outcome, proved, options) : outcome);
    on.progress?.(done + 1, found.length);
  }
  return { seeds: done, firstSeed, leads: done * leadsPerSeed, ...sums, faults, violations, found };
};
