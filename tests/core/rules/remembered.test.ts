import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveConfig } from '#core/config';
import { changesBetween } from '#core/counters';
import { changesAround, countsOf } from '#core/counts-of';
import type { EventRow } from '#core/events';
import { defaultHumanRules, judge, judgeTogether } from '#core/humans';
import { addSeconds, toEpoch, toInstant } from '#core/instant';
import { lifecycleOf } from '#core/lifecycle';
import { quietUntil } from '#core/quiet-lead';
import { addTo, cellsIn } from '#core/recount';
import { factsOf } from '#core/report/facts-of';
import { weekCells } from '#core/report/week-cells';
import { isOverdue } from '#core/retention';
import { engagementPointsAt, judgedInOrder } from '#core/scoring';
import type { SendRecord } from '#core/sending';
import { aLead, anEnrolment, aSendRecord, aStageMove, now } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';

/**
 * What was found out about a lead is remembered by the rows that it was found out of, and a night that finds the same rows counts nothing
 * anew. Here a lead's rows come and change one by one, in any order, over years; at each moment all that is remembered must be what a
 * stranger finds who never saw the lead before.
 */
const runs = Number(process.env.BATON_REMEMBERED_RUNS ?? 40);
const humans = { ...defaultHumanRules, decoy: 'https://go.example.com/x' };
const rules: LiveConfig = {
  ...liveConfig,
  scoring: {
    ...liveConfig.scoring,
    humans,
    grades: { fit: [50], engagement: [70, 20] },
    engagement: {
      ...liveConfig.scoring.engagement,
      atMostPerDay: 90,
      rules: [
        ...liveConfig.scoring.engagement.rules.map((it) => ({ ...it, atMostPoints: 70 })),
        { id: 'clicked', on: 'clicked', points: 10, once: false, atMostPerDay: 2, because: 'clicked' },
        { id: 'began', on: 'trial.started', points: 20, once: true, because: 'began' },
        { id: 'bounced', on: 'bounced', points: -30, once: false, because: 'bounced' },
      ],
    },
    stages: [
      { id: 'bought', on: 'subscription.started', from: ['lead', 'engaged', 'mql'], to: 'won', because: 'bought' },
      { id: 'keen', when: { kind: 'engagement', atLeast: 30 }, from: ['lead'], to: 'engaged', because: 'keen' },
      { id: 'faded', when: { kind: 'engagement', atMost: 5 }, from: ['engaged'], to: 'lead', because: 'faded' },
      { id: 'gone', when: { kind: 'engagement', atMost: -8 }, from: ['lead'], to: 'lost', because: 'gone' },
      { id: 'graded', when: { kind: 'grade', in: ['D1', 'D2'] }, from: ['mql'], to: 'sal', because: 'graded' },
    ],
  },
};

const day = 86_400;
const steps = ['welcome', 'proof'] as const;
/** Close together within a visit, or hours and days apart. */
const moments = fc
  .tuple(fc.constantFrom(0, 0, 1, 2, 9), fc.constantFrom(0, 2, 30), fc.integer({ min: 0, max: 1500 }))
  .map(([days, hours, seconds]) => days * day + hours * 3600 + seconds);
const happenings = fc.record({
  at: moments,
  name: fc.constantFrom('clicked', 'clicked', 'opened', 'visited', 'trial.started', 'subscription.started', 'bounced', 'replied'),
  step: fc.constantFrom(...steps),
  link: fc.constantFrom('https://a.example/1', 'https://a.example/2', 'https://a.example/3', 'https://go.example.com/x'),
  agent: fc.constantFrom('browser', 'browser', 'scanner', 'bare', 'image-proxy', 'mail-program'),
});
type Happening = typeof happenings extends fc.Arbitrary<infer It> ? It : never;
/** In the order of their names, as the table gives them; a list of many has names in another order. */
const rowOf = ({ at, name, step, link, agent }: Happening, place: number): EventRow => ({
  eventId: `event-${place < 20 ? String(place).padStart(2, '0') : place % 10}`,
  leadId: 'lead-a',
  at: addSeconds(now, at),
  name,
  done: false,
  ...(name === 'visited' && { path: '/pricing', agent }),
  ...((name === 'opened' || name === 'clicked' || name === 'bounced') && {
    sequence: 'nurture',
    enrolmentId: 'enrolment-a',
    step,
    round: 1,
  }),
  ...(name === 'opened' && { agent }),
  ...(name === 'clicked' && { agent, link }),
});

type Rows = { readonly events: readonly EventRow[]; readonly sends: readonly SendRecord[]; readonly isMoved: boolean };
const lead = aLead();
const enrolments = [anEnrolment()];
const moves = [
  aStageMove({ by: 'api', to: 'mql', at: addSeconds(now, 3 * day) }),
  aStageMove({
    id: 'task-a:recycle',
    by: 'sales',
    to: 'lead',
    at: addSeconds(now, 5 * day),
    answer: { answer: 'recycle', taskId: 'task-a', rep: 'jonas', keeps: 0.5 },
  }),
];
/** As the store gives it: new lists, and the very same rows but for those that were written. */
const historyOf = ({ events, sends, isMoved }: Rows) => ({
  lead,
  enrolments,
  decisions: [],
  consents: [],
  events: [...events],
  sends: [...sends],
  moves: isMoved ? moves : [],
});
type Known = ReturnType<typeof historyOf>;

/** Sales is parted anew every day of a simulation. */
const foundIn = (history: Known, at: string) => {
  const live = { ...rules };
  const facts = factsOf({ history, tasks: [], live, now: at });
  const sums: Record<string, number> = {};
  const counted = countsOf({ history, live, now: at });
  addTo(sums, cellsIn(counted), '2026-01-01');
  return {
    counted,
    sums,
    facts,
    weeks: facts && weekCells(facts, at),
    judged: judgedInOrder(history, live.scoring),
    lifecycle: lifecycleOf({ lead: history.lead, ledger: history, moves: history.moves, live, now: at }),
    engagement: engagementPointsAt(history, rules.scoring, rules.brand.timeZone, at),
  };
};

/** What was found first might help what is found next: a stranger finds out each by itself. */
const strangersFind = (history: Known, at: string): ReturnType<typeof foundIn> => ({
  ...foundIn(structuredClone(history), at),
  engagement: engagementPointsAt(structuredClone(history), rules.scoring, rules.brand.timeZone, at),
});

type Change =
  | { readonly is: 'news'; readonly event: Happening }
  | { readonly is: 'worked on'; readonly place: number }
  | { readonly is: 'delivered'; readonly place: number; readonly at: number }
  | { readonly is: 'moved' }
  | { readonly is: 'later'; readonly days: number };
const changes: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: fc.constant('news' as const), event: happenings }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('worked on' as const), place: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('delivered' as const), place: fc.nat(1), at: moments }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('moved' as const) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('later' as const), days: fc.constantFrom(0.01, 1, 7, 200, 400) }) },
);

const withDone = (rows: readonly EventRow[], place: number, done: boolean): readonly EventRow[] =>
  rows.map((row, at) => (at === place && row.done !== done ? { ...row, done } : row));
const placeIn = (rows: Rows, { place }: { readonly place: number }): number => place % Math.max(1, rows.events.length);

const changed = (rows: Rows, change: Change): Rows => {
  switch (change.is) {
    case 'news':
      return { ...rows, events: [...rows.events, rowOf(change.event, rows.events.length)] };
    case 'worked on':
      return { ...rows, events: withDone(rows.events, placeIn(rows, change), true) };
    case 'delivered': {
      const deliveredAt = addSeconds(now, change.at);
      return { ...rows, sends: rows.sends.map((send, at) => (at === change.place ? { ...send, deliveredAt } : send)) };
    }
    case 'moved':
      return { ...rows, isMoved: true };
    case 'later':
      return rows;
  }
};

/** What an event changes is told from one judgement: it must be what two of them say, of the lead without it and with it. */
const expectCountedAround = (rows: Rows, place: number, at: string): void => {
  const history = historyOf(rows);
  const counted = (done: boolean) =>
    countsOf({ history: structuredClone({ ...history, events: withDone(rows.events, place, done) }), live: rules, now: at });
  const changes = changesAround(rows.events[place]?.eventId ?? '', { history, live: rules, now: at });
  expect(changes).toEqual(changesBetween(counted(false), counted(true)));
};

const kept = { ...rules, brand: { ...rules.brand, retention: { inactiveSeconds: 90 * day } } };
/** What a night takes of a lead. */
const nightOf = (history: Known, at: string) => {
  const given = { history, live: kept, now: at };
  const facts = factsOf({ ...given, tasks: [] });
  return {
    facts,
    cells: cellsIn(countsOf(given)),
    weeks: facts && weekCells(facts, at),
    stage: lifecycleOf({ lead: history.lead, ledger: history, moves: history.moves, live: kept, now: at }).stage,
    isOverdue: isOverdue(history.lead, history, kept.brand.retention, at),
  };
};
const quietLeads = fc.record({
  all: fc.array(happenings, { maxLength: 8 }),
  days: fc.constantFrom(0.1, 3, 12, 60),
  isMoved: fc.boolean(),
  run: fc.constantFrom({}, { endedAt: addSeconds(now, 2 * day), endedAs: 'goal' as const }),
  parts: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 3, maxLength: 3 }),
});
type QuietLead = typeof quietLeads extends fc.Arbitrary<infer It> ? It : never;

const expectSameUntil = ({ all, days, isMoved, run, parts }: QuietLead): void => {
  const events = all.map((it, place) => ({ ...rowOf(it, place), done: true }));
  const history: Known = {
    ...historyOf({ events, sends: [], isMoved: false }),
    enrolments: [anEnrolment(run)],
    moves: isMoved ? [aStageMove({ by: 'api', to: 'mql', at: addSeconds(now, day) })] : [],
  };
  const from = toEpoch(now) + days * day * 1000;
  const { facts, ...found } = nightOf(history, toInstant(from));
  if (!facts) throw new Error('the lead is there');
  const until = Math.min(quietUntil({ history, live: kept, now: toInstant(from) }, history.lead, facts), from + 1200 * day * 1000);
  if (until <= from) return;
  const last = Math.ceil(until) - 1;
  for (const then of [...parts.map((part) => Math.floor(from + (last - from) * part)), last]) {
    const { facts: _facts, ...night } = nightOf(structuredClone(history), toInstant(then));
    expect(night).toEqual(found);
  }
};
const visit: EventRow = { eventId: 'visit', leadId: 'lead-a', at: now, name: 'visited', path: '/pricing', agent: 'browser', done: true };

describe('what is remembered of a lead', () => {
  it('is what a stranger finds, whatever comes in whatever order, and however much later somebody looks', () => {
    fc.assert(
      fc.property(fc.array(changes, { minLength: 4, maxLength: 24 }), fc.constantFrom(1, 4, 40), (all, days) => {
        let rows: Rows = { events: [], sends: steps.map((step) => aSendRecord({ step, state: 'SENT', sentAt: now })), isMoved: false };
        let at = addSeconds(now, days * day);
        for (const it of all) {
          if (it.is === 'worked on' && rows.events.length > 0) expectCountedAround(rows, placeIn(rows, it), at);
          rows = changed(rows, it);
          if (it.is === 'later') at = addSeconds(at, it.days * day);
          const history = historyOf(rows);
          // Now, and the same history again a night and a year later.
          for (const then of [0, day, 500 * day].map((seconds) => addSeconds(at, seconds)))
            expect(foundIn(history, then)).toEqual(strangersFind(history, then));
        }
      }),
      { numRuns: runs },
    );
  });

  it('of a quiet lead is true until the moment that is told', () => {
    fc.assert(fc.property(quietLeads, expectSameUntil), { numRuns: runs * 4 });
  });

  it('of a quiet lead is told for as long as nothing fades over a mark', () => {
    // 40 points, halved in 21 days: 5.5 are left after 60.
    const history: Known = historyOf({ events: [visit], sends: [], isMoved: false });
    const [facts] = [factsOf({ history, tasks: [], live: rules, now: visit.at })];
    if (!facts) throw new Error('the lead is there');
    const untilSeenAt = (days: number) => {
      const at = addSeconds(visit.at, days * day);
      weekCells(facts, at);
      return (quietUntil({ history, live: rules, now: at }, lead, facts) - toEpoch(visit.at)) / (day * 1000);
    };
    const daysUpTo = (points: number) => 21 * Math.log2(40 / points);
    expect(untilSeenAt(0)).toBeCloseTo(daysUpTo(29.5), 2);
    expect(untilSeenAt(30)).toBeCloseTo(daysUpTo(5.5), 2);
    // After the last mark, weeks drop out of what is looked back on.
    expect(untilSeenAt(100)).toBeGreaterThan(530);
    expect(quietUntil({ history: { ...history, moves }, live: rules, now: addSeconds(now, 40 * day) }, lead, facts)).toBe(-Infinity);
  });

  it('does not depend on what lies further apart than any sign reaches', () => {
    fc.assert(
      fc.property(fc.array(happenings, { maxLength: 30 }), fc.constantFrom(10, 4000), (all, withinSeconds) => {
        const signs = { ...humans, linksAtOnce: { atLeast: 2, withinSeconds }, burst: { atLeast: 3, withinSeconds: 60 } };
        const rows = all.map(rowOf);
        const mails = steps.map((step) => aSendRecord({ step, state: 'SENT', sentAt: now, deliveredAt: addSeconds(now, 3) }));
        expect(judge(rows, mails, signs)).toEqual(judgeTogether(structuredClone(rows), mails, signs));
      }),
      { numRuns: runs * 10 },
    );
  });
});
