import type { LiveConfig } from './config.ts';
import type { Instant } from './instant.ts';
import { nurtureStages, type Stage } from './lead.ts';
import { lifecycleOf } from './lifecycle.ts';
import type { History } from './ports.ts';
import { qualifies } from './qualification.ts';
import { disqualifiedBy, engagementAt, type FitLine, fitOf, gradeOf, type ScoredLine } from './scoring.ts';

/** What the rules say of a lead at a moment. */
export type Standing = {
  readonly fit: number;
  readonly engagement: number;
  readonly grade?: string;
  readonly stage: Stage;
  readonly qualifies: boolean;
  readonly disqualifiedBy: readonly string[];
};

/** How a lead would fare under other rules. `crosses`: it would qualify where it did not, or no longer. */
export type LeadDiff = {
  readonly leadId: string;
  readonly before: Standing;
  readonly after: Standing;
  readonly crosses?: 'would-qualify' | 'would-no-longer-qualify';
  /** Rules whose points differ most, first the strongest; in words. */
  readonly because: readonly string[];
};

type Rules = Pick<LiveConfig, 'scoring' | 'brand'>;

/** undefined: nothing changes for this lead, or it is with sales already, or gone. Pure. */
export const diffOf = (history: History, before: Rules, after: Rules, now: Instant): LeadDiff | undefined => {
  if (!history.lead || !nurtureStages.includes(history.lead.stage)) return undefined;
  const [one, other] = [before, after].map((rules) => standingOf(history, rules, now));
  if (!one || !other || isSame(one.standing, other.standing)) return undefined;
  const crosses =
    one.standing.qualifies === other.standing.qualifies
      ? undefined
      : other.standing.qualifies
        ? ('would-qualify' as const)
        : ('would-no-longer-qualify' as const);
  return {
    leadId: history.lead.leadId,
    before: one.standing,
    after: other.standing,
    ...(crosses && { crosses }),
    because: differences(one.points, other.points),
  };
};

const isSame = (one: Standing, other: Standing): boolean => JSON.stringify(one) === JSON.stringify(other);

const standingOf = (history: History, { scoring, brand }: Rules, now: Instant) => {
  const { lead } = history;
  if (!lead) return undefined;
  const fit = fitOf(lead, scoring);
  const engagement = engagementAt(history, scoring, brand.timeZone, now);
  const grade = gradeOf(scoring, fit.points, engagement.points);
  const facts = { lead, seen: {}, fit: fit.points, engagement: engagement.points, grade, now, lists: scoring.lists };
  const standing: Standing = {
    fit: fit.points,
    engagement: Math.round(engagement.points * 10) / 10,
    ...(grade !== undefined && { grade }),
    stage: lifecycleOf({ lead, ledger: history, moves: history.moves, live: { scoring, brand }, now }).stage,
    qualifies: qualifies(scoring, facts),
    disqualifiedBy: disqualifiedBy(lead, scoring).map((it) => it.because),
  };
  return { standing, points: pointsByReason(fit.lines, engagement.lines) };
};

/** Rules move up and down in the file, so they are told apart by their words. */
const pointsByReason = (fit: readonly FitLine[], engagement: readonly ScoredLine[]): ReadonlyMap<string, number> => {
  const points = new Map<string, number>();
  for (const { because, points: earned } of fit) points.set(because, (points.get(because) ?? 0) + earned);
  for (const { because, now } of engagement) points.set(because, (points.get(because) ?? 0) + now);
  return points;
};

const mostReasons = 3;

const differences = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): readonly string[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .map((because) => ({ because, by: (after.get(because) ?? 0) - (before.get(because) ?? 0) }))
    .filter(({ by }) => Math.abs(by) >= 0.5)
    .sort((one, other) => Math.abs(other.by) - Math.abs(one.by) || (one.because < other.because ? -1 : 1))
    .slice(0, mostReasons)
    .map(({ because, by }) => `${because} ${by > 0 ? '+' : '−'}${Math.round(Math.abs(by) * 10) / 10}`);

export type DiffSummary = {
  readonly leads: number;
  readonly changed: number;
  readonly wouldQualify: number;
  readonly wouldNoLongerQualify: number;
  /** Moves between stages, as `lead -> engaged`, with how many. */
  readonly stages: { readonly [move: string]: number };
};

export const createSummary = () => {
  const counts = { leads: 0, changed: 0, wouldQualify: 0, wouldNoLongerQualify: 0 };
  const stages = new Map<string, number>();
  return {
    add: (diff: LeadDiff | undefined): void => {
      counts.leads++;
      if (!diff) return;
      counts.changed++;
      if (diff.crosses === 'would-qualify') counts.wouldQualify++;
      if (diff.crosses === 'would-no-longer-qualify') counts.wouldNoLongerQualify++;
      if (diff.before.stage === diff.after.stage) return;
      const move = `${diff.before.stage} -> ${diff.after.stage}`;
      stages.set(move, (stages.get(move) ?? 0) + 1);
    },
    of: (): DiffSummary => ({ ...counts, stages: Object.fromEntries([...stages].sort(([, one], [, other]) => other - one)) }),
  };
};

/** Those who cross first, then by how much their engagement changes. */
export const byImportance = (one: LeadDiff, other: LeadDiff): number =>
  Number(other.crosses !== undefined) - Number(one.crosses !== undefined) ||
  Math.abs(other.after.engagement - other.before.engagement) - Math.abs(one.after.engagement - one.before.engagement) ||
  (one.leadId < other.leadId ? -1 : 1);
