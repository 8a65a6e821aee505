import { byIdentity } from './by-identity.ts';
import type { EngagementRule, FitRule, Scoring } from './config.ts';
import { evaluate } from './evaluate-condition.ts';
import { isPathMatch } from './event-keys.ts';
import type { EventRow } from './events.ts';
import { metBy } from './explain-condition.ts';
import { judge, type Verdict, verdictsOf } from './humans.ts';
import { type Instant, toEpoch } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Ledger } from './ledger.ts';
import { inOrder, isByName, type Row, rowOf } from './sweeps.ts';
import { localDay } from './time-zone.ts';
import { withMore } from './with-more.ts';

/** Why an event that a rule speaks of earned nothing. */
export type LeftOut = 'machine' | 'used-once' | 'often-enough-today' | 'day-full' | 'rule-full' | 'given-back';

/**
 * One line of a score: what the event was worth when it happened, and what is left of it. `left`: why it was worth nothing.
 * `machine`: how sure it is, 0 to 1, that no person did it.
 */
export type ScoredLine = {
  readonly eventId: string;
  readonly rule: string;
  readonly because: string;
  readonly at: Instant;
  readonly points: number;
  readonly now: number;
  readonly by: Verdict['by'];
  readonly machine?: number;
  readonly left?: LeftOut;
};
export type Score = { readonly points: number; readonly lines: readonly ScoredLine[] };
/** `met`: what about the lead earned it, e.g. `120 employees`. */
export type FitLine = { readonly rule: string; readonly because: string; readonly points: number; readonly met: readonly string[] };

/** Which engagement rules an event hits. */
export const hitsOf = (event: EventRow, { engagement }: Pick<Scoring, 'engagement'>): readonly EngagementRule[] => {
  let found: EngagementRule[] | undefined;
  for (const it of engagement.rules) {
    if (it.on !== event.name || (it.path !== undefined && (event.path === undefined || !isPathMatch(event.path, it.path)))) continue;
    found ??= [];
    found.push(it);
  }
  return found ?? noRules;
};
const noRules: readonly EngagementRule[] = [];

export const fitOf = (lead: Lead, scoring: Scoring): { readonly points: number; readonly lines: readonly FitLine[] } => {
  const known = fits.of(lead);
  if (known?.scoring === scoring) return known.fit;
  const facts = factsOfLead(lead, scoring);
  const lines = scoring.fit
    .filter((it) => evaluate(it.if, facts))
    .map((it) => ({ rule: it.id, because: it.because, points: it.points, met: metBy(it.if, facts) }));
  const fit = { points: lines.reduce((sum, it) => sum + it.points, 0), lines };
  fits.keep(lead, { scoring, fit });
  return fit;
};
/** Who a lead is changes seldom, and is asked at every event. */
const fits = byIdentity<Lead, { readonly scoring: Scoring; readonly fit: ReturnType<typeof fitOf> }>();

/** What keeps a lead from sales whatever its points are. */
export const disqualifiedBy = (lead: Lead, scoring: Scoring): readonly FitRule[] =>
  scoring.disqualify.filter((it) => evaluate(it.if, factsOfLead(lead, scoring)));

const factsOfLead = (lead: Lead, { lists }: Scoring) => ({ lead, seen: {}, fit: 0, engagement: 0, now: '', lists });

/** `B2`: fit as a letter, engagement as a number. undefined: scoring.yaml has no grades. */
export const gradeOf = ({ grades }: Pick<Scoring, 'grades'>, fit: number, engagement: number): string | undefined => {
  if (!grades) return undefined;
  const place = (points: number, from: readonly number[]) => {
    const found = from.findIndex((least) => points >= least);
    return found < 0 ? from.length : found;
  };
  return `${'ABCD'[place(fit, grades.fit)]}${place(Math.round(engagement), grades.engagement) + 1}`;
};

/**
 * Engagement at a moment: a pure function of the ledger and the rules. Events are taken in order of (time, id), each once;
 * what machines did earns nothing; `once`, hits a day, points a day (days in the brand's zone) and points a rule cap the rest;
 * what is left halves with every half-life. The order of arrival cannot matter. Events of the future do not count.
 */
export const engagementAt = (ledger: Ledger, scoring: Scoring, zone: string, at: Instant): Score => {
  const until = toEpoch(at);
  const tally = tallyAt(ledger, scoring, zone, at);
  return { points: tally.pointsAt(until), lines: tally.linesAt(until) };
};

/** The same without its lines. */
export const engagementPointsAt = (ledger: Ledger, scoring: Scoring, zone: string, at: Instant): number =>
  tallyAt(ledger, scoring, zone, at).pointsAt(toEpoch(at));

export type EngagementTally = {
  take(event: JudgedEvent): void;
  cut(epoch: number, keeps: number): void;
  fork(): EngagementTally;
  pointsAt(until: number): number;
  /** Until when its points, which only fade, come to none of these levels. */
  keepsUntil(levels: readonly number[], from: number): number;
  linesAt(until: number): readonly ScoredLine[];
};

/** Nobody takes anything into a tally that has come to its end: until something else happens, it says what is left at any moment. */
type Tallied = { readonly scoring: Scoring; readonly zone: string; readonly tally: EngagementTally; readonly upTo: number };
const tallies = byIdentity<Ledger, Tallied>();

/** `upTo`: the last event or cut that is in it, which is the last of the ledger. */
export const keepTally = (ledger: Ledger, tallied: Tallied): void => tallies.keep(ledger, tallied);

const tallyAt = (ledger: Ledger, scoring: Scoring, zone: string, at: Instant): EngagementTally => {
  const until = toEpoch(at);
  const known = tallies.of(ledger);
  if (known && known.scoring === scoring && known.zone === zone && known.upTo <= until) return known.tally;
  const tally = createTally(scoring, zone);
  const all = cutsOf(ledger);
  const cuts = all.filter((it) => it.epoch <= until);
  let next = 0;
  const cutUpTo = (epoch: number) => {
    for (let cut = cuts[next]; cut && cut.epoch <= epoch; cut = cuts[++next]) tally.cut(cut.epoch, cut.keeps);
  };
  for (const event of judgedInOrder(ledger, scoring)) {
    if (event.epoch > until) break;
    cutUpTo(event.epoch);
    tally.take(event);
  }
  cutUpTo(until);
  const upTo = Math.max(judgedInOrder(ledger, scoring).at(-1)?.epoch ?? Number.NEGATIVE_INFINITY, all.at(-1)?.epoch ?? 0);
  if (upTo <= until) keepTally(ledger, { scoring, zone, tally, upTo });
  return tally;
};

/** By time: when sales gave the lead back, and what is left of what it had. */
const cutsOf = ({ moves = [] }: Ledger): readonly { readonly epoch: number; readonly keeps: number }[] =>
  moves.length === 0
    ? noCuts
    : moves
        .flatMap(({ at, answer }) => (answer?.keeps === undefined ? [] : [{ epoch: toEpoch(at), keeps: answer.keeps }]))
        .sort((one, other) => one.epoch - other.epoch || one.keeps - other.keeps);

const noCuts: readonly { readonly epoch: number; readonly keeps: number }[] = [];

export type JudgedEvent = EventRow & { readonly epoch: number; readonly verdict: Verdict };

/** By time, then id; each event once. */
export const judgedInOrder = ({ events, sends }: Ledger, { humans }: Pick<Scoring, 'humans'>): readonly JudgedEvent[] => {
  const known = judgements.of(events);
  if (known && known.sends === sends && known.humans === humans) return known.judged;
  const judged = judgeInOrder(events, sends, humans);
  judgements.keep(events, { sends, humans, judged });
  return judged;
};

/** Whether both earn the same and move a lead alike: one that is in work and the same one done do. */
export const scoresAlike = (one: JudgedEvent, other: JudgedEvent): boolean =>
  one === other ||
  (one.verdict === other.verdict &&
    one.eventId === other.eventId &&
    one.at === other.at &&
    one.name === other.name &&
    one.path === other.path);

/** One event asks for this several times, of the same lists. */
type Judgement = Pick<Ledger, 'sends'> & Pick<Scoring, 'humans'> & { readonly judged: readonly JudgedEvent[] };
const judgements = byIdentity<Ledger['events'], Judgement>();

const judgeInOrder = (events: Ledger['events'], sends: Ledger['sends'], humans: Scoring['humans']): readonly JudgedEvent[] => {
  if (!isByName(events)) return judgeWhole(events, sends, humans);
  const rows = inOrder(events);
  const verdicts = verdictsOf(rows, sends, humans);
  return rows.map((it, at) => judgedAs(it, verdicts[at] ?? byPerson));
};

/** Of two under one id the last counts. */
const judgeWhole = (events: Ledger['events'], sends: Ledger['sends'], humans: Scoring['humans']): readonly JudgedEvent[] => {
  const verdicts = judge(events, sends, humans);
  const byId = new Map<string, JudgedEvent>();
  for (const it of events) byId.set(it.eventId, judgedAs(rowOf(it), verdicts.get(it.eventId) ?? byPerson));
  return [...byId.values()].sort(byTimeThenId);
};

const byTimeThenId = (one: JudgedEvent, other: JudgedEvent): number => one.epoch - other.epoch || (one.eventId < other.eventId ? -1 : 1);

/** Most events are judged again and again, and stay what they were. */
const judgedAs = ({ event, epoch, memo }: Row, verdict: Verdict): JudgedEvent => {
  const known = memo.judged as JudgedEvent | undefined;
  if (known?.verdict === verdict) return known;
  const judged = withMore(event, { epoch, verdict });
  memo.judged = judged;
  return judged;
};

const byPerson: Verdict = { by: 'human', machine: 0, because: [] };

type Earned = {
  readonly event: JudgedEvent;
  readonly rule: EngagementRule;
  readonly points: number;
  readonly left?: LeftOut;
  readonly kept?: number;
};

/** What a tally holds. Of days, uses and standings only what a rule asks for. */
type Held = {
  readonly earned: readonly Earned[];
  readonly used: readonly string[];
  readonly sum: Faded;
  readonly hitsByDay?: ReadonlyMap<string, number> | undefined;
  readonly pointsByDay?: ReadonlyMap<number, number> | undefined;
  readonly standing?: ReadonlyMap<string, Faded> | undefined;
};
type Faded = { readonly epoch: number; readonly points: number };
const nothingHeld: Held = { earned: [], used: [], sum: { epoch: 0, points: 0 } };

/** Takes events in order, and says at any moment from the last of them on what they are worth. */
export const createTally = (scoring: Scoring, zone: string, from: Held = nothingHeld): EngagementTally => {
  const { halfLifeSeconds, atMostPerDay = Number.POSITIVE_INFINITY } = scoring.engagement;
  const left = (epoch: number, until: number) => 0.5 ** ((until - epoch) / 1000 / halfLifeSeconds);
  let earned = [...from.earned];
  let used = [...from.used];
  let { sum } = from;
  let hitsByDay = from.hitsByDay && new Map(from.hitsByDay);
  let pointsByDay = from.pointsByDay && new Map(from.pointsByDay);
  let standing = from.standing && new Map(from.standing);
  const faded = (it: Faded | undefined, epoch: number) => (it ? it.points * left(it.epoch, epoch) : 0);

  const worth = (rule: EngagementRule, { epoch, verdict }: JudgedEvent, day: number): number | LeftOut => {
    if (verdict.by === 'machine') return 'machine';
    if (rule.once && used.includes(rule.id)) return 'used-once';
    if (rule.atMostPerDay !== undefined && (hitsByDay?.get(`${day} ${rule.id}`) ?? 0) >= rule.atMostPerDay) return 'often-enough-today';
    if (rule.points <= 0) return rule.points;
    const today = Math.max(0, atMostPerDay - (pointsByDay?.get(day) ?? 0));
    if (today === 0) return 'day-full';
    const ofRule = Math.max(0, (rule.atMostPoints ?? Number.POSITIVE_INFINITY) - faded(standing?.get(rule.id), epoch));
    return ofRule === 0 ? 'rule-full' : Math.min(rule.points, today, ofRule);
  };

  const note = (rule: EngagementRule, points: number, epoch: number, day: number): void => {
    if (rule.once) used.push(rule.id);
    if (rule.atMostPerDay !== undefined) {
      hitsByDay ??= new Map();
      hitsByDay.set(`${day} ${rule.id}`, (hitsByDay.get(`${day} ${rule.id}`) ?? 0) + 1);
    }
    if (atMostPerDay !== Number.POSITIVE_INFINITY) {
      pointsByDay ??= new Map();
      pointsByDay.set(day, (pointsByDay.get(day) ?? 0) + Math.max(0, points));
    }
    if (rule.atMostPoints !== undefined) {
      standing ??= new Map();
      standing.set(rule.id, { epoch, points: faded(standing.get(rule.id), epoch) + points });
    }
  };

  return {
    take: (event: JudgedEvent): void => {
      const { epoch } = event;
      for (const rule of hitsOf(event, scoring)) {
        const day = localDay(epoch, zone);
        const points = worth(rule, event, day);
        if (typeof points === 'string') {
          earned.push({ event, rule, points: 0, left: points });
          continue;
        }
        earned.push({ event, rule, points });
        note(rule, points, epoch, day);
        sum = { epoch, points: faded(sum, epoch) + points };
      }
    },
    /** What was earned so far counts `keeps` of it from now on; of nothing, `once` begins anew too. Days stay as full as they are. */
    cut: (epoch: number, keeps: number): void => {
      if (keeps === 1) return;
      earned = earned.map((it) =>
        keeps === 0 ? { ...it, points: 0, left: it.left ?? 'given-back' } : { ...it, kept: (it.kept ?? 1) * keeps },
      );
      if (standing) for (const [rule, it] of standing) standing.set(rule, { epoch, points: faded(it, epoch) * keeps });
      sum = { epoch, points: faded(sum, epoch) * keeps };
      if (keeps === 0) used = [];
    },
    /** One that holds the same, and goes on by itself. */
    fork: (): EngagementTally => createTally(scoring, zone, { earned, used, sum, hitsByDay, pointsByDay, standing }),
    pointsAt: (until: number): number => rounded(faded(sum, until)),
    keepsUntil: (levels: readonly number[], from: number): number => {
      const points = faded(sum, from);
      let next = 0;
      for (const it of levels) {
        const height = it * Math.sign(points);
        if (height > next && height < Math.abs(points) + margin) next = height;
      }
      return next === 0 ? Number.POSITIVE_INFINITY : from + Math.log2(Math.abs(points) / (next + margin)) * halfLifeSeconds * 1000;
    },
    linesAt: (until: number): readonly ScoredLine[] =>
      earned.map((it) => lineOf(it, it.points * (it.kept ?? 1) * left(it.event.epoch, until))),
  };
};

const lineOf = ({ event: { eventId, at, verdict }, rule: { id: rule, because }, points, left }: Earned, now: number): ScoredLine => ({
  eventId,
  rule,
  because,
  at,
  by: verdict.by,
  ...(verdict.machine > 0 && { machine: verdict.machine }),
  points,
  ...(left !== undefined && { left }),
  now,
});

/** In points: more than rounding takes. */
const margin = 1e-5;
/** Sums of decayed points, equal on every machine to a millionth. */
const rounded = (points: number) => Math.round(points * 1e6) / 1e6;
