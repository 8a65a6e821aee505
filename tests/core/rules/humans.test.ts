import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastTouches } from '#core/brief';
import type { AgentKind, EventRow } from '#core/events';
import { defaultHumanRules, type HumanRules, judge, type MailFacts } from '#core/humans';
import { addSeconds } from '#core/instant';
import { engagementAt } from '#core/scoring';
import { aLead, anEvent, live, now, scoring } from './examples.ts';

const rules: HumanRules = { ...defaultHumanRules, decoy: 'https://lintel.example/x' };
const mail: MailFacts = { enrolmentId: 'e', step: 'welcome', round: 1, sentAt: addSeconds(now, -3), deliveredAt: now };
describe('who did it', () => {
  const click = (eventId: string, seconds: number, more: object = {}) =>
    anEvent({
      eventId,
      name: 'clicked',
      at: addSeconds(now, seconds),
      enrolmentId: 'e',
      step: 'welcome',
      round: 1,
      link: 'https://a.example/1',
      agent: 'browser',
      ...more,
    });
  const verdict = (events: readonly EventRow[], eventId: string, mails = [mail]) => judge(events, mails, rules).get(eventId);

  it('is said with how sure it is, and why, the strongest sign first', () => {
    expect(verdict([click('a', 1, { agent: 'scanner' })], 'a')).toEqual({
      by: 'machine',
      machine: 1,
      because: ['scanner', 'right-after-delivery'],
    });
    expect(verdict([click('a', 4000)], 'a')).toEqual({ by: 'human', machine: 0.1, because: [] });
  });

  it('goes by the time of sending while nobody knows of the delivery', () => {
    const sent = { enrolmentId: 'e', step: 'welcome', round: 1, sentAt: now };
    expect(verdict([click('a', 2)], 'a', [sent])?.because).toEqual(['right-after-sending']);
    expect(verdict([click('a', 2)], 'a', [])?.because).toEqual([]);
    expect(verdict([click('a', 40)], 'a', [{ ...sent, deliveredAt: addSeconds(now, 39) }])?.because).toEqual(['right-after-delivery']);
  });

  it('is a machine for every click of a burst, also for its first', () => {
    const links = ['1', '2', '3'].map((it, at) => click(it, 900 + at, { link: `https://a.example/${it}` }));
    expect(links.map((it) => verdict(links, it.eventId)?.by)).toEqual(['machine', 'machine', 'machine']);
    expect(verdict(links.slice(0, 1), '1')?.by).toBe('human');
  });

  it('asks no more of who goes on to the site, unless it follows everything', () => {
    const went = anEvent({ eventId: 'v', name: 'visited', at: addSeconds(now, 30), path: '/pricing' });
    expect(verdict([click('a', 3), went], 'a')).toMatchObject({ by: 'human', because: ['went-on', 'right-after-delivery'] });
    const all = ['1', '2', '3'].map((it, at) => click(it, 3 + at, { link: `https://a.example/${it}` }));
    expect(verdict([...all, went], '1')).toMatchObject({ by: 'machine', because: ['links-at-once', 'right-after-delivery'] });
    expect(verdict([click('a', 3), { ...went, agent: 'bot' }], 'a')?.by).toBe('machine');
  });

  it('is asked of visits only where an agent is known, and never of a product’s own events', () => {
    const visits = [
      anEvent({ eventId: 'a', name: 'visited' }),
      anEvent({ eventId: 'b', name: 'visited', agent: 'bot' }),
      anEvent({ eventId: 'c', name: 'visited', agent: 'browser' }),
    ];
    const verdicts = judge([...visits, anEvent({ eventId: 'd', name: 'project.created' })], [], rules);
    expect([...verdicts].map(([id, it]) => [id, it.by])).toEqual([
      ['b', 'machine'],
      ['c', 'human'],
    ]);
  });

  it('is a reader who looks round after three links in tabs, though a gateway had been there before', () => {
    const three = (name: string, from: number) =>
      ['1', '2', '3'].map((it, at) => click(`${name}${it}`, from + at * 2, { link: `https://a.example/${it}` }));
    const all = [...three('sweep', 1), ...three('tabs', 600), anEvent({ eventId: 'v', name: 'visited', at: addSeconds(now, 660) })];
    expect(all.slice(0, 6).map((it) => verdict(all, it.eventId)?.by)).toEqual([
      ...['machine', 'machine', 'machine'],
      ...['human', 'human', 'human'],
    ]);
  });

  it('is a machine whatever follows, once it took the link that nobody sees', () => {
    const went = anEvent({ eventId: 'v', name: 'project.created', at: addSeconds(now, 960) });
    for (const link of ['https://lintel.example/x', 'https://lintel.example/x/?utm_source=mail', 'https://lintel.example/x#a'])
      expect(verdict([click('a', 900, { link }), went], 'a')).toMatchObject({ by: 'machine', machine: 1 });
    expect(verdict([click('a', 900, { link: 'https://lintel.example/xylophones' })], 'a')?.by).toBe('human');
    expect(judge([click('a', 900, { link: 'https://lintel.example/x' })], [mail], defaultHumanRules).get('a')?.by).toBe('human');
  });

  it('counts what SES tells twice, under one id or two, a single time', () => {
    const one = Array.from({ length: 12 }, (_, at) => click(`again${at}`, 900));
    expect(verdict(one, 'again0')).toMatchObject({ by: 'human', because: [] });
    expect(verdict([...one, ...one, ...one], 'again0')).toEqual(verdict(one, 'again0'));
    const [first, second] = [click('same', 900, { agent: 'bot' }), click('same', 1)];
    expect(verdict([first, second], 'same')).toEqual(verdict([second, first], 'same'));
  });

  it('does not mix mails: links of two of them at once are no sweep', () => {
    const links = [0, 1, 2].map((at) => click(`${at}`, 900 + at, { link: `https://a.example/${at}`, step: `mail-${at}` }));
    expect(links.map((it) => verdict(links, it.eventId)?.by)).toEqual(['human', 'human', 'human']);
  });

  it('can leave signs out', () => {
    const unnamed = [click('a', 900, { agent: 'none' })];
    expect(judge(unnamed, [mail], rules).get('a')).toMatchObject({ by: 'machine', because: ['no-agent'] });
    expect(judge(unnamed, [mail], { ...rules, ignoreSigns: ['no-agent'] }).get('a')).toMatchObject({ by: 'human', because: [] });
  });

  it('is found out for ten thousand clicks of one lead in a moment', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => click(`${at}`, at / 10, { link: `https://a.example/${at % 7}` }));
    const opens = many.map((it, at) => ({ ...it, eventId: `o${at}`, name: 'opened' }));
    const before = performance.now();
    expect(judge([...many, ...opens], [mail], rules).size).toBe(20_000);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it('can leave out what mailbox providers’ proxies open', () => {
    const opened = anEvent({ eventId: 'o', name: 'opened', agent: 'image-proxy', at: addSeconds(now, 900) });
    expect(judge([opened], [], rules).get('o')?.by).toBe('human');
    expect(judge([opened], [], { ...rules, imageProxy: 'ignore' }).get('o')?.by).toBe('machine');
  });

  it('earns nothing, and is not told to sales, when it was a machine', () => {
    const ledger = { events: [click('a', 1, { agent: 'bot' }), click('b', 5000)], sends: [mail] };
    const { lines, points } = engagementAt(ledger, scoring, 'UTC', addSeconds(now, 9000));
    expect(lines.map((it) => [it.eventId, it.points, it.by, it.left])).toEqual([
      ['a', 0, 'machine', 'machine'],
      ['b', 5, 'human', undefined],
    ]);
    expect(points).toBeGreaterThan(4.9);
    expect(lastTouches(ledger.events)).toHaveLength(2);
    expect(live.scoring.humans).toEqual(defaultHumanRules);
    expect(aLead().leadId).toBeDefined();
  });

  it('does not depend on the order in which events arrive, nor on repeats', () => {
    const any = fc.uniqueArray(
      fc.record({
        eventId: fc.stringMatching(/^[a-z]{2}$/),
        name: fc.constantFrom('clicked', 'opened', 'visited', 'project.created'),
        seconds: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: -20, max: 2000 })),
        step: fc.constantFrom('welcome', 'second'),
        link: fc.constantFrom('https://a.example/1', 'https://a.example/2', 'https://a.example/3', rules.decoy ?? ''),
        agent: fc.constantFrom<AgentKind>('browser', 'bot', 'bare', 'image-proxy', 'none', 'scanner', 'mail-program'),
      }),
      { maxLength: 25, selector: (it) => it.eventId },
    );
    fc.assert(
      fc.property(any, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (drawn, order) => {
        const events = drawn.map(({ seconds, ...it }) => anEvent({ ...it, at: addSeconds(now, seconds), enrolmentId: 'e', round: 1 }));
        const shuffled = [...events, ...events.slice(0, 5)]
          .map((it) => ({ it, rank: order.next().value }))
          .sort((one, other) => one.rank - other.rank)
          .map(({ it }) => it);
        const asObject = (verdicts: ReadonlyMap<string, unknown>) =>
          Object.fromEntries([...verdicts].sort(([one], [other]) => (one < other ? -1 : 1)));
        expect(asObject(judge([...shuffled], [mail], rules))).toEqual(asObject(judge(events, [mail], rules)));
      }),
      { numRuns: 300 },
    );
  });
});
