import { describe, expect, it } from 'vitest';
import { armText, changesBetween, countedOf } from '#core/counters';
import { countsOf } from '#core/counts-of';
import type { EventRow } from '#core/events';
import { addSeconds } from '#core/instant';
import type { History } from '#core/ports';
import { statsRows } from '#core/stats';
import { aLead, anEnrolment, anEventRow, aSendRecord, aStageMove, now } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const hour = 3600;
const day = 24 * hour;
const welcome = aSendRecord({ state: 'SENT', sentAt: now, deliveredAt: addSeconds(now, 2), topic: 'tips' });
const aHistory = (more: Partial<History> = {}): History => ({
  lead: aLead(),
  events: [],
  sends: [welcome],
  enrolments: [anEnrolment({ arms: { proof: 'story', call: 'now' } })],
  decisions: [],
  moves: [],
  consents: [],
  ...more,
});
const ofMail = (name: string, seconds: number, more: Partial<EventRow> = {}): EventRow => {
  const { path: _path, ...row } = anEventRow({ eventId: `${name}-${seconds}`, name, at: addSeconds(now, seconds) });
  return { ...row, enrolmentId: 'enrolment-a', step: 'welcome', round: 1, ...more };
};
const counted = (history: History, live = liveConfig) =>
  countsOf({ history, live, now: addSeconds(now, 30 * day) })
    .map((it) => `${it.day} ${it.step} ${it.metric}${it.count === 1 ? '' : ` ${it.count}`}`)
    .sort();

describe('what a lead adds to the counters', () => {
  it('is each mail that went and arrived, with its version and the arms of its run', () => {
    const [sent, delivered] = countsOf({ history: aHistory(), live: liveConfig, now });
    expect(sent).toMatchObject({ sequence: 'nurture', version: 'v1', step: 'welcome', day: '2026-03-23', arm: 'call=now&proof=story' });
    expect([sent?.metric, delivered?.metric]).toEqual(['sent', 'delivered']);
  });

  it('has mails that are taken as sent, and none that did not go', () => {
    const sends = (['ASSUMED_SENT', 'UNKNOWN', 'CALLING', 'FAILED', 'SKIPPED', 'CANCELLED', 'RELEASED'] as const).map((state, at) =>
      aSendRecord({ state, round: at + 1, calledAt: now }),
    );
    expect(counted(aHistory({ sends }))).toEqual(['2026-03-23 welcome sent']);
  });

  it('counts the first open and the first click of a mail, on their days, and only those of people', () => {
    const events = [
      ofMail('opened', 2 * day),
      ofMail('opened', day),
      ofMail('clicked', hour, { automated: true }),
      ofMail('clicked', 3 * day),
      ofMail('clicked', 4 * day),
      ofMail('opened', 5 * day, { step: 'of no send of ours' }),
    ];
    const expected = ['2026-03-23 welcome delivered', '2026-03-23 welcome sent', '2026-03-24 welcome opened', '2026-03-26 welcome clicked'];
    expect(counted(aHistory({ events }))).toEqual(expected);
    expect(counted(aHistory({ events: events.toReversed() }))).toEqual(expected);
  });

  it('leaves out what was not worked on to the end', () => {
    expect(counted(aHistory({ events: [ofMail('opened', day, { done: false })] }))).toHaveLength(2);
  });

  it('takes a mail that arrived as bounced only when it bounced for good', () => {
    const bounce = (bounceType: string) => [ofMail('bounced', 60, { bounceType })];
    const { deliveredAt: _at, ...notArrived } = welcome;
    expect(counted(aHistory({ events: bounce('Transient') }))).not.toContain('2026-03-23 welcome bounced');
    expect(counted(aHistory({ events: bounce('Permanent') }))).toContain('2026-03-23 welcome bounced');
    expect(counted(aHistory({ events: bounce('Transient'), sends: [notArrived] }))).toContain('2026-03-23 welcome bounced');
  });

  it('gives a reply, leaving and a move to sales to the last mail before, of the right sequence or topic first', () => {
    const news = aSendRecord({ state: 'SENT', step: 'news', sequence: 'news', topic: 'news', sentAt: addSeconds(now, day) });
    const sends = [welcome, news];
    const at = addSeconds(now, 2 * day);
    const reply = { kind: 'human' as const, sequence: 'nurture', step: 'welcome' };
    const replied = anEventRow({ eventId: 'r', name: 'replied', at, reply });
    expect(counted(aHistory({ sends, events: [replied] }))).toContain('2026-03-25 welcome replied');
    const { reply: _reply, ...unknown } = replied;
    expect(counted(aHistory({ sends, events: [unknown] }))).toContain('2026-03-25 news replied');
    const left = (source: string) => [{ topic: 'tips', given: false, at, source }];
    expect(counted(aHistory({ sends, consents: left('unsubscribe-link') }))).toContain('2026-03-25 welcome unsubscribed');
    expect(counted(aHistory({ sends, consents: left('import') }))).toHaveLength(3);
    expect(counted(aHistory({ sends, moves: [aStageMove({ at })] }))).toContain('2026-03-25 news qualified');
    expect(
      counted(aHistory({ sends, moves: [aStageMove({ at: addSeconds(now, -day) })] })),
      'no mail before, nobody to thank',
    ).toHaveLength(3);
  });

  it('counts who leaves twice without coming back once', () => {
    const refusal = (seconds: number) => ({ topic: 'tips', given: false, at: addSeconds(now, seconds), source: 'unsubscribe-link' });
    const left = counted(aHistory({ consents: [refusal(2 * day), refusal(day)] })).filter((it) => it.includes('unsubscribed'));
    expect(left).toEqual(['2026-03-24 welcome unsubscribed']);
  });

  it('adds what was won, in hundredths, under its currency', () => {
    const stages = [{ id: 'stage:0', from: ['lead' as const], to: 'won' as const, because: 'pays', on: 'deal.won' }];
    const live = { ...liveConfig, scoring: { ...liveConfig.scoring, stages } };
    const won = anEventRow({ eventId: 'deal', name: 'deal.won', at: addSeconds(now, day), amount: 1200.5, currency: 'EUR' });
    const all = counted(aHistory({ events: [won] }), live);
    expect(all).toContain('2026-03-24 welcome won');
    expect(all).toContain('2026-03-24 welcome amount.EUR 120050');
    const sums = Object.fromEntries(
      countsOf({ history: aHistory({ events: [won] }), live, now: addSeconds(now, 9 * day) }).map((it) => [
        [it.sequence, it.version, it.day, it.step, it.shard, it.arm, it.metric].join('\t'),
        it.count,
      ]),
    );
    expect(statsRows(sums, 'step').total).toEqual({ of: 'all', counts: { sent: 1, delivered: 1, won: 1 }, amounts: { EUR: 1200.5 } });
  });

  it('is told as what came and what went: a click that a machine made is taken back', () => {
    const click = countedOf(welcome, 'clicked', now);
    const open = countedOf(welcome, 'opened', now);
    expect(changesBetween([click], [open]).map((it) => `${it.sign}${it.counted.metric}`)).toEqual(['-clicked', '+opened']);
    expect(changesBetween([click, open], [open, click])).toEqual([]);
  });
});

describe('arms', () => {
  it('are written by name of their split', () => {
    expect(armText({})).toBe('');
    expect(armText({ proof: 'story', call: 'now' })).toBe('call=now&proof=story');
  });
});

describe('a report', () => {
  it('sums shards, splits by what is asked, and never shows less than nothing', () => {
    const cell = (step: string, shard: string, arm: string, metric: string) =>
      ['nurture', 'v1', '2026-03-23', step, shard, arm, metric].join('\t');
    const sums = {
      [cell('welcome', '0', 'proof=story', 'sent')]: 3,
      [cell('welcome', '1', 'proof=story', 'sent')]: 2,
      [cell('tips', '0', 'proof=nothing', 'sent')]: 1,
      [cell('tips', '0', 'proof=nothing', 'clicked')]: -1,
    };
    expect(statsRows(sums, 'step').rows.map((it) => [it.of, it.counts])).toEqual([
      ['tips', { sent: 1 }],
      ['welcome', { sent: 5 }],
    ]);
    expect(statsRows(sums, 'arm').rows.map((it) => it.of)).toEqual(['proof=nothing', 'proof=story']);
    expect(statsRows(sums, 'day').total.counts).toEqual({ sent: 6 });
  });
});
