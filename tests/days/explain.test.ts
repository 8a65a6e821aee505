import { describe, expect, it } from 'vitest';
import type { LiveConfig } from '#core/config';
import { addSeconds } from '#core/instant';
import { resumePaused } from '#lambdas/resume-paused';
import { testKeys } from '#local/settings';
import { email, wait } from '#tests/core/sequences/sequences';
import { confirmations, liveConfig, withDoubleOptIn } from '#tests/helpers/protocol-sequence';
import { aSequence, aStory } from '#tests/helpers/stories';

const day = 86_400;
const welcome = email('welcome', { atOnce: true });
const engaged = { kind: 'engagement', atLeast: 10 } as const;
const untilProject = (id = 'first-project') =>
  ({
    kind: 'wait-for',
    id,
    atMostSeconds: 3 * day,
    since: 'enrolment',
    arms: [{ name: 'happened', awaits: 'did:project.created', steps: [email('power-tips')] }],
    timedOut: [email('getting-started')],
  }) as const;
const withBrand = (brand: Partial<LiveConfig['brand']>): LiveConfig => ({ ...liveConfig, brand: { ...liveConfig.brand, ...brand } });
/** A part of a text, by its headline. */
const part = (text: string, title: string): string => text.split('\n\n').find((it) => it.startsWith(title)) ?? '';

describe('the whole story of a lead', () => {
  it('of one who gets its mail on time, and is waited for', async () => {
    const story = await aStory(aSequence([welcome, wait('settle', 2), untilProject()]));
    await story.did('trial.started');
    await story.advance('50 hours');
    expect(await story.tell()).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-25 16:00.

      What happened
        2026-03-23 14:00  became known
        2026-03-23 14:00  did trial.started
        2026-03-23 14:00  entered nurture: an event of the lead opened it — version <v>
        2026-03-23 14:00  got “welcome”

      What happens next
        no date yet       nurture: as soon as project.created comes: “power-tips” goes, in its hours (weekdays 09:00-17:00 lead time)
        2026-03-28 14:00  nurture: “first-project” stops waiting for project.created
        2026-03-30 14:33  nurture: “getting-started” goes, in its hours (weekdays 09:00-17:00 lead time)

      The score
        fit 0, engagement 0: not enough for sales
        missing: 30 more points of engagement
        the rule: engagement at least 30 (0); points of engagement halve every 3 weeks"
    `);
    await story.did('project.created');
    expect(await story.tell({ day: '2026-03-25' })).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-25 16:00.

      On 2026-03-25 this went:
        2026-03-25 16:00  got “power-tips”

      What else happened that day
        2026-03-25 16:00  did project.created
        2026-03-25 16:00  nurture ended: the lead went through to the end"
    `);
    expect(await story.tell({ day: '2026-03-24' })).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-25 16:00.

      On 2026-03-24 no e-mail went:
        nurture: no e-mail was due: “welcome” had gone on 2026-03-23, and “power-tips” went on 2026-03-25"
    `);
  });

  it('of one who must be waited for at a weekend: each day is answered, then the mail goes', async () => {
    const story = await aStory(aSequence([welcome, wait('settle', 4), email('proof')]), { startAt: '2026-03-24T17:30:00.000Z' });
    await story.did('trial.started');
    await story.advance('5 days');
    expect(await story.tell({ day: '2026-03-29' })).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-29 19:30.

      On 2026-03-29 no e-mail went:
        after “settle” the next e-mail waited for its hours: it is outside the hours for sending [window-closed], until 2026-03-30 14:20 — window weekdays 09:00-17:00 lead time"
    `);
    expect(part(await story.tell(), 'What happens next')).toMatchInlineSnapshot(`
      "What happens next
        2026-03-30 14:20  nurture: “settle” is over
        2026-03-30 14:20  nurture: “proof” goes, in its hours (weekdays 09:00-17:00 lead time)"
    `);
    await story.advance('3 days');
    expect(part(await story.tell(), 'Days')).toMatchInlineSnapshot(`
      "Days on which an e-mail did not go
        2026-03-28 to 2026-03-29  after “settle” the next e-mail waited for its hours: it is outside the hours for sending [window-closed], until 2026-03-30 14:20 — window weekdays 09:00-17:00 lead time"
    `);
    expect(part(await story.tell(), 'What happened')).toMatchInlineSnapshot(`
      "What happened
        2026-03-23 14:00  became known
        2026-03-24 18:30  did trial.started
        2026-03-24 18:30  entered nurture: an event of the lead opened it — version <v>
        2026-03-24 18:30  got “welcome”
        2026-03-30 14:20  got “proof”
        2026-03-30 14:20  nurture ended: the lead went through to the end"
    `);
  });

  it('of one who moved to another zone while its mail was planned', async () => {
    const story = await aStory(aSequence([wait('settle', 1), email('proof')]));
    await story.did('trial.started');
    const lead = { leadId: story.leadId, email: story.email, consents: {} };
    await story.ports.leads.upsert({ ...lead, fields: { 'time-zone': 'America/Los_Angeles' } }, story.clock.now());
    await story.advance('27 hours');
    expect(await story.tell({ day: '2026-03-24' })).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in America/Los_Angeles (its own); it is 2026-03-24 09:00.

      On 2026-03-24 no e-mail went:
        “proof” was put off: it is outside the hours for sending [window-closed], until 2026-03-24 10:42 — window weekdays 09:00-17:00 lead time, zone America/Los_Angeles"
    `);
    await story.advance('2 days');
    expect(story.sent()).toEqual(['proof']);
  });

  it('of one whose mail was not wanted, by the rule and what it found', async () => {
    const story = await aStory(aSequence([welcome, wait('settle', 1), email('proof', { onlyIf: engaged })]));
    await story.did('trial.started');
    expect(part(await story.tell(), 'What happens next')).toMatchInlineSnapshot(`
      "What happens next
        2026-03-24 14:00  nurture: “settle” is over
        2026-03-24 14:00  nurture: “proof” goes, in its hours (weekdays 09:00-17:00 lead time); if it then holds: engagement at least 10 (0), which it does not now"
    `);
    await story.advance('2 days');
    expect(part(await story.tell(), 'Days')).toMatchInlineSnapshot(`
      "Days on which an e-mail did not go
        2026-03-24  “proof” was skipped: the condition under \`only-if\` does not hold [only-if-false] — engagement at least 10 (0); stage lead, fit 0, engagement 0"
    `);
    const [decision] = await story.ports.decisions.ofLead(story.leadId);
    expect(decision).toMatchObject({ reason: 'only-if-false', inputs: { stage: 'lead', fit: 0, engagement: 0 } });
    expect(JSON.stringify(decision).length).toBeLessThan(600);
  });

  it('of one who asked for a pause', async () => {
    const story = await aStory(aSequence([welcome, wait('settle', 1), email('proof')]));
    await story.did('trial.started');
    await story.ports.leads.pause(story.leadId, addSeconds(story.clock.now(), 20 * day));
    expect(part(await story.tell(), 'What happens next')).toMatchInlineSnapshot(`
      "What happens next
        2026-03-24 14:00  nurture: “settle” is over
        2026-04-12 15:00  the pause that the lead asked for is over
        2026-04-13 10:42  nurture: “proof” goes, in its hours (weekdays 09:00-17:00 lead time); not before: the lead asked for a pause [paused-by-lead]"
    `);
    await story.advance('10 days');
    expect(await story.tell({ day: '2026-03-31' })).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-04-02 15:00.

      On 2026-03-31 no e-mail went:
        “proof” was put off: the lead asked for a pause [paused-by-lead], until 2026-04-13 10:42"
    `);
    await story.advance('12 days');
    expect(part(await story.tell(), 'Days')).toMatchInlineSnapshot(`
      "Days on which an e-mail did not go
        2026-03-24 to 2026-04-12  “proof” was put off: the lead asked for a pause [paused-by-lead], until 2026-04-13 10:42"
    `);
    expect(story.sent()).toEqual(['welcome', 'proof']);
  });

  it('of one in a sequence that was paused, and went on', async () => {
    const story = await aStory(aSequence([welcome, wait('settle', 1), email('proof')]));
    await story.did('trial.started');
    await story.ports.line.pause('nurture', { at: story.clock.now(), by: 'hand', why: 'the prices are wrong' });
    await story.advance('6 days');
    expect(part(await story.tell(), 'What happens next')).toMatchInlineSnapshot(`
      "What happens next
        no date yet       nurture: “proof” goes, in its hours (weekdays 09:00-17:00 lead time); not before: the sequence is paused [sequence-paused]"
    `);
    await resumePaused(story.ports, 'nurture', story.clock.now());
    await story.advance('2 days');
    expect(part(await story.tell(), 'Days')).toMatchInlineSnapshot(`
      "Days on which an e-mail did not go
        2026-03-24 to 2026-03-29  “proof” was put off: the sequence is paused [sequence-paused], looked at again 2026-03-30 10:42 — why the prices are wrong"
    `);
  });

  it('of one whom the warm-up had no room for', async () => {
    const live = withBrand({ timeZone: 'Europe/Berlin', warmUp: { start: '2026-03-23', perDay: [1, 1, 5] } });
    const story = await aStory(aSequence([welcome, wait('settle', 1)]), { live });
    await story.ports.line.take('2026-03-23', 1);
    await story.did('trial.started');
    await story.advance('1 hour');
    expect(await story.tell({ day: '2026-03-23' })).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-23 15:00.

      On 2026-03-23 no e-mail went:
        “welcome” was put off: as many e-mails as the warm-up allows have gone today [warm-up], until 2026-03-24 00:00 — day 2026-03-23, allowed 1

      What else happened that day
        2026-03-23 14:00  became known
        2026-03-23 14:00  did trial.started
        2026-03-23 14:00  entered nurture: an event of the lead opened it — version <v>"
    `);
    await story.advance('1 day');
    expect(story.sent()).toEqual(['welcome']);
  });

  it('of one whose address is dead', async () => {
    const story = await aStory(aSequence([welcome, wait('settle', 1), email('proof')]));
    await story.did('trial.started');
    const [mail] = story.mail.mails();
    story.mail.plan(mail?.messageId ?? '', {
      id: 'b',
      at: addSeconds(story.clock.now(), 60),
      kind: 'bounced',
      bounceType: 'Permanent',
      bounceSubType: 'General',
    });
    await story.advance('3 days');
    expect(await story.tell()).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-26 14:00.

      What happened
        2026-03-23 14:00  became known
        2026-03-23 14:00  did trial.started
        2026-03-23 14:00  entered nurture: an event of the lead opened it — version <v>
        2026-03-23 14:00  got “welcome”
        2026-03-23 14:01  “welcome” bounced
        2026-03-23 14:01  its address takes no more mail: a mail bounced for good
        2026-03-23 14:01  nurture was stopped: the address takes no mail, or its owner complained or opted out elsewhere [suppressed]

      What happens next
        nothing by itself: the lead is in no sequence

      The score
        fit 0, engagement 0: not enough for sales
        missing: 30 more points of engagement
        the rule: engagement at least 30 (0); points of engagement halve every 3 weeks"
    `);
    expect(await story.tell({ day: '2026-03-25' })).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-26 14:00.

      On 2026-03-25 no e-mail went:
        the lead was in no sequence: nurture was stopped on 2026-03-23: the address takes no mail, or its owner complained or opted out elsewhere [suppressed]"
    `);
  });

  it('of one whose mailbox is guarded: what machines did is told, with the reason, and earns nothing', async () => {
    const live: LiveConfig = {
      ...liveConfig,
      scoring: {
        ...liveConfig.scoring,
        engagement: {
          ...liveConfig.scoring.engagement,
          rules: [
            ...liveConfig.scoring.engagement.rules,
            { id: 'clicked', on: 'clicked', points: 5, once: false, because: 'followed a link in an e-mail' },
          ],
        },
      },
    };
    const story = await aStory(aSequence([welcome, wait('settle', 1)]), { live });
    await story.did('trial.started');
    const [{ messageId = '' } = {}] = story.mail.mails();
    const at = (seconds: number) => addSeconds(story.clock.now(), seconds);
    story.mail.plan(messageId, { id: 'd', at: at(20), kind: 'delivered' });
    story.mail.plan(messageId, {
      id: 'm',
      at: at(21),
      kind: 'clicked',
      link: 'https://example.com/a',
      userAgent: 'Barracuda Sentinel (EE)',
    });
    story.mail.plan(messageId, { id: 'p', at: at(7200), kind: 'clicked', link: 'https://example.com/a' });
    await story.advance('3 hours');
    expect(part(await story.tell(), 'What happened')).toMatchInlineSnapshot(`
      "What happened
        2026-03-23 14:00  became known
        2026-03-23 14:00  did trial.started
        2026-03-23 14:00  entered nurture: an event of the lead opened it — version <v>
        2026-03-23 14:00  got “welcome”, which arrived
        2026-03-23 14:00  a machine followed a link in “welcome”: the program says that it guards mail; it came within seconds of the delivery (sure to 100 %)
        2026-03-23 16:00  followed a link in “welcome”: https://example.com/a"
    `);
    expect(part(await story.tell(), 'The score')).toMatchInlineSnapshot(`
      "The score
        fit 0, engagement 5: not enough for sales
        missing: 25 more points of engagement
        the rule: engagement at least 30 (5); points of engagement halve every 3 weeks
            0  followed a link in an e-mail on 2026-03-23 14:00: a machine, the program says that it guards mail; it came within seconds of the delivery
           +5  followed a link in an e-mail on 2026-03-23 16:00 (was worth 5)"
    `);
  });

  it('of one who goes to sales, with the reasons', async () => {
    const story = await aStory(aSequence([welcome, wait('settle', 5), email('proof')]));
    await story.did('trial.started');
    await story.did('visited', '/pricing');
    expect(part(await story.tell(), 'What happens next')).toMatchInlineSnapshot(`
      "What happens next
        2026-03-23 14:30  the score has held: the lead goes to sales, if it still does
        2026-03-30 14:20  nurture: “settle” is over
        2026-03-30 14:20  nurture: “proof” goes, in its hours (weekdays 09:00-17:00 lead time)"
    `);
    await story.advance('1 hour');
    expect(await story.tell()).toMatchInlineSnapshot(`
      "Lead <lead>, stage mql. Times in Europe/Berlin (its own); it is 2026-03-23 15:00.

      What happened
        2026-03-23 14:00  became known
        2026-03-23 14:00  did trial.started
        2026-03-23 14:00  looked at /pricing
        2026-03-23 14:00  entered nurture: an event of the lead opened it — version <v>
        2026-03-23 14:00  got “welcome”
        2026-03-23 14:30  went from lead to mql, by sales: qualified, and the score held
        2026-03-23 14:30  handed to ben: looked at prices (40 points). Why ben: takes leads from anywhere
        2026-03-23 14:30  nurture was stopped: the lead is with sales [qualified]

      What happens next
        nothing by itself: the lead is in no sequence

      The score
        fit 0, engagement 39.9: enough for sales
        the rule: engagement at least 30 (40); points of engagement halve every 3 weeks
        +39.9  looked at prices on 2026-03-23 14:00 (was worth 40)"
    `);
  });

  it('of one who may not come in again yet', async () => {
    const story = await aStory(aSequence([welcome], { enter: { on: { event: 'trial.started' }, again: { afterSeconds: 30 * day } } }));
    await story.did('trial.started');
    await story.advance('2 days');
    await story.did('trial.started');
    expect(part(await story.tell(), 'Days')).toMatchInlineSnapshot(`
      "Days on which an e-mail did not go
        2026-03-25  did not enter nurture: the lead went through this sequence before, and \`again\` does not allow it now [ran-before], until 2026-04-22 15:00 — again: after 30 days; last 2026-03-23 14:00"
    `);
  });

  it('of one who does not meet the condition of the entry, nor agreed to the topic of another sequence', async () => {
    const large = { kind: 'field', field: 'employees', test: { atLeast: 500 } } as const;
    const story = await aStory([
      aSequence([welcome], { enter: { on: { event: 'trial.started' }, again: 'never', if: large } }),
      aSequence([welcome], { id: 'news', topic: 'news' }),
    ]);
    await story.did('trial.started');
    expect(await story.tell({ day: '2026-03-23' })).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-23 14:00.

      On 2026-03-23 no e-mail went:
        did not enter nurture: the lead does not meet the condition under \`enter\` [entry-condition-false] — employees at least 500 (120); stage lead, fit 0
        did not enter news: the lead never agreed to this topic [no-consent] — topic news

      What else happened that day
        2026-03-23 14:00  became known
        2026-03-23 14:00  did trial.started"
    `);
    expect((await story.explain({ sequence: 'news' })).happened.filter((it) => it.kind === 'decision').map((it) => it.code)).toEqual([
      'no-consent',
    ]);
  });

  it('of one who has not confirmed yet', async () => {
    const story = await aStory(aSequence([welcome]), { live: withDoubleOptIn, more: confirmations(withDoubleOptIn) });
    await story.did('trial.started');
    expect(await story.tell()).toMatchInlineSnapshot(`
      "Lead <lead>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-23 14:00.

      What happened
        2026-03-23 14:00  became known
        2026-03-23 14:00  did trial.started
        2026-03-23 14:00  did not enter nurture: the lead agreed, but has not pressed the button in the confirmation mail yet [consent-unconfirmed] — topic tips

      Days on which an e-mail did not go
        2026-03-23  did not enter nurture: the lead agreed, but has not pressed the button in the confirmation mail yet [consent-unconfirmed] — topic tips

      What happens next
        no date yet       nurture begins once the lead confirms: the lead agreed, but has not pressed the button in the confirmation mail yet [consent-unconfirmed]

      The score
        fit 0, engagement 0: not enough for sales
        missing: 30 more points of engagement
        the rule: engagement at least 30 (0); points of engagement halve every 3 weeks"
    `);
  });

  it('of one that another lead went into: asked for by the former id, the other is explained', async () => {
    const story = await aStory(aSequence([welcome, wait('settle', 5)]));
    const old = 'kim@old.example';
    const leadId = story.ports.ids.leadId(old);
    await story.ports.leads.upsert({ leadId, email: old, fields: {}, consents: {} }, story.clock.now());
    await story.did('trial.started');
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${testKeys.api.local}` };
    const body = JSON.stringify({ changes: [{ from: old, to: story.email }] });
    expect((await story.app.request('/addresses', { method: 'POST', headers, body })).status).toBe(202);
    await story.advance('1 minute');
    expect((await story.tell()).replaceAll(leadId, '<the one that it went into>')).toMatchInlineSnapshot(`
      "Lead <the one that it went into>, stage lead. Times in Europe/Berlin (its own); it is 2026-03-23 14:01.
      <lead>, which you asked for, belongs to this lead: an earlier address, or a lead that went into it.

      What happened
        2026-03-23 14:00  became known
        2026-03-23 14:00  agreed to “Tips”: form
        2026-03-23 14:00  did trial.started
        2026-03-23 14:00  entered nurture: an event of the lead opened it — version <v>
        2026-03-23 14:00  got “welcome”
        2026-03-23 14:00  nurture was stopped: the lead went into another one, who is the same person [merged]

      What happens next
        nothing by itself: the lead is in no sequence

      The score
        fit 0, engagement 0: not enough for sales
        missing: 30 more points of engagement
        the rule: engagement at least 30 (0); points of engagement halve every 3 weeks"
    `);
  });

  it('keeps the hours of the lead when its clocks change', async () => {
    const story = await aStory(aSequence([wait('settle', 4), email('proof')]), { startAt: '2026-03-24T23:15:00.000Z' });
    await story.did('trial.started');
    await story.advance('5 days');
    await story.advance('1 day');
    expect(story.mail.mails()[0]?.at.slice(0, 16)).toBe('2026-03-30T12:20');
    expect(part(await story.tell(), 'What happened')).toMatchInlineSnapshot(`
      "What happened
        2026-03-23 14:00  became known
        2026-03-25 00:15  did trial.started
        2026-03-25 00:15  entered nurture: an event of the lead opened it — version <v>
        2026-03-30 14:20  got “proof”
        2026-03-30 14:20  nurture ended: the lead went through to the end"
    `);
    expect(part(await story.tell(), 'Days')).toMatchInlineSnapshot(`
      "Days on which an e-mail did not go
        2026-03-29  after “settle” the next e-mail waited for its hours: it is outside the hours for sending [window-closed], until 2026-03-30 14:20 — window weekdays 09:00-17:00 lead time"
    `);
  });
});
