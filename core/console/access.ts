import type { Group, ViewName } from './views.ts';

const both = ['marketing', 'sales'] as const;
const marketing = ['marketing'] as const;
const sales = ['sales'] as const;

/**
 * Every route under /console/api, and which groups it answers: the one place that says so. A route that is not here is not there, and
 * one without its answer does not compile.
 */
export const access = {
  'GET /me': both,
  'GET /sequences': marketing,
  'GET /sequences/:sequence': marketing,
  'GET /sequences/:sequence/emails/:step': marketing,
  'POST /sequences/:sequence/pause': marketing,
  'POST /sequences/:sequence/resume': marketing,
  'GET /simulations': marketing,
  'GET /simulations/:name': marketing,
  'POST /leads/search': both,
  'GET /leads': both,
  'GET /leads/:leadId': both,
  'POST /leads/:leadId/pause': marketing,
  'POST /leads/:leadId/resume': marketing,
  'POST /leads/:leadId/exit': marketing,
  'POST /leads/:leadId/erase': marketing,
  'GET /tasks': both,
  'GET /tasks/:taskId': both,
  'POST /tasks/:taskId/answers': sales,
  'GET /team': both,
  'GET /report': both,
  'GET /report/:table': both,
  'GET /operations': marketing,
  'POST /operations/pause': marketing,
  'POST /operations/resume': marketing,
  'POST /operations/redrive': marketing,
  'POST /operations/dead-letters': marketing,
} as const satisfies { readonly [route: `${'GET' | 'POST'} /${string}`]: readonly Group[] };
export type RouteName = keyof typeof access;
export const routeNames = Object.keys(access) as readonly RouteName[];

export const maySee = (route: RouteName, groups: readonly Group[]): boolean =>
  (access[route] as readonly Group[]).some((it) => groups.includes(it));

const viewRoutes: { readonly [view in ViewName]: RouteName } = {
  sequences: 'GET /sequences',
  simulations: 'GET /simulations',
  leads: 'GET /leads',
  tasks: 'GET /tasks',
  team: 'GET /team',
  report: 'GET /report',
  operations: 'GET /operations',
};
export const viewsFor = (groups: readonly Group[]): readonly ViewName[] =>
  (Object.keys(viewRoutes) as ViewName[]).filter((it) => maySee(viewRoutes[it], groups));

const actRoutes = {
  'pause-sequence': 'POST /sequences/:sequence/pause',
  'resume-sequence': 'POST /sequences/:sequence/resume',
  'pause-lead': 'POST /leads/:leadId/pause',
  'resume-lead': 'POST /leads/:leadId/resume',
  'exit-lead': 'POST /leads/:leadId/exit',
  'erase-lead': 'POST /leads/:leadId/erase',
  'answer-task': 'POST /tasks/:taskId/answers',
  redrive: 'POST /operations/redrive',
} as const satisfies { readonly [act: string]: RouteName };
export type ActName = keyof typeof actRoutes;
/** What only the command line does. */
export type CommandActName =
  | 'accept-restored'
  | 'add-key'
  | 'discard'
  | 'enrol-everyone'
  | 'forget-sequence'
  | 'keep-off-sales'
  | 'let-to-sales'
  | 'migrate'
  | 'publish-rehearsal'
  | 'publish-winner'
  | 'revoke-key'
  | 'rotate-key'
  | 'withdraw-winner'
  | 'recover';
export type HandActName = ActName | CommandActName;
export const actsFor = (groups: readonly Group[]): readonly ActName[] =>
  (Object.keys(actRoutes) as ActName[]).filter((it) => maySee(actRoutes[it], groups));
