import type { LiveConfig } from '#core/config';
import { describe } from '#core/explain-condition';

/** What both teams agreed that an MQL is, and what sales answers, as scoring.yaml and sales.yaml say it. */
export const agreementOf = ({ scoring, sales }: Pick<LiveConfig, 'scoring' | 'sales'>): readonly string[] => {
  const { qualified, disqualify } = scoring;
  const { reject, recycle } = sales.answers;
  const never = disqualify.map((it) => it.because);
  return [
    ...(sales.mql === undefined ? [] : [`An MQL is, in our words: ${sales.mql}`]),
    `A lead is ready for sales (an MQL) when ${describe(qualified.if)}${qualified.holdSeconds > 0 ? `, and that has held for ${duration(qualified.holdSeconds)}` : ''}.`,
    ...(never.length > 0 ? [`Never, whatever it does, if it ${never.join(', or ')}.`] : []),
    `Fit is who they are: ${pointsOf(scoring.fit)}.`,
    `Engagement is what they do, and halves every ${duration(scoring.engagement.halfLifeSeconds)}: ${pointsOf(scoring.engagement.rules)}.`,
    ...(sales.acceptWithinSeconds === undefined
      ? []
      : [`Sales answers within ${duration(sales.acceptWithinSeconds)} of the rep’s working time.`]),
    `Sales accepts it, rejects it (${reject.reasons.join(', ')}) or gives it back for later (${recycle.reasons.join(', ')}).`,
  ];
};

const pointsOf = (rules: readonly { readonly because: string; readonly points: number }[]): string =>
  rules.map(({ because, points }) => `${because} ${points > 0 ? '+' : ''}${points}`).join(', ') || 'nothing counts';

const duration = (seconds: number): string => {
  const [size, noun] = seconds % 86_400 === 0 ? [86_400, 'day'] : seconds % 3600 === 0 ? [3600, 'hour'] : [60, 'minute'];
  const many = Math.round(seconds / Number(size));
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
};
