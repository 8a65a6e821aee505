import { beforeAll, describe, expect, it } from 'vitest';
import { access, type RouteName, routeNames } from '#core/console/access';
import type { Group } from '#core/console/views';
import { consoleFor, ownPage } from '#tests/helpers/console-app';
import { aTaskFor } from '#tests/helpers/tasks';
import { aWorld } from '#tests/helpers/world';

let world: Awaited<ReturnType<typeof aWorld>>;
beforeAll(async () => {
  world = await aWorld({ hasConsole: true });
  await aTaskFor(world, world.leadId, { taskId: 'task-a', rep: 'ben' });
});

/** Written a second time, and not taken from the server's list: whoever changes that one must mean it. */
const table: { readonly [R in RouteName]: { readonly path: string; readonly body?: object; readonly for: readonly Group[] } } = {
  'GET /me': { path: '/me', for: ['marketing', 'sales'] },
  'GET /sequences': { path: '/sequences', for: ['marketing'] },
  'GET /sequences/:sequence': { path: '/sequences/nurture', for: ['marketing'] },
  'GET /sequences/:sequence/emails/:step': { path: '/sequences/nurture/emails/welcome', for: ['marketing'] },
  'POST /sequences/:sequence/pause': { path: '/sequences/nurture/pause', body: { why: 'a slip' }, for: ['marketing'] },
  'POST /sequences/:sequence/resume': { path: '/sequences/nurture/resume', body: {}, for: ['marketing'] },
  'GET /simulations': { path: '/simulations', for: ['marketing'] },
  'GET /simulations/:name': { path: '/simulations/none', for: ['marketing'] },
  'POST /leads/search': { path: '/leads/search', body: { email: 'kim@example.com' }, for: ['marketing', 'sales'] },
  'GET /leads': { path: '/leads', for: ['marketing', 'sales'] },
  'GET /leads/:leadId': { path: '/leads/nobody', for: ['marketing', 'sales'] },
  'POST /leads/:leadId/pause': { path: '/leads/nobody/pause', body: { days: 3 }, for: ['marketing'] },
  'POST /leads/:leadId/resume': { path: '/leads/nobody/resume', body: {}, for: ['marketing'] },
  'POST /leads/:leadId/exit': { path: '/leads/nobody/exit', body: { sequence: 'nurture' }, for: ['marketing'] },
  'POST /leads/:leadId/erase': { path: '/leads/nobody/erase', body: { email: 'kim@example.com' }, for: ['marketing'] },
  'GET /tasks': { path: '/tasks', for: ['marketing', 'sales'] },
  'GET /tasks/:taskId': { path: '/tasks/task-a', for: ['marketing', 'sales'] },
  'POST /tasks/:taskId/answers': { path: '/tasks/task-a/answers', body: { answer: 'accept' }, for: ['sales'] },
  'GET /team': { path: '/team', for: ['marketing', 'sales'] },
  'GET /report': { path: '/report', for: ['marketing', 'sales'] },
  'GET /report/:table': { path: '/report/deliverability.csv', for: ['marketing', 'sales'] },
  'GET /operations': { path: '/operations', for: ['marketing'] },
  'POST /operations/pause': { path: '/operations/pause', body: { what: 'nurture', why: 'a slip' }, for: ['marketing'] },
  'POST /operations/resume': { path: '/operations/resume', body: { what: 'nurture' }, for: ['marketing'] },
  'POST /operations/redrive': { path: '/operations/redrive', body: { queue: 'send' }, for: ['marketing'] },
  'POST /operations/dead-letters': { path: '/operations/dead-letters', body: { queue: 'send' }, for: ['marketing'] },
};

const every = routeNames.map((name) => ({ name, ...table[name] }));
const none: readonly Group[] = [];

describe('the console’s server', () => {
  it.each(every)(
    'answers $name to its groups, to nobody else, and to nobody who is not signed in',
    async ({ name, path, body, for: wanted }) => {
      expect(access[name]).toEqual(wanted);
      for (const groups of [['marketing'], ['sales'], none] as readonly (readonly Group[])[]) {
        const app = await consoleFor(world.ports, { groups, rep: 'ben' });
        const { status } = await (body ? app.post(path, body) : app.get(path));
        const may = groups.some((it) => wanted.includes(it));
        expect(may ? status !== 403 && status !== 401 && status < 500 : status === 403).toBe(true);
      }
      const outside = await consoleFor(world.ports, { signedIn: false });
      expect((await (body ? outside.post(path, body) : outside.get(path))).status).toBe(401);
    },
  );

  it('shows a rep their own tasks and no other’s, and takes an answer from whoever has the task', async () => {
    await aTaskFor(world, world.leadId, { taskId: 'task-b', rep: 'cleo' });
    const ben = await consoleFor(world.ports, { groups: ['sales'], rep: 'ben' });
    expect((await ben.get('/tasks/task-b')).status).toBe(403);
    expect((await ben.post('/tasks/task-b/answers', { answer: 'accept' })).status).toBe(403);
    expect((await ben.get('/tasks?rep=cleo')).status).toBe(403);
    const nobody = await consoleFor(world.ports, { groups: ['sales'] });
    expect((await nobody.post('/tasks/task-a/answers', { answer: 'accept' })).status).toBe(403);
  });

  const foreign: readonly (readonly [string, Record<string, string>])[] = [
    ['another origin', { ...ownPage, origin: 'https://evil.example' }],
    ['no origin', { 'content-type': 'application/json' }],
    ['an origin that is none', { ...ownPage, origin: 'null' }],
    ['another site of ours', { ...ownPage, 'sec-fetch-site': 'same-site' }],
    ['a page elsewhere', { ...ownPage, 'sec-fetch-site': 'cross-site' }],
    ['the same host by plain http on another port', { ...ownPage, origin: 'https://go.example.com:8443' }],
  ];
  it.each(foreign)('takes no change from %s', async (_, headers) => {
    const app = await consoleFor(world.ports);
    const before = world.meter.writeUnits;
    for (const { path, body } of every.filter((it) => it.body)) expect((await app.post(path, body, headers)).status).toBe(403);
    expect(world.meter.writeUnits).toBe(before);
  });

  it('takes no change as a form would send it, none that is too long, and none that says more than it may', async () => {
    const app = await consoleFor(world.ports);
    const form = { ...ownPage, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await app.post('/sequences/nurture/pause', { why: 'x' }, form)).status).toBe(415);
    expect((await app.post('/sequences/nurture/pause', { why: 'x'.repeat(20_000) })).status).toBe(413);
    const more = await app.post('/sequences/nurture/pause', { why: 'x', forever: true });
    expect(more.status).toBe(422);
    expect(await more.json()).toMatchObject({ error: expect.any(String), problems: [expect.any(Object)] });
  });

  it('writes nothing when it is looked at, names no address in a path or a log, and is kept by nobody', async () => {
    const app = await consoleFor(world.ports, { rep: 'ben' });
    const before = world.meter.writeUnits;
    const lines = world.lines.length;
    for (const { path, body } of every.filter((it) => !it.body)) {
      const answer = await app.get(path);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(body).toBeUndefined();
    }
    await app.post('/leads/search', { email: world.email });
    expect(world.meter.writeUnits).toBe(before);
    expect(JSON.stringify(world.lines.slice(lines))).not.toContain('@');
    expect(every.map((it) => it.path).join()).not.toContain('@');
  });

  it('answers 304 while nothing changed, and anew once something has', async () => {
    const app = await consoleFor(world.ports);
    const etag = (await app.get('/sequences')).headers.get('etag') ?? '';
    expect((await app.get('/sequences', { 'if-none-match': etag })).status).toBe(304);
    await app.post('/sequences/nurture/pause', { why: 'the offer is over' });
    expect((await app.get('/sequences', { 'if-none-match': etag })).status).toBe(200);
    await world.advance('1 minute');
    expect((await app.post('/sequences/nurture/pause', { why: 'again' })).status).toBe(409);
    expect((await app.post('/operations/resume', { what: 'nurture' })).status).toBe(200);
  });

  it('shows an e-mail as a page of its own that can do nothing', async () => {
    const app = await consoleFor(world.ports);
    const policy = (await app.get('/sequences/nurture/emails/welcome')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/sandbox$/);
    expect(policy).not.toContain('script-src');
  });
});
