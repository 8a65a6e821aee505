import type { Usage } from '#core/cost';
import { ownSteps } from '#core/sequences/rounds';
import { lambdaPerCall } from '#local/meter';
import type { SequenceFigures, StepFigures } from '#local/report/figures';
import type { Version } from './plan.ts';
import { countOf, sumsBy, type Tally, under } from './tally.ts';

/** What a tally was billed. Of a report, this and the rest here are told by the tally alone. */
export const usageIn = (tally: Tally): Usage => {
  const unit = (name: string) => countOf(tally, 'usage', name);
  return {
    emails: unit('emails'),
    transitions: unit('transitions'),
    lambdaRequests: unit('lambdaRequests'),
    lambdaGbSeconds: rounded(unit('lambdaRequests') * lambdaPerCall),
    writeUnits: unit('writeUnits'),
    readUnits: unit('halfReadUnits') / 2,
    queueRequests: unit('queueRequests'),
    busEvents: unit('busEvents'),
    scheduled: unit('scheduled'),
    httpRequests: unit('httpRequests'),
    logBytes: unit('logBytes'),
  };
};

type Artifact = Version['compiled'][number]['artifact'];

export const sequenceOf = (tally: Tally, { sequence, version, stepIds, emails }: Artifact): SequenceFigures => {
  const figures = new Map<string, Record<string, number>>();
  for (const { at, count } of under(tally, 'step', sequence)) {
    const [step = '', figure = ''] = at;
    figures.set(step, { ...figures.get(step), [figure]: count });
  }
  const ways = under(tally, 'way', sequence).map(({ at: [from = '', to = '', label = ''], count }) => ({ from, to, label, count }));
  const leaving = (from: string) => ways.reduce((sum, it) => sum + (it.from === from ? it.count : 0), 0);
  return {
    sequence,
    version,
    enrolments: countOf(tally, 'enrolments', sequence),
    steps: ownSteps(stepIds).map((step): StepFigures => {
      const { entered = 0, waiting = 0, stopped = 0, sent = 0, opened = 0, clicked = 0, unsubscribed = 0 } = figures.get(step) ?? {};
      return { step, entered, waiting, stopped, ...(emails[step] && { sent, opened, clicked, unsubscribed }) };
    }),
    ways: ways.map((it) => ({ ...it, share: Math.round((it.count / leaving(it.from)) * 1000) / 1000 })),
    endings: sumsBy(tally, 'ending', sequence),
  };
};

export const medianOf = (histogram: readonly { readonly days: number; readonly leads: number }[], all: number): number => {
  let before = 0;
  for (const { days, leads } of histogram) {
    before += leads;
    if (before * 2 >= all) return days;
  }
  return 0;
};

export const rounded = (dollars: number): number => Math.round(dollars * 1e6) / 1e6;
