import { type RunCounts, underWay } from '#core/changes/plan';
import type { Enrolment } from '#core/enrolment';
import { stepInWords } from '#core/sequences/rounds';

/** Who is where, from one walk over the runs that have not ended; whoever was stopped is on the way out and is not counted. */
export const countRuns = async (runs: AsyncIterable<Enrolment>): Promise<RunCounts> => {
  const counts: Record<string, Record<string, Record<string, number>>> = {};
  for await (const { sequence, version, step, endedAt, stop } of runs) {
    if (endedAt !== undefined || stop) continue;
    const at = step === undefined ? underWay : stepInWords(step);
    const ofSequence = counts[sequence] ?? {};
    const ofVersion = ofSequence[version] ?? {};
    counts[sequence] = { ...ofSequence, [version]: { ...ofVersion, [at]: (ofVersion[at] ?? 0) + 1 } };
  }
  return counts;
};
