import { brotliCompressSync } from 'node:zlib';
import type { RouteName } from '#core/console/access';
import type { Person } from '#core/console/outside';
import type { Ports } from '#core/ports';
import { consoleApp } from '#lambdas/console/console';

/** A user pool that knows these people by their tokens; whoever has the refresh token of one goes on as that one. */
export const poolOf = (people: { readonly [token: string]: Person }): Ports['signIn'] => ({
  url: ({ state, challenge }) => `https://pool.example/authorize?${new URLSearchParams({ state, code_challenge: challenge })}`,
  exchange: async (code) => (people[code] ? { idToken: code, refreshToken: `refresh-${code}`, expiresInSeconds: 300 } : undefined),
  refresh: async (refreshToken) => {
    const idToken = refreshToken.replace(/^refresh-/, '');
    return people[idToken] ? { idToken, expiresInSeconds: 300 } : undefined;
  },
  revoke: async () => 'revoked',
  personOf: async (idToken) => people[idToken],
  signOutUrl: (back) => `https://pool.example/logout?${new URLSearchParams({ logout_uri: back })}`,
});

/** The page's own files, as far as anybody asks for them. */
const files: Ports['consoleFiles'] = {
  find: async (path) => {
    const body = brotliCompressSync('/* of the page */');
    if (path === '/console/index.html') return { body, type: 'text/html; charset=utf-8', etag: '"page"', isForever: false };
    if (path === '/console/app-1234.js') return { body, type: 'text/javascript; charset=utf-8', etag: '"app"', isForever: true };
    return undefined;
  },
};

/** All of /console as AWS serves it, to whoever carries the token of one of these people. */
export const consoleDoor = (ports: Ports, people: { readonly [token: string]: Person }) =>
  consoleApp({ ...ports, signIn: poolOf(people), consoleFiles: files });

export const cookieOf = (token: string): string => `__Secure-baton-id=${token}; __Secure-baton-refresh=refresh-${token}`;

export type ConsoleRequest = { readonly path: string; readonly body?: object };
/** What is there to be asked about. */
export type ConsoleThings = {
  readonly leadId: string;
  readonly email: string;
  readonly taskId: string;
  readonly sequence: string;
  readonly step: string;
};

/** A request of every route that is as it should be. */
export const consoleRequests = (of: ConsoleThings): { readonly [R in RouteName]: ConsoleRequest } => ({
  'GET /me': { path: '/me' },
  'GET /sequences': { path: '/sequences' },
  'GET /sequences/:sequence': { path: `/sequences/${of.sequence}` },
  'GET /sequences/:sequence/emails/:step': { path: `/sequences/${of.sequence}/emails/${of.step}` },
  'POST /sequences/:sequence/pause': { path: `/sequences/${of.sequence}/pause`, body: { why: 'a slip' } },
  'POST /sequences/:sequence/resume': { path: `/sequences/${of.sequence}/resume`, body: {} },
  'GET /simulations': { path: '/simulations' },
  'GET /simulations/:name': { path: '/simulations/none' },
  'POST /leads/search': { path: '/leads/search', body: { email: of.email } },
  'GET /leads': { path: '/leads' },
  'GET /leads/:leadId': { path: `/leads/${of.leadId}` },
  'POST /leads/:leadId/pause': { path: `/leads/${of.leadId}/pause`, body: { days: 3 } },
  'POST /leads/:leadId/resume': { path: `/leads/${of.leadId}/resume`, body: {} },
  'POST /leads/:leadId/exit': { path: `/leads/${of.leadId}/exit`, body: { sequence: of.sequence } },
  'POST /leads/:leadId/erase': { path: `/leads/${of.leadId}/erase`, body: { email: of.email } },
  'GET /tasks': { path: '/tasks' },
  'GET /tasks/:taskId': { path: `/tasks/${of.taskId}` },
  'POST /tasks/:taskId/answers': { path: `/tasks/${of.taskId}/answers`, body: { answer: 'accept' } },
  'GET /team': { path: '/team' },
  'GET /report': { path: '/report' },
  'GET /report/:table': { path: '/report/deliverability.csv' },
  'GET /operations': { path: '/operations' },
  'POST /operations/pause': { path: '/operations/pause', body: { what: of.sequence, why: 'a slip' } },
  'POST /operations/resume': { path: '/operations/resume', body: { what: of.sequence } },
  'POST /operations/dead-letters': { path: '/operations/dead-letters', body: { queue: 'send' } },
  'POST /operations/redrive': { path: '/operations/redrive', body: { queue: 'send' } },
});
