import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { sesClient } from '#adapters/aws/clients';
import { sesMail } from '#adapters/aws/mail';
import { compileEmails } from '#adapters/email/compile-emails';
import { loadMarketing } from '#adapters/files/load-marketing';
import { domainOf } from '#core/dns-records';
import { oneLine } from '#core/email';
import type { Lead } from '#core/lead';
import type { OutgoingEmail } from '#core/ports';
import { compileSequence } from '#core/sequences/compile';
import { memoryMap } from '#local/durable-map';
import { sesHandler } from '#local/sdk/handlers';
import { createMailService, type StoredMail } from '#local/ses/mail-service';
import { toMime } from '#local/ses/mime';
import { createWorld } from '#local/world';
import { digest, email, sequenceOf } from '#tests/core/sequences/sequences';
import { messageRules } from '#tests/helpers/message-rules';

const marketing = await loadMarketing('marketing');
const { live, layout } = marketing;
if (!live || !layout) throw new Error('marketing/ cannot be read');
const { brand } = live;
const dkimDomain = domainOf(brand.sender.address);

const sequence = sequenceOf([email('hello', { atOnce: true })], { topic: 'product-tips' });
const text = [
  '---',
  `subject: "{{ lead.first-name | default: 'Hello' }} at {{ lead.company | default: 'work' }}: the plan"`,
  'preheader: A word before',
  '---',
  "Dear {{ lead.first-name | default: 'reader' }} of **{{ lead.company | default: 'your company' }}**,",
  '',
  "[see the plan](https://app.lintel.example/?c={{ lead.company | default: '' | url_encode }}){.button}",
].join('\n');
const files = { hello: { file: 'emails/hello.md', text, kind: 'md' as const, email: 'hello' } };

type Given = { readonly fields?: Lead['fields']; readonly sender?: string; readonly to?: string };

/** A real message: the lead's event, the compiled machine, the handlers, the SES client, the local SES, and what it makes of it. */
const messageFor = async ({ fields = {}, sender = brand.sender.name, to = 'kim@example.com' }: Given) => {
  const { emails, problems } = await compileEmails({ brand, layout, sequence, files });
  expect(problems).toEqual([]);
  const world = await createWorld({
    stack: 'memory',
    compiled: [compileSequence(sequence, emails, digest)],
    live: { ...live, brand: { ...brand, sender: { ...brand.sender, name: sender } } },
    startAt: '2026-03-24T10:00:00.000Z',
    seed: 'test',
  });
  const leadId = world.ports.ids.leadId(to);
  const consents = { 'product-tips': { given: true, at: world.clock.now(), source: 'form' } };
  await world.ports.leads.upsert({ leadId, email: to, fields, consents }, world.clock.now());
  await world.ports.eventQueue.push({ source: 'own', eventId: 'own-1', name: 'trial.started', at: world.clock.now(), leadId });
  await world.runUntil(world.clock.now());
  const [mail] = world.mail.mails();
  if (!mail) throw new Error('no mail went');
  const bytes = await toMime(mail);
  const { 'first-name': name = 'Hello', company = 'work' } = fields;
  const meant = { to, subject: oneLine(`${name} at ${company}: the plan`), senderName: oneLine(sender), dkimDomain };
  return { world, leadId, mail, message: { raw: bytes.toString('latin1'), parsed: await PostalMime.parse(bytes), meant } };
};

const long = (character: string) => Array.from({ length: 200 }, () => character).join('');
const awkward: readonly (readonly [string, Given])[] = [
  ['nothing known', {}],
  ['an ordinary lead', { fields: { 'first-name': 'Kim', company: 'Hart & Söhne' } }],
  ['emoji, joined ones too', { fields: { 'first-name': '👩🏽‍🔧 Kim 🇮🇪', company: '🏗️' } }],
  [
    'line ends and a header in a name',
    { fields: { 'first-name': 'Kim\r\nBcc: x@evil.example\r\n\r\n<script>alert(1)</script>', company: 'A\nB\u2028C\u0085D' } },
  ],
  ['writing from right to left, and marks that turn it round', { fields: { 'first-name': 'محمد', company: 'שלום \u202egnp.exe\u202c' } }],
  ['a name of 200 letters', { fields: { 'first-name': long('x'), company: long('y') } }],
  ['a name of 200 letters without a blank, beyond ASCII', { fields: { 'first-name': long('ß'), company: long('漢') } }],
  ['a name that looks like an encoded word', { fields: { 'first-name': '=?UTF-8?Q?Bcc=3A_x?=', company: '=?x' } }],
  [
    'null bytes and lone surrogates',
    { fields: { 'first-name': 'K\u0000i\u0001m', company: 'x\ud800y'.replace(/[\ud800-\udfff]/g, '\ufffd') } },
  ],
  ['quotes in the sender’s name', { sender: 'Maeve "the Beam" O’Neill\\, Lintel <x@y.example>' }],
  ['plain quotes and commas in the sender’s name', { sender: 'O"Neill, Maeve (Lintel); \\ <a@b.example>' }],
  ['a long sender beyond ASCII', { sender: 'Größenwahnsinnige Bauüberwachungsgesellschaft für Türen, Böden & Gerüste 👷 zu Köln' }],
  ['a sender that looks like an encoded word', { sender: '=?UTF-8?B?eA==?=' }],
  ['line ends in the sender’s name', { sender: 'Maeve\r\nBcc: x@evil.example' }],
  ['a plus, dots and quotes in the address', { to: "o'kim.b+tag@sub.example.co.uk" }],
];

describe.each(awkward)('a real message: %s', (_, given) => {
  it('keeps every rule of the RFCs and of the mailbox providers', async () => {
    const { message } = await messageFor(given);
    const broken = messageRules.flatMap(({ source, rule, broken }) => {
      const found = broken(message);
      return found ? [{ source, rule, found }] : [];
    });
    expect(broken).toEqual([]);
  });
});

describe('a real message', () => {
  it('carries HTML and text as they were filled, whatever the encoding on the way', async () => {
    const { mail, message } = await messageFor({ fields: { 'first-name': '👩🏽‍🔧', company: long('漢') } });
    expect(message.parsed.html?.trim()).toBe(mail.html.trim());
    expect(message.parsed.text?.trim()).toBe(mail.text.trim());
    expect(message.parsed.date).toBe(mail.at);
  });

  it('is left by its own header: one POST to its one URI, as RFC 8058 has it, and the lead is out', async () => {
    const { world, leadId, message } = await messageFor({});
    const uri = new URL(message.parsed.headers.find((it) => it.key === 'list-unsubscribe')?.value.slice(1, -1) ?? '');
    const consented = async () => (await world.ports.leads.find(leadId))?.consents['product-tips']?.given;
    await world.app.request(uri.pathname);
    expect(await consented(), 'a GET changes nothing').toBe(true);
    const response = await world.app.request(uri.pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: message.parsed.headers.find((it) => it.key === 'list-unsubscribe-post')?.value ?? '',
    });
    expect(response.status).toBe(200);
    expect(await consented()).toBe(false);
  });

  it('tells the providers which sequence and step it is of', async () => {
    const { message } = await messageFor({});
    expect(message.parsed.headers.find((it) => it.key === 'feedback-id')?.value).toBe('trial-nurture:hello:local:AmazonSES');
  });
});

describe('any name', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 120 }),
    fc.constantFrom(
      '\r\nBcc: x@evil.example\r\n',
      '=?UTF-8?B?eA==?=',
      '=?',
      '?=',
      '"',
      '\\',
      '<x@evil.example>',
      ',',
      ';',
      '(',
      ' ',
      '\t',
      '\u2028',
      '\u202e',
      '\u0000',
    ),
  );
  const name = fc.array(piece, { minLength: 1, maxLength: 4 }).map((it) => oneLine(it.join('')));

  it('of sender or lead: the message keeps the rules for headers, and both are read as they were meant', async () => {
    const headerRules = messageRules.filter(({ source }) => !/way out/.test(source));
    await fc.assert(
      fc.asyncProperty(name, name, async (sender, subject) => {
        fc.pre(sender !== '' && subject !== '');
        const service = createMailService({
          clock: { now: () => now },
          inbox: memoryMap(),
          due: memoryMap(),
          fate: () => [],
          emit: async () => undefined,
        });
        const local = {
          region: 'us-east-1',
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
          endpoint: 'http://email.local',
        };
        const client = sesClient({ ...local, requestHandler: sesHandler(service, () => undefined) as never });
        const sent = await sesMail(client).send({ ...outgoing, from: { name: sender, address: brand.sender.address }, subject });
        expect(sent.result).toBe('accepted');
        const bytes = await toMime(service.mails()[0] as StoredMail);
        const meant = { to: outgoing.to, subject, senderName: sender, dkimDomain };
        const message = { raw: bytes.toString('latin1'), parsed: await PostalMime.parse(bytes), meant };
        expect(headerRules.filter((it) => it.broken(message)).map((it) => it.rule)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  const now = '2026-03-24T10:00:00.000Z';
  const outgoing: Omit<OutgoingEmail, 'from' | 'subject'> = {
    to: 'kim@example.com',
    html: '<p>Hello</p>',
    text: 'Hello',
    headers: [
      { name: 'List-Unsubscribe', value: '<https://go.lintel.example/u/token>' },
      { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    ],
    tags: { lead: 'l-1', 'ses:feedback-id-a': 'trial', 'ses:feedback-id-b': 'hello' },
  };
});

describe('the rules', () => {
  const good = messageFor({});
  const breaking: readonly (readonly [string, (raw: string) => string])[] = [
    ['no line is longer than 998 octets', (raw) => raw.replace('Subject: ', `X-Long: ${'x'.repeat(1000)}\r\nSubject: `)],
    ['lines end with CR LF, and there is no lone CR or LF', (raw) => raw.replace('\r\n', '\n')],
    ['From, To, Subject, Date, Message-ID and MIME-Version are there, once', (raw) => raw.replace(/^Date: .*\r\n/m, '')],
    ['headers are ASCII', (raw) => raw.replace('Subject: ', 'Subject: \u00fc')],
    [
      'an encoded word has at most 75 characters, and what is meant to be one is one',
      (raw) => raw.replace('Subject: ', `Subject: =?UTF-8?B?${'QUFB'.repeat(30)}?= `),
    ],
    ['text and HTML are alternatives, the better one last', (raw) => raw.replace('multipart/alternative', 'multipart/mixed')],
    [
      'List-Unsubscribe is there once, with one https URI in angle brackets',
      (raw) => raw.replace('<https://go', '<mailto:a@b.example>, <https://go'),
    ],
    ['List-Unsubscribe-Post is there once and says exactly this', (raw) => raw.replace('=One-Click', '=one-click')],
    [
      'From is one address, and its domain aligns with the one that DKIM signs for (DMARC)',
      (raw) => raw.replace('@mail.lintel.example', '@lintel.test'),
    ],
    [
      'Feedback-ID has four fields at most, none empty, and the sender’s id of 5 to 15 characters last',
      (raw) => raw.replace('Feedback-ID: ', 'Feedback-ID: a:b:'),
    ],
    ['it goes to one person, and nobody reads who else got it', (raw) => raw.replace('To: ', 'To: other@example.com, ')],
    ['the subject is what was meant, in one line', (raw) => raw.replace('Subject: ', 'Subject: Re: ')],
    ['there is no header that nobody meant', (raw) => raw.replace('Subject: ', 'X-Mailer: x\r\nSubject: ')],
  ];

  it.each(breaking)('find a message that breaks: %s', async (rule, change) => {
    const { message } = await good;
    const raw = change(message.raw);
    expect(raw).not.toBe(message.raw);
    const changed = { ...message, raw, parsed: await PostalMime.parse(Buffer.from(raw, 'latin1')) };
    expect(messageRules.filter((it) => it.broken(changed)).map((it) => it.rule)).toContain(rule);
  });
});
