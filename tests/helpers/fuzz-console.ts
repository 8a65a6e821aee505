import { access, type RouteName } from '#core/console/access';
import type { Person } from '#core/console/outside';
import type { Group } from '#core/console/views';
import { type ConsoleThings, consoleRequests, cookieOf } from './console-door.ts';

/** Who may sign in: somebody of both groups, a rep, and somebody whom nobody has put into a group. */
export const fuzzPeople: { readonly [token: string]: Person } = {
  ana: { id: 'person-ana', name: 'Ana', email: 'ana@lintel.example', groups: ['marketing', 'sales'] },
  jo: { id: 'person-jo', name: 'Jo', email: 'jo@lintel.example', groups: ['sales'] },
  new: { id: 'person-new', name: 'New', email: 'new@lintel.example', groups: [] },
};

/** Numbers that choose, as tests/helpers/fuzz-requests.ts makes them. */
type Chosen = { readonly token: number; readonly auth: number; readonly query: number; readonly junk: Uint8Array };
export type ConsoleAsk = {
  readonly path: string;
  readonly query: string;
  readonly cookie: string;
  readonly origin: string;
  readonly body: unknown;
  /** May do that: of a group that may, from our own page. */
  readonly isKnown: boolean;
};

const own = 'https://go.example.com';

/** A request of the console, good but for what `it` says; `mark`: what must not be shown as it came. */
export const consoleAsk = (endpoint: string, things: ConsoleThings, it: Chosen, mark: string): ConsoleAsk => {
  const [method = 'GET', template = ''] = endpoint.split(' ');
  const origin = it.query < 5 ? own : it.query === 9 ? 'null' : 'https://elsewhere.example';
  const isOwn = method === 'GET' || origin === own;
  const [cookie, groups] = sessionOf(it.auth, mark);
  const bare = { query: '', cookie, origin, body: {}, isKnown: true };
  if (template === '/console/signed-in') return { ...bare, ...comingBack(it.token, mark), path: template };
  if (template === '/console/sign-in') return { ...bare, query: toOf(it.token, mark), path: template };
  if (!template.includes('{')) return { ...bare, isKnown: isOwn, path: template };
  const page = pages[(it.junk[0] ?? 0) - 240];
  if (method === 'GET' && page !== undefined) return { ...bare, path: page };
  const wanted = it.token < 9 ? things : { ...things, leadId: spelt(mark), taskId: spelt(mark), sequence: spelt(mark), email: mark };
  const asks = Object.entries(consoleRequests(wanted)).filter(([route]) => route.startsWith(`${method} `));
  const [route, { path, body }] = asks[(it.junk[0] ?? 2) % asks.length] as (typeof asks)[number];
  const isKnown = isOwn && access[route as RouteName].some((group) => groups.includes(group));
  return { ...bare, path: `/console/api${path}`, query: method === 'GET' ? queryOf(it.query, mark) : '', body: body ?? {}, isKnown };
};

const pages = ['/console/leads', '/console/app-1234.js', '/console/nothing.js', '/console/index.html', '/console/api/nothing'];
const spelt = (text: string) => encodeURIComponent(text);
const inBase64 = (text: string) => Buffer.from(text).toString('base64url');

const sessionOf = (auth: number, mark: string): readonly [string, readonly Group[]] => {
  const all = fuzzPeople.ana?.groups ?? [];
  const [jo, nobody] = [cookieOf('jo'), '__Secure-baton-id=ana2; __Secure-baton-refresh=refresh-'];
  if (auth < 4) return [cookieOf('ana'), all];
  // The hour is over: whoever has a refresh token goes on.
  if (auth === 4) return ['__Secure-baton-id=over; __Secure-baton-refresh=refresh-ana', all];
  if (auth < 7) return [jo, ['sales']];
  return [[nobody, `__Secure-baton-id=${spelt(mark)}`, cookieOf('new')][auth - 7] ?? '', []];
};

const queryOf = (query: number, mark: string): string =>
  query < 5
    ? ''
    : ([
        'sort=newest&stage=lead&days=91',
        `stage=${spelt(mark)}&owner=${spelt(mark)}&days=${spelt(mark)}`,
        `after=${inBase64(mark)}&status=held`,
        `sequence=__proto__&step=${spelt(mark)}&version=constructor&locale=${spelt(mark)}`,
        '%ff=%00&&=&a',
      ][query - 5] ?? '');

const toOf = (token: number, mark: string): string =>
  token < 7 ? 'to=/console/tasks' : `to=${spelt(['https://evil.example', '//evil.example', '/console/../u', mark, ''][token - 7] ?? '')}`;

/** As Cognito sends a browser back, to the one that began. */
const comingBack = (token: number, mark: string): { readonly query: string; readonly cookie: string } => {
  const to = [undefined, 'https://evil.example', mark][Math.max(0, token - 9)] ?? '/console/tasks';
  const state = token === 5 ? 'another' : token === 6 ? mark : 's1';
  const code = token === 7 ? 'nobody' : token === 8 ? mark.repeat(9) : 'ana';
  const cookie = token === 4 ? '' : `__Secure-baton-sign-in=s1.v1.${inBase64(to)}`;
  return { query: `code=${spelt(code)}&state=${spelt(state)}`, cookie };
};
