import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeadEvent, SesEvent } from '#core/events';
import { inputPathsOf, inputTemplateOf, sesEventRules } from '#core/ses-event-rules';
import { toldEvents } from '#local/ses/told-events';
import { type BusEvent, readBack, toMessage, toSesEvent } from '#local/ses/transform';
import { browsers } from '#tests/helpers/user-agents';

const at = '2026-07-14T10:00:00.000Z';
const busEvent = (type: string, part: object): BusEvent =>
  ({
    id: 'event-1',
    source: 'aws.ses',
    'detail-type': type,
    time: at,
    detail: {
      mail: {
        messageId: 'm1',
        timestamp: at,
        destination: ['ada@engines.example'],
        commonHeaders: { subject: 'Hello Ada' },
        tags: { lead: ['lead-a'], sequence: ['trial'], enrolment: ['e1'], step: ['welcome'], round: ['2'], address: ['addr'] },
      },
      ...part,
    },
  }) as BusEvent;
const clicked = (more: object) =>
  toSesEvent(
    busEvent('Email Clicked', { click: { timestamp: at, link: 'https://a.example/1', ipAddress: '192.0.2.7', linkTags: {}, ...more } }),
  );

describe('a click or an open on the bus', () => {
  it('brings along what the program called itself, and no address of any kind', () => {
    const event = clicked({ userAgent: browsers.iphone });
    expect(event).toMatchObject({ kind: 'clicked', round: 2, userAgent: browsers.iphone, link: 'https://a.example/1' });
    expect(event?.automated).toBeUndefined();
    expect(JSON.stringify(event)).not.toMatch(/192\.0\.2\.7|ada@|Hello/);
    for (const rule of sesEventRules)
      expect(Object.values(inputPathsOf(rule)).join()).not.toMatch(/ip|destination|subject|source|recipient/i);
  });

  it.each(['isAutomated', 'automated', 'automatedInteraction', 'isBot', 'botDetected', 'machineGenerated'])(
    'says if SES calls it %s',
    (field) => {
      expect(clicked({ [field]: true })?.automated).toBe(true);
      expect(clicked({ [field]: 'true' })?.automated).toBe(true);
      expect(clicked({ [field]: false })?.automated).toBeUndefined();
      expect(toSesEvent(busEvent('Email Opened', { open: { timestamp: at, [field]: true } }))).toMatchObject({
        kind: 'opened',
        automated: true,
      });
    },
  );

  it('is not lost for what it lacks, nor for what is new', () => {
    const event = clicked({ surprise: { deep: ['new'] } });
    expect(event).toMatchObject({ eventId: 'event-1', leadId: 'lead-a' });
    expect(event?.userAgent).toBeUndefined();
  });

  it('cannot be made another lead’s, whatever a program calls itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('","leadId":"other', '<leadId>', '\\', '"', '<userAgent0><automated1>')),
        (userAgent) => {
          expect(clicked({ userAgent })).toMatchObject({ leadId: 'lead-a', eventId: 'event-1', ...(userAgent !== '' && { userAgent }) });
        },
      ),
    );
  });

  it('has a template that is JSON when everything that may be missing is, with ours after all that is not', () => {
    for (const rule of sesEventRules) {
      const template = inputTemplateOf(rule);
      const variables = Object.keys(inputPathsOf(rule));
      expect(variables.length).toBeLessThanOrEqual(100);
      const optional = Object.keys(rule.mayHave ?? {});
      const filled = template.replaceAll(/"(?:<\w+>)+"/g, '""').replaceAll(/<\w+>/g, '"x"');
      expect(Object.keys(JSON.parse(filled) as object)).toEqual([...optional, 'source', 'kind', ...Object.keys(rule.paths)]);
      for (const name of variables) expect(template).toContain(`<${name}>`);
    }
  });
});

describe('an SES event in the queue', () => {
  const given = { source: 'ses', eventId: 'x', kind: 'opened', at, messageId: 'm', leadId: 'lead-a' };

  it('may have blanks, fields that nobody knows, and texts that are too long', () => {
    const odd = {
      sequence: '',
      enrolmentId: null,
      step: '',
      round: '',
      addressId: '',
      bounceType: '',
      automated: '',
      userAgent: '',
      link: '',
    };
    const known = Object.fromEntries(
      Object.entries(LeadEvent.parse({ ...given, ...odd, brandNew: { a: 1 } })).filter(([, it]) => it !== undefined),
    );
    expect(known).toEqual(given);
    const long = SesEvent.parse({ ...given, userAgent: 'M'.repeat(5000), link: `https://a.example/${'x'.repeat(5000)}` });
    expect([long.userAgent?.length, long.link?.length]).toEqual([512, 2048]);
    expect(Object.keys(SesEvent.parse(given)).length).toBeGreaterThanOrEqual(Object.keys(given).length);
  });

  it('is taken whatever stands where a program’s name, a link or a mark may stand', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (userAgent, automated, link) => {
        expect(SesEvent.safeParse({ ...given, userAgent, automated, link }).success).toBe(true);
      }),
    );
  });

  it('is not taken without whom and what it is about', () => {
    for (const field of Object.keys(given)) expect(SesEvent.safeParse({ ...given, [field]: undefined }).success).toBe(false);
  });
});

describe('a message that the local SES makes', () => {
  const parts = {
    'Email Delivered': { delivery: { timestamp: at } },
    'Email Opened': { open: { timestamp: at, userAgent: 'x'.repeat(600) } },
    'Email Clicked': { click: { timestamp: at, link: `https://a.example/${'y'.repeat(3000)}`, userAgent: browsers.iphone } },
    'Email Bounced': { bounce: { timestamp: at, bounceType: 'Permanent', bounceSubType: 'General' } },
    'Email Complaint Received': { complaint: { timestamp: at } },
  };
  it.each(sesEventRules.map((it) => it.detailType))('is read back as the queue reads it: %s', (type) => {
    const event = busEvent(type, parts[type as keyof typeof parts] ?? {});
    const lead = { ...event, detail: { ...event.detail, mail: { ...event.detail.mail, tags: { lead: ['lead-a'] } } } };
    for (const it of [event, lead]) {
      const message = toMessage(it) ?? '';
      expect(message).not.toBe('');
      expect(readBack(message)).toEqual(toSesEvent(it));
    }
  });
});

describe('a message that is known before it is taken', () => {
  const odd = fc.oneof(fc.constantFrom('', 'e1', 'é"', 'x'.repeat(201), '1', '0', '-1', '1.5', 'Infinity'), fc.string());
  const tags = fc.record(
    { lead: fc.oneof(fc.constant('lead-a'), odd), sequence: odd, enrolment: odd, step: odd, round: odd, address: odd },
    { requiredKeys: ['lead'] },
  );
  const moments = fc.oneof(fc.constantFrom(at, '2026-02-30T10:00:00.000Z', '', 'now'), fc.string());
  const parts = fc.tuple(moments, odd, fc.option(fc.boolean(), { nil: undefined })).map(([timestamp, text, isAutomated]) => ({
    delivery: { timestamp },
    open: { timestamp, userAgent: text, isAutomated },
    click: { timestamp, link: text, userAgent: text, isAutomated },
    bounce: { timestamp, bounceType: text, bounceSubType: text },
  }));

  it('says what any look at it finds, or is looked at; once', () => {
    let known = 0;
    fc.assert(
      fc.property(fc.constantFrom(...sesEventRules.map((it) => it.detailType)), tags, parts, odd, (type, given, part, id) => {
        const event = { ...busEvent(type, part), id };
        const lists = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value]]));
        const message = toMessage({ ...event, detail: { ...event.detail, mail: { ...event.detail.mail, tags: lists } } }) ?? '';
        const told = toldEvents();
        told.keep(message, readBack(message));
        const taken = told.take(message);
        if (taken) expect(taken).toEqual(LeadEvent.parse(JSON.parse(message)));
        known += Number(taken !== undefined);
        expect(told.take(message)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
    expect(known).toBeGreaterThan(10);
  });
});
