import { judgeExperiment } from '#core/experiments/judge';
import type { ArmCount, ExperimentState } from '#core/experiments/rows';
import { addSeconds } from '#core/instant';
import { chanceFrom } from './chance.ts';

const begin = '2026-01-01T00:00:00.000Z';
export type Simulated = {
  /** Of each arm, on a day: a number, or what it is on that day. */
  readonly rates: readonly (number | ((day: number) => number))[];
  readonly shares?: readonly number[];
  readonly leadsPerDay: number;
  readonly days: number;
  readonly runs: number;
  readonly leadsPerArm: number;
  readonly confidence?: number;
  readonly seed?: number;
};

/** The rule as it runs: leads come, each by chance into an arm, and every day somebody looks. Winners by arm, and leads until then. */
export const simulated = (given: Simulated) => {
  const { rates, leadsPerDay, days, runs, leadsPerArm, confidence = 95, seed = 1 } = given;
  const shares = given.shares ?? rates.map(() => 100 / rates.length);
  const arms = rates.map((_, at) => ({ name: `arm-${at}`, share: shares[at] ?? 0, holdout: false }));
  const rule = { by: 'goal', leadsPerArm, notBeforeSeconds: 0, withinSeconds: 86_400, confidence, mode: 'automatic' } as const;
  const chance = chanceFrom(seed);
  const wins = rates.map(() => 0);
  const leadsUntil: number[] = [];
  for (let run = 0; run < runs; run++) {
    const counts = rates.map(() => ({ leads: 0, conversions: 0, open: 0 }));
    const trial: { readonly [arm: string]: ArmCount } = Object.fromEntries(arms.map(({ name }, at) => [name, counts[at] as ArmCount]));
    const state: ExperimentState = {
      sequence: 's',
      split: 'p',
      design: 'd',
      rule,
      arms,
      verdict: { since: begin },
      figures: { asOf: begin, trial, after: {} },
    };
    for (let day = 1; day <= days; day++) {
      for (let lead = 0; lead < leadsPerDay; lead++) {
        let at = 0;
        for (let left = chance() * 100 - (shares[0] ?? 0); left >= 0 && at < arms.length - 1; left -= shares[at] ?? 0) at += 1;
        const rate = rates[at] ?? 0;
        const count = counts[at] as (typeof counts)[number];
        count.leads += 1;
        if (chance() < (typeof rate === 'number' ? rate : rate(day))) count.conversions += 1;
      }
      const judgement = judgeExperiment(state, addSeconds(begin, day * 86_400));
      if (judgement.state !== 'won') continue;
      const arm = arms.findIndex((it) => it.name === judgement.arm);
      wins[arm] = (wins[arm] ?? 0) + 1;
      leadsUntil.push(counts.reduce((sum, it) => sum + it.leads, 0));
      break;
    }
  }
  leadsUntil.sort((one, other) => one - other);
  return { wins: wins.map((it) => it / runs), median: leadsUntil[Math.floor(leadsUntil.length / 2)] ?? Number.NaN };
};
