import { describe, expect, it } from 'vitest';
import { lintClients } from '#adapters/email/lint-clients';
import { buildSalesTask, lastTouches, type TaskParts } from '#core/brief';
import { type BriefFacts, type BriefParts, briefFacts } from '#core/brief/facts';
import { briefMail } from '#core/brief/mail';
import { briefBlocks } from '#core/brief/slack';
import type { EventRow } from '#core/events';
import { addSeconds } from '#core/instant';
import type { History } from '#core/ports';
import { section } from '#core/slack-blocks';
import { aLead, anEnrolment, anEvent, leadId, live, now } from './examples.ts';

const ledgerOf = (...events: readonly EventRow[]) => ({ events, sends: [] });
const parts = (changes: Partial<TaskParts> = {}): TaskParts => ({
  taskId: 'task1',
  lead: aLead(),
  now,
  live,
  route: { rep: 'ben', because: 'looks after DE' },
  ledger: ledgerOf(
    anEvent({ eventId: 'a', name: 'visited', path: '/pricing?email=ada@engines.example', at: addSeconds(now, -60) }),
    anEvent({ eventId: 'b', name: 'clicked', step: 'welcome', at: addSeconds(now, -3600) }),
    anEvent({ eventId: 'c', name: 'delivered', step: 'welcome', at: addSeconds(now, -7200) }),
  ),
  enrolments: [anEnrolment({ step: 'proof' }), anEnrolment({ sequence: 'webinar' })],
  ...changes,
});

describe('a sales task', () => {
  it('holds scores, reasons, touches and where the lead came from', () => {
    expect(buildSalesTask(parts())).toEqual({
      taskId: 'task1',
      leadId,
      createdAt: now,
      status: 'open',
      answers: [],
      releasedAt: now,
      rep: 'ben',
      routedBecause: 'looks after DE',
      fit: 20,
      engagement: 17,
      reasons: ['core market: 120 employees (20 points)', 'looked at /pricing (12 points)', 'clicked in a mail (5 points)'],
      touches: [
        { at: addSeconds(now, -60), what: 'looked at /pricing' },
        { at: addSeconds(now, -3600), what: 'followed a link in “welcome”' },
      ],
      from: ['trial-nurture at proof', 'webinar'],
    });
  });

  it('names nobody: it goes through a queue', () => {
    expect(JSON.stringify(buildSalesTask(parts()))).not.toMatch(/ada|engines/i);
  });

  it('keeps the ten newest touches, newest first, whatever order they came in', () => {
    const events = Array.from({ length: 14 }, (_, at) =>
      anEvent({ eventId: `e${String(at).padStart(2, '0')}`, name: `step.${at}`, at: addSeconds(now, ((at * 5) % 14) * 60) }),
    );
    const touches = lastTouches(events);
    expect(touches).toHaveLength(10);
    expect(touches.map((it) => it.at)).toEqual(
      touches
        .map((it) => it.at)
        .toSorted()
        .toReversed(),
    );
    expect(touches[0]?.at).toBe(addSeconds(now, 13 * 60));
    expect(lastTouches(events.toReversed())).toEqual(touches);
  });
});

const factsOf = (changes: Partial<BriefParts> = {}): BriefFacts => {
  const lead = changes.lead ?? aLead();
  const { ledger, enrolments } = parts();
  const history: History = { lead, events: ledger.events, sends: [], enrolments, decisions: [], moves: [], consents: [] };
  const urls = { repZone: 'Europe/London', answerUrl: 'https://go.example/a/token' };
  return briefFacts({ task: buildSalesTask(parts({ lead })), lead, history, live, notice: 'new', now, ...urls, ...changes });
};
const historyOf = (events: readonly EventRow[], more: Partial<History> = {}): History => ({
  events,
  sends: [],
  enrolments: [],
  decisions: [],
  moves: [],
  consents: [],
  ...more,
});

describe('a brief', () => {
  it('tells who, why, what and whence, in the time of the lead, and how to begin', () => {
    const { subject, text } = briefMail(factsOf());
    expect(subject).toBe('Ada, Engines is ready for a talk');
    expect(text.split('\n')).toEqual([
      'Ada, Engines is ready for a talk. Nurture has stopped; the lead is with you.',
      '',
      'I take it: https://go.example/a/token',
      'Later: https://go.example/a/token?answer=recycle',
      'Not for us: https://go.example/a/token?answer=reject',
      '',
      'e-mail: ada@engines.example',
      'company: Engines',
      'employees: 120',
      'country: DE',
      'site: engines.example',
      'there it is: Tue 14 July, 12:00 (Europe/Berlin)',
      '',
      'Why now (fit 20, engagement 17):',
      '- core market: 120 employees (20 points)',
      '- looked at /pricing (12 points)',
      '- clicked in a mail (5 points)',
      '',
      'You could begin with: Good afternoon Ada. I am writing because you looked at /pricing. What would you like to have solved first?',
      'It is 12:00 there; there is no phone number, so write.',
      '',
      'Last touches, in their time:',
      '- Tue 14 July, 11:59: looked at /pricing',
      '- Tue 14 July, 11:00: followed a link in “welcome”',
      '',
      'Pages:',
      '- /pricing: once, Tue 14 July, 11:59',
      '',
      `Came from trial-nurture at proof (version ${anEnrolment().version}), webinar (version ${anEnrolment().version}).`,
      'Why you: looks after DE.',
      'Task task1',
    ]);
  });

  it('has in it what forms, webhooks and mails of the lead said, and no word of a mail', () => {
    const lead = aLead({ fields: { 'first-name': 'Ada', budget: '50k', 'time-zone': 'Europe/Berlin' } });
    const replied = anEvent({ name: 'replied', at: addSeconds(now, -60), reply: { kind: 'human', step: 'welcome', mail: 'm1' } });
    const history = historyOf([replied], { enrolments: [anEnrolment({ answers: { 'ask.plan': 'pro' } })] });
    expect(factsOf({ lead, history }).given).toEqual([
      { label: 'budget', value: '50k' },
      { label: 'trial-nurture, ask.plan', value: 'pro' },
      { label: 'Tue 14 July, 11:59', value: 'wrote back to “welcome”' },
    ]);
  });

  it.each([
    ['2026-07-14T07:00:00.000Z', 'Good morning', 'It is 09:00 there: a good hour to call.'],
    ['2026-07-14T20:30:00.000Z', 'Good evening', 'It is 22:30 there: write now, and call in their office hours.'],
    ['2026-07-18T10:00:00.000Z', 'Good afternoon', 'It is 12:00 there: write now, and call in their office hours.'],
  ])('knows at %s what the hour is good for', (at, greeting, advice) => {
    const lead = aLead({ fields: { country: 'DE', phone: '+49 30 123' } });
    const { opening } = factsOf({ lead, now: at });
    expect(opening?.words).toMatch(new RegExp(`^${greeting}\\. `));
    expect(opening?.advice).toBe(advice);
  });

  it('says first of all that the lead must not be e-mailed', () => {
    const facts = factsOf({ task: { ...buildSalesTask(parts()), doNotEmail: true } });
    for (const said of [briefMail(facts).text, briefMail(facts).html, JSON.stringify(briefBlocks(facts, 'ben'))])
      expect(said).toContain('Do not e-mail: the lead left our mail');
    expect(facts.opening?.advice).toContain('do not write');
  });

  it('leaves out what sales.yaml leaves out', () => {
    const bare = factsOf({ live: { ...live, sales: { ...live.sales, brief: ['score-reasons'] } } });
    expect(bare).toMatchObject({ touches: [], pages: [], given: [], rows: [{ label: 'e-mail' }], reasons: { length: 3 } });
    expect([bare.opening, bare.localTime]).toEqual([undefined, undefined]);
  });

  it('speaks of what became of the task', () => {
    const task = { ...buildSalesTask(parts()), acceptBy: addSeconds(now, 3600) };
    expect(briefMail(factsOf({ task, notice: 'remind' })).text).toContain(
      'Ada, Engines still waits for your answer. The task is yours and open. Answer by Tue 14 July, 12:00 your time.',
    );
    expect(briefMail(factsOf({ task, notice: 'escalated' })).subject).toBe('Nobody has answered for Ada, Engines');
    const over = briefMail(factsOf({ task, notice: 'taken-back' }));
    expect(over.text).toContain('went to somebody else');
    expect(over.text + over.html).not.toMatch(/a\/token|ada@/);
    const log = [{ at: now, what: 'cancelled', because: 'it left our mail', from: 'ben' }] as const;
    const ended = briefMail(factsOf({ task: { ...task, status: 'cancelled', log }, notice: 'cancelled' }));
    expect(ended.text).toMatch(/^Ada, Engines needs nothing from you any more\.\n\nIt left our mail\. There is nothing left to do/);
    expect(ended.text + ended.html).not.toMatch(/a\/token|ada@/);
    const kept = { ...task, status: 'cancelled', log: [{ ...log[0], rep: 'ruth' }] } as const;
    expect(briefMail(factsOf({ task: kept, notice: 'cancelled' })).text).toContain('turned out to be this one person, whom ruth has.');
  });

  it('escapes all that others wrote, in the page and in Slack', () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    const lead = aLead({ fields: { 'first-name': evil, company: evil, 'job-title': evil, phone: evil, country: evil, other: evil } });
    const ledger = ledgerOf(anEvent({ name: 'visited', path: `/${evil}` }));
    const task = { ...buildSalesTask(parts({ lead, ledger })), reasons: [evil], from: [evil], routedBecause: evil };
    const facts = factsOf({ task, lead, history: historyOf(ledger.events) });
    const { html } = briefMail(facts);
    expect(html).not.toContain('<img');
    expect(html.match(/&lt;img src=x onerror=&quot;alert\(&#39;1&#39;\)&quot;&gt;&amp;/g)?.length).toBeGreaterThanOrEqual(10);
    expect(JSON.stringify(briefBlocks(facts, 'ben').slice(1))).not.toMatch(/<img|<!|<@/);
    expect(JSON.stringify(briefBlocks({ ...facts, reasons: ['<!channel>'] }, 'ben'))).not.toContain('<!channel>');
  });

  it('lets nobody write lines or headers of their own', () => {
    const lead = aLead({ fields: { 'first-name': 'Ada\r\nBcc: all@x.example', company: 'Engines\nWhy you: because\u202e' } });
    const ledger = ledgerOf(anEvent({ name: 'visited', path: '/a\n- forged' }));
    const task = buildSalesTask(parts({ lead, ledger }));
    const { subject, text } = briefMail(factsOf({ task, lead, history: historyOf(ledger.events) }));
    expect(subject).toBe('Ada Bcc: all@x.example, Engines Why you: because is ready for a talk');
    expect(text).not.toMatch(/^(Bcc|- forged)/m);
    expect(text.match(/^Why you:/gm)).toHaveLength(1);
  });

  it('of a lead without a name goes by the address, and without runs says so', () => {
    const lead = aLead({ fields: {} });
    const task = buildSalesTask(parts({ lead, enrolments: [], ledger: ledgerOf() }));
    const { subject, text } = briefMail(factsOf({ task, lead, history: historyOf([]) }));
    expect(subject).toBe('ada@engines.example is ready for a talk');
    expect(text).toContain('Came from no running sequence.');
    expect(text).toContain('(Europe/Dublin)');
    expect(text).toContain('You have been looking at what we do.');
  });

  it('leads with the grade, where there are grades, and leaves out what machines did', () => {
    const graded = { ...live, scoring: { ...live.scoring, grades: { fit: [25, 15, 5], engagement: [30, 15, 8] } } };
    const scan = anEvent({ eventId: 'm', name: 'clicked', step: 'welcome', agent: 'bot', at: addSeconds(now, -30) });
    const task = buildSalesTask(parts({ live: graded, ledger: { events: [...parts().ledger.events, scan], sends: [] } }));
    expect(task).toMatchObject({ grade: 'B2', touches: { length: 2 } });
    expect(briefMail(factsOf({ task, live: graded })).text).toContain('Why now (grade B2, fit 20, engagement 17):');
  });

  it('says what is to be done however long a name is, and cuts no sign in two', () => {
    for (const name of ['Wolfeschlegelsteinhausenbergerdorff '.repeat(9), `x${'👩‍👩‍👧‍👦'.repeat(40)}`]) {
      const facts = factsOf({ lead: aLead({ fields: { 'first-name': name } }), notice: 'cancelled' });
      const { subject } = briefMail(facts);
      const header = briefBlocks(facts, 'ben')[0];
      expect(subject).toMatch(/… needs nothing from you any more$/);
      expect(Buffer.from(subject).toString()).toBe(subject);
      expect(subject).not.toMatch(/\u200d…/);
      expect(header).toMatchObject({ text: { text: subject } });
    }
  });

  it('leaves no half of a sign or of a link behind where Slack ends', () => {
    const reasons = ['&'.repeat(3000)];
    const cut = section(`${'x'.repeat(2990)}<https://a.example/|a link>`);
    expect(JSON.stringify(cut)).toContain('xx…');
    expect(JSON.stringify(briefBlocks({ ...factsOf(), reasons }, 'ben'))).not.toMatch(/&(?!amp;)/);
  });

  it('is made of what every mail program knows', () => {
    const { html } = briefMail(factsOf());
    const lacks = lintClients({ file: 'brief.html', text: html }, html).map((it) => it.got);
    expect(lacks).toEqual([]);
  });

  it('keeps to the limits of Slack, whatever a lead fills in', () => {
    const long = 'x'.repeat(4000);
    const fields = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`field-${at}`, long]));
    const blocks = briefBlocks(factsOf({ lead: aLead({ fields: { ...fields, company: long, 'first-name': long } }) }), 'ben');
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const block of blocks) {
      const texts = [...JSON.stringify(block).matchAll(/"text":"((?:[^"\\\\]|\\\\.)*)"/g)].map(([, it = '']) => it.length);
      expect(Math.max(...texts)).toBeLessThanOrEqual(
        block.type === 'header' ? 150 : block.type === 'section' && 'text' in block ? 3000 : 2000,
      );
    }
  });
});
