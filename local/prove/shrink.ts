import type { Fault } from './faults.ts';
import { type Proved, runSeed, type SeedOptions, type SeedOutcome } from './run.ts';

const mostRuns = 150;

/** The fewest faults found that still lead to the same violation: halves are left out, then quarters, and so on. */
export const shrink = async (outcome: SeedOutcome, proved: Proved, options: SeedOptions): Promise<SeedOutcome> => {
  const [violation] = outcome.violations;
  let best = outcome;
  let runs = 0;
  const attempt = async (faults: readonly Fault[]): Promise<boolean> => {
    if (runs++ >= mostRuns) return false;
    const next = await runSeed(outcome.seed, proved, { ...options, only: new Set(faults.map((it) => it.id)) });
    if (!next.violations.some((it) => it.invariant === violation?.invariant)) return false;
    if (next.faults.length <= best.faults.length) best = next;
    return true;
  };
  // What is left out may change what comes by later, so the list is taken anew each time.
  let size = Math.ceil(best.faults.length / 2);
  if (!(await attempt([]))) {
    while (size >= 1 && runs < mostRuns) {
      let isLess = false;
      for (let from = 0; from < best.faults.length && runs < mostRuns; ) {
        const rest = best.faults.filter((_, at) => at < from || at >= from + size);
        if (await attempt(rest)) isLess = true;
        else from += size;
      }
      if (size === 1 && !isLess) break;
      size = size === 1 ? 1 : Math.ceil(size / 2);
    }
  }
  const first = best.violations.filter((it) => it.invariant === violation?.invariant);
  return { ...best, violations: first.length > 0 ? first : best.violations };
};
