import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { type EndpointName, endpointNames } from '#core/endpoints';
import { addSeconds, type Instant } from '#core/instant';
import { testKeys } from '#local/settings';
import type { World } from '#local/world';
import type { ApiRequest } from './api-event.ts';
import { consoleAsk } from './fuzz-console.ts';

/** What no answer may show as it came: a tag and an attribute, ends of lines in a header, a template. */
export const mark = "\"><fuzz onfuzz='1'>\r\nx-fuzz: 1\r\n\r\n{{ 7 | times: 7 }}";
const nasty: readonly string[] = [
  mark,
  '',
  ' ',
  '\u0000',
  '\uD800',
  '\u202E\uFEFF',
  '../../etc/passwd',
  '%00',
  '%',
  '%ff',
  '__proto__',
  'constructor',
  'A'.repeat(5000),
  '-1',
  '1e400',
  '9007199254740993',
  'null',
  '2026-02-30',
  "' OR 1=1 --",
  'ﬃ',
];

/** What a request is made from: numbers that choose, so that a failure shrinks to few of them. */
export const choice = fc.record({
  endpoint: fc.nat(endpointNames.length - 1),
  method: fc.nat(19),
  token: fc.nat(11),
  auth: fc.nat(9),
  body: fc.nat(11),
  headers: fc.array(fc.tuple(fc.nat(headerNames().length - 1), fc.nat(nasty.length - 1)), { maxLength: 3 }),
  query: fc.nat(9),
  path: fc.nat(19),
  spoil: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(5)), { maxLength: 4 }),
  junk: fc.uint8Array({ maxLength: 64 }),
});
type Choice = typeof choice extends fc.Arbitrary<infer Made> ? Made : never;

/** A good request, with nothing wrong. */
export const goodChoice = (endpoint: number): Choice => ({
  endpoint,
  ...{ method: 0, token: 0, auth: 0, body: 0, query: 0, path: 0 },
  ...{ headers: [], spoil: [], junk: new Uint8Array() },
});

export type FuzzRequest = {
  readonly endpoint: EndpointName;
  readonly path: string;
  readonly request: ApiRequest;
  /** Whether it carries a key or a signature that is good. */
  readonly isKnown: boolean;
};
export type Target = {
  readonly world: World;
  readonly leadIds: readonly string[];
  readonly tasks: readonly { readonly taskId: string; readonly rep: string }[];
  /** With an e-mail at its step. */
  readonly sequence: { readonly sequence: string; readonly step: string };
};

/** As an HTTP API would hand it over, whatever it is. */
export const requestOf = (target: Target, it: Choice): FuzzRequest => {
  const { world } = target;
  const endpoint = endpointNames[it.endpoint] as EndpointName;
  const [declared = 'GET', template = '/'] = endpoint.split(' ');
  const method = it.method < 14 ? declared : (['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'][it.method - 14] as string);
  const console = template.startsWith('/console') ? consoleAsk(endpoint, consoleThings(target, it), it, mark) : undefined;
  const path = spoiledPath(
    console?.path ??
      template
        .replace('{token}', tokenFor(world, target, template, it))
        .replace('{form}', formId(it))
        .replace('{taskId}', target.tasks[it.token % target.tasks.length]?.taskId ?? ''),
    it.path,
  );
  const hasBody = !['GET', 'HEAD'].includes(method) || it.junk.length % 8 === 7;
  const sent: Sent = hasBody
    ? bodyOf(template, console ? console.body : goodBody(template, target, it.junk[1] ?? 0), it)
    : { text: '', isBase64: false };
  const signed = it.auth === 8 ? signatureOf(sent.text, world.clock.now()) : {};
  const isSpoiled = (name: string) => it.headers.some(([at]) => headerNames()[at]?.startsWith(name));
  const isKnown = console
    ? console.isKnown && (template.endsWith('sign-out') || !isSpoiled('cookie'))
    : it.auth < 6
      ? !isSpoiled('authorization')
      : it.auth === 8 && template === '/events' && !isSpoiled('webhook');
  const headers: Record<string, string> = {
    ...(sent.type !== undefined && { 'content-type': sent.type }),
    ...(console && console.cookie !== '' && { cookie: console.cookie }),
    ...(it.auth < 6 && { authorization: `Bearer ${testKeys.api.local}` }),
    ...(it.auth === 6 && { authorization: `Bearer ${testKeys.api.local.slice(0, -1)}` }),
    ...(it.auth === 7 && { authorization: mark }),
    ...signed,
    origin: console ? console.origin : it.query < 5 ? 'https://lintel.example' : 'https://elsewhere.example',
    ...Object.fromEntries(it.headers.map(([name, value]) => [headerNames()[name] ?? 'x', asHeader(nasty[value] ?? '')])),
  };
  const query = console
    ? console.query
    : it.query < 6
      ? ''
      : ['answer=accept', `answer=${encodeURIComponent(mark)}`, 'action=leave-all&_method=POST', '%ff=%00&&=&a'][it.query - 6];
  return {
    endpoint,
    path,
    isKnown,
    request: {
      method,
      headers,
      ...(query && { query }),
      ...(sent.text !== '' && { body: sent.isBase64 ? Buffer.from(sent.text).toString('base64') : sent.text }),
      ...(sent.isBase64 && { isBase64: true }),
    },
  };
};

/** A function, as the arbitrary above is made before this file is read to its end. */
function headerNames(): readonly string[] {
  return [
    'accept',
    'authorization',
    'content-encoding',
    'content-length',
    'content-type',
    'cookie',
    'dnt',
    'expect',
    'host',
    'if-none-match',
    'origin',
    'range',
    'sec-purpose',
    'transfer-encoding',
    'user-agent',
    'webhook-id',
    'webhook-signature',
    'webhook-timestamp',
    'x-forwarded-for',
    'x-http-method-override',
  ];
}

/** HTTP itself carries none of these in a header. */
const asHeader = (text: string): string => text.replaceAll(/[\0\r\n\uD800]/g, '');

const purposes = { u: 'unsubscribe', p: 'preferences', c: 'confirm' } as const;

/** Mostly a good one for this page; else for another, of nobody, too old, cut, changed, or no token at all. */
const tokenFor = (world: World, { leadIds, tasks }: Omit<Target, 'world'>, template: string, it: Choice): string => {
  const page = template[1] as keyof typeof purposes | 'a';
  const seed = it.junk[0] ?? 0;
  const leadId = leadIds[seed % leadIds.length] ?? '';
  const claims = {
    leadId: it.token === 6 ? 'nobody' : leadId,
    topic: it.token === 7 ? mark : 'events',
    expiresAt: addSeconds(world.clock.now(), it.token === 8 ? -400 * 86_400 : 86_400),
    locale: it.token === 9 ? mark : 'en',
  };
  const task = tasks[seed % tasks.length] ?? { taskId: '', rep: '' };
  const { links } = world.ports;
  const good =
    page === 'a'
      ? links.signAnswer({ ...task, expiresAt: claims.expiresAt })
      : links.sign(it.token === 5 ? 'visit' : (purposes[page] ?? 'visit'), claims);
  if (it.token === 10) return `${good.slice(0, -2)}${good.endsWith('A') ? 'B' : 'A'}`;
  return it.token === 11 ? encodeURIComponent(nasty[seed % nasty.length]?.replaceAll('\uD800', '') ?? '') : good;
};

const consoleThings = ({ leadIds, tasks, sequence }: Target, { junk }: Choice) => {
  const seed = junk[1] ?? 0;
  return {
    ...sequence,
    leadId: leadIds[seed % leadIds.length] ?? '',
    taskId: tasks[seed % tasks.length]?.taskId ?? '',
    email: 'fuzz1@people.example',
  };
};

const formId = (it: Choice): string =>
  it.token < 8 ? 'walkthrough' : encodeURIComponent(['nothing', '__proto__', 'constructor', mark][it.token - 8] ?? '');

const spoiledPath = (path: string, how: number): string => {
  if (how < 15) return path;
  return [`${path}/`, `/${path}`, path.toUpperCase(), `${path}%2F..%2Fleads`, `${path}%00`][how - 15] ?? path;
};

type Sent = { readonly text: string; readonly type?: string; readonly isBase64: boolean };

const visitOf = ({ ports, clock }: World, leadId: string): string =>
  ports.links.sign('visit', { leadId, topic: '', expiresAt: addSeconds(clock.now(), 86_400), locale: 'en' });

const bodyOf = (template: string, good: unknown, it: Choice): Sent => {
  const isForm = /^\/[upcaf]\//.test(template);
  const fields = spoiled(good, it.spoil) as Record<string, string>;
  const isBase64 = it.body % 2 === 1;
  if (it.body < 6)
    return isForm
      ? { text: new URLSearchParams(flat(fields)).toString(), type: 'application/x-www-form-urlencoded', isBase64 }
      : { text: JSON.stringify(fields) ?? '', type: 'application/json', isBase64 };
  const others: readonly Sent[] = [
    { text: JSON.stringify(good).slice(0, -3), type: 'application/json', isBase64 },
    { text: '['.repeat(20_000), type: 'application/json; charset=utf-8', isBase64 },
    { text: Buffer.from(it.junk).toString('latin1'), type: 'application/json; charset=utf-16', isBase64 },
    { text: multipart(flat(fields)), type: 'multipart/form-data; boundary=x', isBase64 },
    { text: '--x\r\nContent-Disposition: form-data; name="a"; filename="b', type: 'multipart/form-data; boundary=x', isBase64 },
    { text: '', isBase64: false },
  ];
  return others[it.body - 6] ?? { text: '', isBase64: false };
};

const flat = (fields: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries((fields ?? {}) as object).map(([name, value]) => [
      name,
      String(typeof value === 'object' ? JSON.stringify(value) : value),
    ]),
  );

const multipart = (fields: Record<string, string>): string =>
  `${Object.entries(fields)
    .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--x--\r\n`;

const answers = [
  { answer: 'accept' },
  { answer: 'reject', reason: 'wrong-size' },
  { answer: 'recycle', reason: 'wrong-time', until: '2026-06-01' },
  { answer: 'won', amount: 1200.5, currency: 'EUR' },
  { answer: 'lost', reason: 'price' },
];

/** What each endpoint takes, so that most of the code behind it is reached. */
const goodBody = (template: string, { world, leadIds, tasks }: Target, seed: number): unknown => {
  // Mostly of others than those whose pages are opened: once suppressed, a lead has little to say there.
  const email = `fuzz${seed % 70}@elsewhere.example`;
  const lead = leadIds[seed % leadIds.length];
  switch (template) {
    case '/leads':
      return {
        list: 'fuzz',
        leads: [
          { email, 'first-name': mark, country: 'DE', 'consent-topics': 'events', 'consent-at': '2026-01-01', 'consent-source': 'fuzz' },
        ],
      };
    case '/events':
      return {
        events: [{ id: `e${seed}`, name: 'trial.started', at: '2026-03-23T12:00:00Z', ...(seed % 2 ? { email } : { 'lead-id': lead }) }],
      };
    case '/suppressions':
      return { source: 'fuzz', suppressions: [{ email, reason: 'unsubscribed', at: '2026-01-01T00:00:00Z' }] };
    case '/addresses':
      return { changes: [{ from: seed % 3 ? lead : email, to: `fuzz${(seed + 1) % 70}@elsewhere.example` }] };
    case '/replies':
      return {
        replies: [
          {
            id: `r${seed}`,
            at: '2026-03-23T12:00:00Z',
            email,
            subject: 'Re: hello',
            text: `Please stop\n${mark}`,
            headers: { 'auto-submitted': 'no' },
          },
        ],
      };
    case '/tasks/{taskId}/answers':
      return { ...answers[seed % answers.length], ...(seed % 2 && { rep: tasks[0]?.rep }) };
    case '/a/{token}':
      return { ...answers[seed % answers.length], ...(seed % 5 === 4 && { reason: mark, amount: mark }) };
    case '/enrol':
      return { enrolments: [{ id: `n${seed}`, sequence: 'webinar-follow-up', email }] };
    case '/t':
      return { t: seed % 5 ? mark : visitOf(world, lead ?? ''), p: '/pricing', i: 'abcdefgh1234' };
    case '/f/{form}':
      return { email, 'first-name': mark, company: mark, 'consent:events': 'yes' };
    default:
      return { action: ['leave-all', 'save', 'pause', 'confirm', mark][seed % 5], events: 'on', 'List-Unsubscribe': 'One-Click' };
  }
};

/** Some values of a body, wherever they are, taken for something else. */
const spoiled = (value: unknown, how: Choice['spoil']): unknown => {
  const copy: unknown = structuredClone(value);
  for (const [at, what, kind] of how) {
    const places = placesIn(copy);
    const place = places[at % Math.max(1, places.length)];
    if (place) spoil(place, what, kind);
  }
  return copy;
};

type Place = { readonly of: Record<string, unknown>; readonly name: string };
const placesIn = (value: unknown): readonly Place[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, it]) => [{ of: value as Record<string, unknown>, name }, ...placesIn(it)]);

const spoil = ({ of, name }: Place, what: number, kind: number): void => {
  const text = nasty[what % nasty.length] ?? '';
  if (kind === 0) of[name] = text;
  if (kind === 1) delete of[name];
  if (kind === 2) of[name] = [null, true, -1, 1.5e308, [], {}, [[]], { a: { b: mark } }][what % 8];
  if (kind === 3) Object.defineProperty(of, text || 'x', { value: mark, enumerable: true, configurable: true, writable: true });
  // Once is enough: many of many would be a request that no connection carries.
  if (kind === 4 && !Array.isArray(of[name])) of[name] = Array.from({ length: 600 }, () => (typeof of[name] === 'object' ? {} : of[name]));
  if (kind === 5) of[name] = `${String(of[name])}${text}`;
};

const signatureOf = (body: string, now: Instant): Record<string, string> => {
  const at = new Date(now);
  const signature = new Webhook(testKeys.api.billing.webhook).sign('fuzz', at, body);
  return { 'webhook-id': 'fuzz', 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': signature };
};
