import { describe, expect, it } from 'vitest';
import { buildSalesTask, lastTouches, renderBrief, type TaskParts } from '#core/brief';
import type { EventRow } from '#core/events';
import { addSeconds } from '#core/instant';
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

describe('a brief', () => {
  it('tells who, why, what and whence, in the time of the lead', () => {
    const lead = aLead();
    const { subject, text } = renderBrief(buildSalesTask(parts()), lead, live);
    expect(subject).toBe('Ready for sales: Ada, Engines');
    expect(text.split('\n')).toEqual([
      'Ada, Engines is ready for a talk.',
      '',
      'e-mail: ada@engines.example',
      'company: Engines',
      'employees: 120',
      'country: DE',
      'local time when this was sent: 2026-07-14 12:00',
      '',
      'Why now (fit 20, engagement 17):',
      '- core market: 120 employees (20 points)',
      '- looked at /pricing (12 points)',
      '- clicked in a mail (5 points)',
      '',
      'Last touches (times in Europe/Berlin):',
      '- 2026-07-14 11:59  looked at /pricing',
      '- 2026-07-14 11:00  followed a link in “welcome”',
      '',
      'Came from: trial-nurture at proof, webinar. Nurture has stopped.',
      'Why you: looks after DE.',
      'Task task1',
    ]);
  });

  it('escapes all that others wrote, in the page', () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    const lead = aLead({ fields: { 'first-name': evil, company: evil, 'job-title': evil, phone: evil, country: evil } });
    const ledger = ledgerOf(anEvent({ name: 'visited', path: `/${evil}` }));
    const task = { ...buildSalesTask(parts({ lead, ledger })), reasons: [evil], from: [evil], routedBecause: evil };
    const { html } = renderBrief(task, lead, live);
    expect(html).not.toContain('<img');
    expect(html.match(/&lt;img src=x onerror=&quot;alert\(&#39;1&#39;\)&quot;&gt;&amp;/g)?.length).toBeGreaterThanOrEqual(8);
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9!]+)/g)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(['!doctype', 'body', 'h1', 'h2', 'html', 'li', 'p', 'small', 'table', 'td', 'tr', 'ul']);
  });

  it('lets nobody write lines or headers of their own', () => {
    const lead = aLead({ fields: { 'first-name': 'Ada\r\nBcc: all@x.example', company: 'Engines\nWhy you: because\u202e' } });
    const { subject, text } = renderBrief(
      buildSalesTask(parts({ lead, ledger: ledgerOf(anEvent({ name: 'visited', path: '/a\n- forged' })) })),
      lead,
      live,
    );
    expect(subject).toBe('Ready for sales: Ada Bcc: all@x.example, Engines Why you: because');
    expect(text).not.toMatch(/^(Bcc|- forged)/m);
    expect(text.match(/^Why you:/gm)).toHaveLength(1);
  });

  it('of a lead without a name goes by the address, and without runs says so', () => {
    const lead = aLead({ fields: {} });
    const { subject, text } = renderBrief(buildSalesTask(parts({ lead, enrolments: [], ledger: ledgerOf() })), lead, live);
    expect(subject).toBe('Ready for sales: ada@engines.example');
    expect(text).toContain('Came from: no running sequence.');
    expect(text).toContain('times in Europe/Dublin');
  });

  it('leads with the grade, where there are grades, and leaves out what machines did', () => {
    const graded = { ...live, scoring: { ...live.scoring, grades: { fit: [25, 15, 5], engagement: [30, 15, 8] } } };
    const scan = anEvent({ eventId: 'm', name: 'clicked', step: 'welcome', agent: 'bot', at: addSeconds(now, -30) });
    const task = buildSalesTask(parts({ live: graded, ledger: { events: [...parts().ledger.events, scan], sends: [] } }));
    expect(task).toMatchObject({ grade: 'B2', touches: { length: 2 } });
    expect(renderBrief(task, aLead(), graded).text).toContain('Why now (grade B2, fit 20, engagement 17):');
  });
});
