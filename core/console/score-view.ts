import { leavesOf } from '#core/condition';
import type { LiveConfig, Scoring } from '#core/config';
import type { ScoreStory } from '#core/explain/score';
import { verdictInWords, whyNothing } from '#core/explain/text';
import { addSeconds, type Instant, toEpoch, toInstant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { Ledger } from '#core/ledger';
import { engagementAt } from '#core/scoring';
import type { ScoreView } from './views.ts';

type Given = {
  readonly lead: Lead;
  readonly history: Ledger;
  readonly story: ScoreStory;
  readonly live: Pick<LiveConfig, 'scoring' | 'brand'>;
  readonly now: Instant;
};

/** The score as a curve, with what made it and what it is measured by. Pure. */
export const scoreView = ({ lead, history, story, live, now }: Given): ScoreView => ({
  fit: story.fit,
  engagement: story.engagement,
  ...(story.grade !== undefined && { grade: story.grade }),
  qualifies: story.qualifies,
  words: verdictInWords(story),
  curve: momentsOf(lead.createdAt, now).map((at) => ({
    at,
    engagement: Math.round(engagementAt(history, live.scoring, live.brand.timeZone, at).points * 10) / 10,
  })),
  thresholds: thresholdsOf(live.scoring),
  lines: [
    ...story.lines.map((it) => ({ because: it.because, points: it.points, now: it.now, at: it.at, why: whyNothing(it) })).toReversed(),
    ...story.fitLines.map(({ because, points, met }) => ({ because, points, now: points, why: met.join(', ') })),
  ],
});

const mostPoints = 120;
const day = 86_400;

/** The end of each UTC day, as far back as fits into the curve; for a young lead by the hour. The last one is now. */
const momentsOf = (createdAt: Instant, now: Instant): readonly Instant[] => {
  const age = Math.max(0, toEpoch(now) - toEpoch(createdAt)) / 1000;
  const step = age < 5 * day ? 3600 : day;
  const count = Math.min(mostPoints, Math.ceil(age / step) + 1);
  const last = Math.floor(toEpoch(now) / 1000 / step) * step * 1000;
  const ends = Array.from({ length: count }, (_, at) => toInstant(last - (count - 1 - at) * step * 1000));
  return [...ends.filter((it) => it >= addSeconds(createdAt, -step) && it < now), now];
};

/** What the rule asks of engagement; and where grades begin. */
const thresholdsOf = ({ qualified, grades }: Scoring): ScoreView['thresholds'] => {
  const asked = leavesOf(qualified.if).flatMap((it) => (it.kind === 'engagement' && it.atLeast !== undefined ? [it.atLeast] : []));
  const steps = (grades?.engagement ?? []).map((at, index) => ({ at, what: `grade ${index + 1}` }));
  const all = [...[...new Set(asked)].map((at) => ({ at, what: 'enough for sales, if the rest holds' })), ...steps];
  // Two at one height are one line.
  return [...new Set(all.map((it) => it.at))].map((at) => ({ at, what: all.flatMap((it) => (it.at === at ? [it.what] : [])).join('; ') }));
};
