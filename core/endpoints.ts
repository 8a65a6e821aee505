import { type HandlerName, handlers } from './handlers.ts';

/** How much of a body a handler reads; more is answered with 413. */
export const bodyLimits = {
  ingest: 1024 * 1024,
  form: 64 * 1024,
  page: 64 * 1024,
  visit: 4096,
  console: 16 * 1024,
  gateway: 10 * 1024 * 1024,
} as const;

type RouteOf<Name extends HandlerName> = (typeof handlers)[Name]['trigger'] extends { readonly http: readonly (infer Route)[] }
  ? Route
  : never;
type Named<Route> = Route extends { readonly method: infer Method extends string; readonly path: infer Path extends string }
  ? `${Method} ${Path}`
  : never;
/** Paths of the console that its routes have no word for: what they do is not what the others do. */
const consoleDoors = ['GET /console/sign-in', 'GET /console/signed-in', 'POST /console/api/sign-out'] as const;

export type EndpointName = (typeof consoleDoors)[number] | { [Name in HandlerName]: Named<RouteOf<Name>> }[HandlerName];

export type Endpoint = {
  /** Who may ask, and how that is known. */
  readonly who: string;
  /** In bytes; 0: a body is not read. */
  readonly maxBytes: number;
  readonly checks: string;
  readonly rate: string;
  readonly changes: string;
};

const looksOnly = { maxBytes: 0, rate: 'the stage’s', changes: 'nothing' } as const;
const link = 'whoever has the link: signed with a key of its own purpose, compared in constant time';
const key = 'a system with a key (Bearer, compared by digest in constant time), if the key is for this path';
const json = {
  who: key,
  maxBytes: bodyLimits.ingest,
  rate: 'of each key, 600 a minute unless its entry says otherwise; 429 with Retry-After',
} as const;
const page = { maxBytes: bodyLimits.page, rate: 'the stage’s' } as const;

/** Every public endpoint with what it checks: one that is missing here, or too many, does not compile. */
export const endpoints: { readonly [Name in EndpointName]: Endpoint } = {
  'GET /u/{token}': { ...looksOnly, who: link, checks: 'signature' },
  'POST /u/{token}': {
    ...page,
    maxBytes: bodyLimits.gateway,
    who: link,
    checks: 'signature; the body, cookies and headers do not matter (RFC 8058), so only API Gateway limits it',
    changes: 'the lead leaves the topic',
  },
  'GET /p/{token}': { ...looksOnly, who: link, checks: 'signature' },
  'POST /p/{token}': {
    ...page,
    who: link,
    checks: 'signature; a form of known topics and one action',
    changes: 'topics, a pause, or leaving everything',
  },
  'GET /c/{token}': { ...looksOnly, who: link, checks: 'signature, and when it ends' },
  'POST /c/{token}': {
    ...page,
    who: link,
    checks: 'signature, and when it ends; the button of the page',
    changes: 'a consent is confirmed',
  },
  'GET /x': { ...looksOnly, who: 'anybody', checks: 'none: the page says the company’s name' },
  'GET /a/{token}': { ...looksOnly, who: 'the rep with the link', checks: 'signature, and when it ends; the task is there' },
  'POST /a/{token}': {
    ...page,
    who: 'the rep with the link',
    checks: 'signature, and when it ends; the task is the rep’s; fields of the form, each at most 200 characters',
    changes: 'the task is answered, once',
  },
  'GET /t.js': { ...looksOnly, who: 'anybody', checks: 'none: the same script for everybody' },
  'POST /t': {
    who: 'a site of brand.yaml, by its Origin',
    maxBytes: bodyLimits.visit,
    checks: 'strict schema; a signed visitor; Do Not Track and Global Privacy Control are heeded',
    rate: 'the stage’s',
    changes: 'a visit is put into the queue',
  },
  'POST /f/{form}': {
    who: 'anybody; from a browser, a site of brand.yaml',
    maxBytes: bodyLimits.form,
    checks:
      'the form is in the marketing folder, and so are its fields; a trap field and the least seconds; addresses that could not be mailed',
    rate: 'the stage’s',
    changes: 'a lead is taken in, with the consent that the form words',
  },
  'POST /leads': {
    ...json,
    checks: 'strict schema, at most 500; each row as a line of a CSV list',
    changes: 'leads and consents are stored',
  },
  'POST /events': {
    ...json,
    who: `${key}; or a Standard Webhooks signature, good for 5 minutes`,
    checks: 'UTF-8, strict schema, at most 500; names, times and ids within bounds',
    changes: 'events are put into the queue',
  },
  'POST /suppressions': { ...json, checks: 'strict schema, at most 500', changes: 'addresses get no mail; none is ever taken off' },
  'POST /addresses': { ...json, checks: 'strict schema, at most 50', changes: 'a lead gets another address, or two become one' },
  'POST /replies': { ...json, checks: 'strict schema; the address that was answered is signed', changes: 'nurture stops or waits' },
  'POST /tasks/{taskId}/answers': {
    ...json,
    checks: 'strict schema; the task is there, and the rep may',
    changes: 'the task is answered, once',
  },
  'GET /console': { ...looksOnly, who: 'anybody', checks: 'none: the page that asks to sign in; only where the console is deployed' },
  'GET /console/{path+}': {
    ...looksOnly,
    who: 'files of the page: anybody; the API: who has signed in, by group',
    checks: 'a token of the user pool in a cookie, its signature, audience and end; the group by route (core/console/access.ts)',
  },
  'GET /console/sign-in': {
    ...looksOnly,
    who: 'anybody',
    checks: 'none: leads to the pages of the user pool, with a state and a PKCE challenge that a cookie of ten minutes knows',
  },
  'GET /console/signed-in': {
    ...looksOnly,
    who: 'whoever comes back from the user pool',
    checks:
      'the state is that of this browser’s cookie; the user pool takes the code, by its verifier, once; leads on into /console and nowhere else',
    changes: 'cookies of the browser',
  },
  'POST /console/api/{path+}': {
    who: 'who has signed in, by group',
    maxBytes: bodyLimits.console,
    checks: 'as above; JSON from the page itself (Origin, Sec-Fetch-Site, SameSite=Strict); strict schema by route',
    rate: 'the stage’s',
    changes: 'what the route is for: pauses, a lead’s end or erasure, an answer of sales, dead letters; who did it stands on record',
  },
  'POST /console/api/sign-out': {
    who: 'the console’s own page',
    maxBytes: bodyLimits.console,
    checks: 'from the page itself (Origin, Sec-Fetch-Site, SameSite=Strict); the body is not looked at',
    rate: 'the stage’s',
    changes: 'the session is taken back at the user pool, cookies go',
  },
  'POST /enrol': { ...json, checks: 'strict schema; the sequence is deployed', changes: 'leads are put into the enrol queue' },
};

/** In the order of the handlers' list, the console's doors last. */
export const endpointNames: readonly EndpointName[] = [
  ...Object.values(handlers).flatMap(({ trigger }) =>
    'http' in trigger ? trigger.http.map(({ method, path }) => `${method} ${path}` as EndpointName) : [],
  ),
  ...consoleDoors,
];
