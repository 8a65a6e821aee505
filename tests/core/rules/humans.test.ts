import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentOf } from '#core/agents';
import { lastTouches } from '#core/brief';
import type { AgentKind, EventRow } from '#core/events';
import { defaultHumanRules, type HumanRules, judge, type MailFacts } from '#core/humans';
import { addSeconds } from '#core/instant';
import { engagementAt } from '#core/scoring';
import { aLead, anEvent, live, now, scoring } from './examples.ts';

type Labelled = {
  readonly name: string;
  readonly at: number;
  readonly by?: 'human' | 'machine';
  readonly agent?: string;
  readonly link?: string;
  readonly path?: string;
  readonly automated?: true;
};
type Fixture = { readonly case: string; readonly hard?: true; readonly events: readonly Labelled[] };
const fixtures = JSON.parse(readFileSync('tests/fixtures/humans/histories.json', 'utf8')) as readonly Fixture[];

const rules: HumanRules = { ...defaultHumanRules, decoy: 'https://lintel.example/x' };
const mail: MailFacts = { enrolmentId: 'e', step: 'welcome', round: 1, sentAt: addSeconds(now, -3), deliveredAt: now };
const rowsOf = (events: readonly Labelled[]): readonly EventRow[] =>
  events.map(({ name, at, agent, link, path, automated }, number) => ({
    eventId: `e${number}`,
    leadId: 'lead-a',
    name,
    at: addSeconds(now, at),
    done: true,
    ...(name === 'opened' || name === 'clicked' ? { enrolmentId: 'e', step: 'welcome', round: 1, agent: agentOf(agent) } : {}),
    ...(link !== undefined && { link }),
    ...(path !== undefined && { path }),
    ...(automated && { automated }),
  }));

type Figures = { readonly caught: number; readonly missed: number; readonly wronged: number; readonly right: number };
/** Of machines: how many of those called machines are (precision), and how many of them are called so (recall). */
const figuresOn = (
  name: string,
  given: readonly Fixture[],
  under: HumanRules = rules,
  blind: (row: EventRow) => EventRow = (row) => row,
): Figures => {
  const counts = { caught: 0, missed: 0, wronged: 0, right: 0 };
  for (const { events } of given) {
    const verdicts = judge(rowsOf(events).map(blind), [mail], under);
    events.forEach((event, at) => {
      if (event.name !== name || event.by === undefined) return;
      const isMachine = verdicts.get(`e${at}`)?.by === 'machine';
      if (event.by === 'machine') counts[isMachine ? 'caught' : 'missed']++;
      else counts[isMachine ? 'wronged' : 'right']++;
    });
  }
  return counts;
};
const share = (part: number, whole: number) => Math.round((part / whole) * 1000) / 10;
const precision = ({ caught, wronged }: Figures) => share(caught, caught + wronged);
const recall = ({ caught, missed }: Figures) => share(caught, caught + missed);

describe('labelled opens and clicks', () => {
  it('are told apart this well', () => {
    const labelled = fixtures.flatMap((it) => it.events).filter((it) => it.by !== undefined);
    const table = Object.fromEntries(
      ['clicked', 'opened'].flatMap((name) =>
        (['all', 'fair'] as const).map((which) => {
          const figures = figuresOn(name, which === 'all' ? fixtures : fixtures.filter((it) => !it.hard));
          const people = figures.right + figures.wronged;
          return [
            `${name}, ${which === 'all' ? 'all cases' : 'without the hard ones'}`,
            {
              machines: figures.caught + figures.missed,
              precision: precision(figures),
              recall: recall(figures),
              people,
              kept: share(figures.right, people),
            },
          ];
        }),
      ),
    );
    console.info(`humans: ${fixtures.length} histories, ${labelled.length} labelled opens and clicks (percent)`);
    console.table(table);
    expect(labelled.length).toBeGreaterThanOrEqual(300);
    const [clicks, opens] = [figuresOn('clicked', fixtures), figuresOn('opened', fixtures)];
    expect(precision(clicks)).toBeGreaterThanOrEqual(95);
    expect(recall(clicks)).toBeGreaterThanOrEqual(90);
    expect(precision(opens)).toBeGreaterThanOrEqual(95);
    expect(recall(opens)).toBeGreaterThanOrEqual(85);
    expect(table['clicked, without the hard ones']).toMatchObject({ precision: 100, recall: 100 });
    expect(table['opened, without the hard ones']).toMatchObject({ precision: 100, recall: 100 });
  });

  it.each<[string, HumanRules]>([
    ['links at once', { ...rules, linksAtOnce: { atLeast: 100, withinSeconds: 1 } }],
    ['the moment of delivery', { ...rules, secondsAfterDelivery: 0 }],
    ['the invisible link', { ...defaultHumanRules }],
  ])('are told apart less well without %s', (_, less) => {
    const [with_, without] = [figuresOn('clicked', fixtures), figuresOn('clicked', fixtures, less)];
    expect(recall(without)).toBeLessThan(recall(with_));
  });

  it.each<AgentKind>(['bot', 'scanner', 'privacy-relay', 'bare', 'none'])('need to know a program that is %s', (kind) => {
    const blind = (row: EventRow): EventRow => (row.agent === kind ? { ...row, agent: 'browser' } : row);
    const caught = (look?: typeof blind) =>
      figuresOn('clicked', fixtures, rules, look).caught + figuresOn('opened', fixtures, rules, look).caught;
    expect(caught(blind)).toBeLessThan(caught());
  });

  it('need what the mail service says', () => {
    const blind = ({ automated: _automated, ...row }: EventRow): EventRow => row;
    expect(recall(figuresOn('clicked', fixtures, rules, blind))).toBeLessThan(recall(figuresOn('clicked', fixtures)));
  });
});

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
    expect(verdict([...all, went], '1')?.by).toBe('machine');
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
        seconds: fc.integer({ min: 0, max: 60 }),
        link: fc.constantFrom('https://a.example/1', 'https://a.example/2', 'https://a.example/3', rules.decoy ?? ''),
        agent: fc.constantFrom<AgentKind>('browser', 'bot', 'bare', 'image-proxy', 'none'),
      }),
      { maxLength: 15, selector: (it) => it.eventId },
    );
    fc.assert(
      fc.property(any, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (drawn, order) => {
        const events = drawn.map(({ seconds, ...it }) =>
          anEvent({ ...it, at: addSeconds(now, seconds), enrolmentId: 'e', step: 'welcome', round: 1 }),
        );
        const shuffled = [...events]
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

describe('the program that asks', () => {
  it.each<[AgentKind, string]>([
    ['none', ''],
    ['none', ' - '],
    ['bare', 'Mozilla/5.0'],
    ['image-proxy', 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)'],
    ['image-proxy', 'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html'],
    ['privacy-relay', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)'],
    ['scanner', 'Mozilla/5.0 (compatible; BarracudaCentral)'],
    ['scanner', 'Mimecast URL Protect'],
    ['bot', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'],
    ['bot', 'WhatsApp/2.24.1 A'],
    ['bot', 'curl/8.4.0'],
    ['mail-program', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.3.0'],
    ['mail-program', 'Outlook-iOS/709.2226530.prod.iphone (3.24.1)'],
    ['browser', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0'],
    [
      'browser',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    ],
    ['browser', 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36'],
  ])('is %s: %j', (kind, agent) => {
    expect(agentOf(agent)).toBe(kind);
  });
});
