import type { EngagementRule, Scoring } from './config.ts';
import { evaluate } from './evaluate-condition.ts';
import { isPathMatch } from './event-keys.ts';
import type { EventRow, ScoreLine } from './events.ts';
import { metBy } from './explain-condition.ts';
import { type Instant, toEpoch } from './instant.ts';
import type { Lead } from './lead.ts';
import { localDay } from './time-zone.ts';

/** One line of a score: what it was worth when it happened, and what is left of it. */
export type ScoredLine = {
  readonly rule: string;
  readonly because: string;
  readonly at: Instant;
  readonly points: number;
  readonly now: number;
};
export type Score = { readonly points: number; readonly lines: readonly ScoredLine[] };
/** `met`: what about the lead earned it, e.g. `120 employees`. */
export type FitLine = { readonly rule: string; readonly because: string; readonly points: number; readonly met: readonly string[] };

/** Which engagement rules an event hits. */
export const hitsOf = (event: EventRow, scoring: Scoring): readonly string[] =>
  scoring.engagement.rules
    .filter((it) => it.on === event.name && (it.path === undefined || (event.path !== undefined && isPathMatch(event.path, it.path))))
    .map((it) => it.id);

export const fitOf = (lead: Lead, scoring: Scoring): { readonly points: number; readonly lines: readonly FitLine[] } => {
  const facts = { lead, seen: {}, fit: 0, engagement: 0, now: '' };
  const lines = scoring.fit
    .filter((it) => evaluate(it.if, facts))
    .map((it) => ({ rule: it.id, because: it.because, points: it.points, met: metBy(it.if, facts) }));
  return { points: lines.reduce((sum, it) => sum + it.points, 0), lines };
};

/**
 * Engagement at a moment: a pure function of the ledger's raw hits and the rules. Hits are taken in order of (event time,
 * id), each once; `once`, hits a day and points a day (days in the brand's zone) cap them; what is left halves with every
 * half-life. The order of arrival cannot matter. Hits of rules that are gone, and of the future, do not count.
 */
export const engagementAt = (hits: readonly ScoreLine[], scoring: Scoring, zone: string, at: Instant): Score => {
  const { rules, halfLifeSeconds, atMostPerDay } = scoring.engagement;
  const ruleOf = new Map(rules.map((it) => [it.id, it]));
  const tally = createTally(atMostPerDay ?? Number.POSITIVE_INFINITY);
  const lines: ScoredLine[] = [];
  const until = toEpoch(at);
  for (const hit of inOrder(hits)) {
    const rule = ruleOf.get(hit.rule);
    if (!rule || hit.epoch > until) continue;
    const points = tally.take(rule, localDay(hit.epoch, zone));
    if (points === 0) continue;
    const halvings = (until - hit.epoch) / 1000 / halfLifeSeconds;
    lines.push({ rule: rule.id, because: rule.because, at: hit.at, points, now: points * 0.5 ** halvings });
  }
  return { points: rounded(lines.reduce((sum, it) => sum + it.now, 0)), lines };
};

type TimedHit = ScoreLine & { readonly epoch: number };

/** By time, then ids. Of a hit that is there twice the earlier counts. */
const inOrder = (hits: readonly ScoreLine[]): readonly TimedHit[] => {
  const sorted = hits
    .map((it) => ({ ...it, epoch: toEpoch(it.at) }))
    .sort((one, other) => one.epoch - other.epoch || compare(one.eventId, other.eventId) || compare(one.rule, other.rule));
  const taken = new Set<string>();
  return sorted.filter((it) => {
    const key = `${it.eventId} ${it.rule}`;
    return !taken.has(key) && taken.add(key);
  });
};

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** What a hit earns on its day, given what was earned before. Penalties are not capped; a hit that earns nothing uses nothing up. */
const createTally = (atMostPerDay: number) => {
  const hitsByDay = new Map<string, number>();
  const pointsByDay = new Map<number, number>();
  const used = new Set<string>();
  return {
    take: (rule: EngagementRule, day: number): number => {
      const key = `${day} ${rule.id}`;
      const hits = hitsByDay.get(key) ?? 0;
      const earned = pointsByDay.get(day) ?? 0;
      const isUsedUp = (rule.once && used.has(rule.id)) || hits >= (rule.atMostPerDay ?? Number.POSITIVE_INFINITY);
      const points = isUsedUp ? 0 : Math.min(rule.points, Math.max(0, atMostPerDay - earned));
      if (points === 0) return 0;
      used.add(rule.id);
      hitsByDay.set(key, hits + 1);
      pointsByDay.set(day, earned + Math.max(0, points));
      return points;
    },
  };
};

/** Sums of decayed points, equal on every machine to a millionth. */
const rounded = (points: number) => Math.round(points * 1e6) / 1e6;
