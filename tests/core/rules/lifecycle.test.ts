import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scoring, StageRule } from '#core/config';
import type { EventRow } from '#core/events';
import { addSeconds } from '#core/instant';
import { lifecycleOf, type StageMove } from '#core/lifecycle';
import { aStageMove } from '#tests/helpers/builders';
import { aLead, anEvent, day, live, now, scoring } from './examples.ts';

const engagement = (range: object) => ({ kind: 'engagement' as const, ...range });
const rules: readonly StageRule[] = [
  { id: 'stage:0', from: ['lead', 'recycled'], to: 'engaged', because: 'is active', when: engagement({ atLeast: 12 }) },
  { id: 'stage:1', from: ['engaged'], to: 'lead', because: 'is quiet', when: engagement({ atMost: 3 }) },
  { id: 'stage:2', from: ['lead', 'engaged', 'mql', 'sal', 'sql'], to: 'won', because: 'pays', on: 'deal.won' },
];
const staged: Scoring = { ...scoring, stages: rules };
const visit = (eventId: string, at: string, more: Partial<EventRow> = {}) =>
  anEvent({ eventId, at, name: 'visited', path: '/pricing', ...more });
const later = (days: number) => addSeconds(now, days * day);

const where = (events: readonly EventRow[], at: string = now, moves: readonly StageMove[] = [], more: object = {}) =>
  lifecycleOf({
    lead: aLead({ stage: 'lead', ...more }),
    ledger: { events, sends: [] },
    moves,
    live: { ...live, scoring: staged },
    now: at,
  });

describe('the stage of a lead', () => {
  it('moves when a condition begins to hold, at the time of the event that made it', () => {
    expect(where([visit('a', later(-1))])).toEqual({
      stage: 'engaged',
      moves: [{ id: expect.stringContaining('a'), at: later(-1), from: 'lead', to: 'engaged', by: 'rule', because: 'is active' }],
    });
    expect(where([]).stage).toBe('lead');
  });

  it('moves back when that has faded, and forth again', () => {
    const events = [visit('a', later(-100)), visit('b', later(-1))];
    expect(where(events, later(-2)).moves.map((it) => it.to)).toEqual(['engaged', 'lead']);
    expect(where(events).stage).toBe('engaged');
    expect(where(events, later(60)).stage).toBe('lead');
  });

  it('moves on an event of a person, not of a machine', () => {
    expect(where([anEvent({ eventId: 'w', name: 'deal.won', at: later(-1) })]).stage).toBe('won');
    expect(where([anEvent({ eventId: 'w', name: 'clicked', at: later(-1), automated: true, step: 'welcome' })]).stage).toBe('lead');
  });

  it('is where sales or a sequence put it, from then on', () => {
    const toSales = aStageMove({ at: later(-1), from: 'engaged', to: 'mql' });
    const events = [visit('a', later(-2)), visit('b', now)];
    expect(where(events, now, [toSales])).toMatchObject({
      stage: 'mql',
      moves: [{ to: 'engaged' }, { to: 'mql', by: 'sales', from: 'engaged' }],
    });
    const back = aStageMove({ id: 'back', at: addSeconds(now, -60), from: 'mql', to: 'recycled' });
    expect(where(events, now, [toSales, back]).stage).toBe('engaged');
  });

  it('begins where the lead began, and is made anew without the record of what rules did', () => {
    expect(where([], now, [], { startedAs: 'subscriber' }).stage).toBe('subscriber');
    expect(where([], now, [aStageMove({ by: 'rule', to: 'won', at: later(-1) })]).stage).toBe('lead');
  });

  it('turns round once a moment at most, however much its rules contradict each other', () => {
    const always: Scoring = {
      ...scoring,
      stages: [
        { id: 'x', from: ['lead'], to: 'engaged', because: '', when: { kind: 'all', of: [] } },
        { id: 'y', from: ['engaged'], to: 'lead', because: '', when: { kind: 'all', of: [] } },
      ],
    };
    const parts = {
      lead: aLead(),
      ledger: { events: [visit('a', later(-1))], sends: [] },
      moves: [],
      live: { ...live, scoring: always },
      now,
    };
    expect(lifecycleOf(parts)).toMatchObject({ stage: 'lead', moves: { length: 4 } });
  });

  it('does not depend on the order in which anything arrived', () => {
    const anyEvent = fc.record({
      eventId: fc.stringMatching(/^[a-z]{2}$/),
      name: fc.constantFrom('visited', 'clicked', 'project.created', 'account.closed', 'deal.won', 'opened'),
      hours: fc.integer({ min: -2000, max: 10 }),
      automated: fc.boolean(),
    });
    const anyMove = fc.record({
      id: fc.stringMatching(/^[a-z]{2}$/),
      to: fc.constantFrom('mql', 'recycled', 'lead', 'lost'),
      hours: fc.integer({ min: -2000, max: 10 }),
      by: fc.constantFrom('sales', 'sequence', 'rule'),
    });
    const lists = fc.tuple(
      fc.uniqueArray(anyEvent, { maxLength: 25, selector: (it) => it.eventId }),
      fc.uniqueArray(anyMove, { maxLength: 4, selector: (it) => it.id }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    );
    fc.assert(
      fc.property(lists, ([drawn, drawnMoves, order]) => {
        const at = (hours: number) => addSeconds(now, hours * 3600);
        const events = drawn.map((it) =>
          anEvent({
            eventId: it.eventId,
            name: it.name,
            at: at(it.hours),
            path: '/pricing',
            step: 'welcome',
            ...(it.automated && { automated: true }),
          }),
        );
        const moves = drawnMoves.map((it) => aStageMove({ ...it, at: at(it.hours) } as Partial<StageMove>));
        const shuffled = <T>(list: readonly T[]) =>
          list
            .map((it) => ({ it, rank: order.next().value }))
            .sort((one, other) => one.rank - other.rank)
            .map(({ it }) => it);
        expect(where(shuffled([...events, ...events]), now, shuffled(moves))).toEqual(where(events, now, moves));
      }),
      { numRuns: 300 },
    );
  });
});
