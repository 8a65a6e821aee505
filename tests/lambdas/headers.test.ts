import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '#core/console/outside';
import { handlerNames, handlers } from '#core/handlers';
import { addSeconds } from '#core/instant';
import { testKeys } from '#local/settings';
import { consoleDoor, consoleRequests, cookieOf } from '#tests/helpers/console-door';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aTaskFor } from '#tests/helpers/tasks';
import { aWorld, start } from '#tests/helpers/world';

/** Every route of every handler: what is added there is looked at here. */
const routes = handlerNames.flatMap((name) => {
  const { trigger } = handlers[name];
  return 'http' in trigger ? trigger.http.map((it) => ({ name, ...it })) : [];
});
const live = { ...liveConfig, brand: { ...liveConfig.brand, sites: ['https://www.example.com'] } };
const key = { authorization: `Bearer ${testKeys.api.local}` };

/** Of the console every path below its routes, asked by somebody who may all of it. */
const ana: Person = { id: 'person-1', name: 'Ana', email: 'ben@example.com', groups: ['marketing', 'sales'] };
const asked = ({ name, method, path }: (typeof routes)[number], leadId: string): readonly string[] => {
  if (name !== 'console') return [path];
  const things = { leadId, email: 'kim@example.com', taskId: 'task-1', sequence: 'nurture', step: 'welcome' };
  const api = Object.entries(consoleRequests(things)).flatMap(([route, it]) =>
    route.startsWith(`${method} `) ? [`/console/api${it.path}`] : [],
  );
  if (method === 'POST') return [...api, '/console/api/sign-out', '/console/api/nothing'];
  const others = ['/console/leads', '/console/app-1234.js', '/console/nothing.js', '/console/api/nothing'];
  return path === '/console' ? [path] : [...api, '/console/sign-in', '/console/signed-in?code=ana&state=none', ...others];
};
/** As the page itself asks, with the session of somebody. */
const ownPage = { origin: 'http://localhost', 'content-type': 'application/json', cookie: cookieOf('ana') };

type Answer = { readonly what: string; readonly response: Response; readonly text: string };
const answers: Answer[] = [];

beforeAll(async () => {
  const world = await aWorld({ live });
  const claims = { leadId: world.leadId, topic: 'tips', expiresAt: addSeconds(start, 86_400), locale: 'en' };
  await aTaskFor(world, world.leadId, { taskId: 'task-1' });
  const tokens: { readonly [path: string]: string } = {
    '/u/{token}': world.ports.links.sign('unsubscribe', claims),
    '/p/{token}': world.ports.links.sign('preferences', claims),
    '/c/{token}': world.ports.links.sign('confirm', claims),
    '/a/{token}': world.ports.links.signAnswer({ taskId: 'task-1', rep: 'jonas', expiresAt: addSeconds(start, 86_400) }),
  };
  const door = consoleDoor(world.ports, { ana });
  for (const { name, method, path } of routes.flatMap((it) => asked(it, world.leadId).map((path) => ({ ...it, path })))) {
    const isConsole = name === 'console';
    const good = path
      .replace('{token}', tokens[path] ?? '')
      .replace('{taskId}', 'task-1')
      .replace('{form}', 'demo');
    const bad = path.replace(/\{\w+\}/, 'k1.bm90aGluZw.bm90aGluZw');
    const ask = async (what: string, at: string, init: RequestInit = {}) => {
      const response = await (isConsole ? door : world.app).request(at, { method, ...init });
      answers.push({ what: `${method} ${path} ${what}`, response, text: await response.clone().text() });
    };
    const headers = isConsole ? ownPage : key;
    if (isConsole) await ask('of nobody', good, { headers: { ...ownPage, cookie: '' }, ...(method === 'POST' && { body: '{}' }) });
    await ask('as it should be asked', good, method === 'POST' ? { body: '{}', headers } : isConsole ? { headers } : {});
    await ask('with nonsense', bad, method === 'POST' ? { body: '\u0000', headers: { 'content-type': 'application/json' } } : {});
    if (method === 'POST') await ask('with far too much', good, { body: 'x'.repeat(2_000_000), headers });
  }
  const signingIn = await door.request('/console/sign-in');
  const state = new URL(signingIn.headers.get('location') ?? '').searchParams.get('state');
  const cookie = signingIn.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const signedIn = await door.request(`/console/signed-in?code=ana&state=${state}`, { headers: { cookie } });
  answers.push({ what: 'GET /console/signed-in', response: signedIn, text: await signedIn.clone().text() });
  await world.app
    .request('/nowhere')
    .then(async (response) => answers.push({ what: 'GET /nowhere', response, text: await response.clone().text() }));
});

const each = (check: (answer: Answer) => void) => {
  for (const answer of answers) {
    try {
      check(answer);
    } catch (error) {
      throw new Error(`${answer.what} (${answer.response.status})`, { cause: error });
    }
  }
};

const isConsoles = ({ what }: Answer): boolean => what.includes(' /console');
/** What of the console is no data: files of the page, and the page itself. */
const isFile = ({ what, response }: Answer): boolean => response.status === 200 && /^GET \/console(\/leads|\/app-1234\.js)? /.test(what);
/** An e-mail stands in a frame of the console. */
const isEmail = ({ what, response }: Answer): boolean => response.status === 200 && what.includes('/emails/');

describe('every answer of every route, good and bad', () => {
  it('is of every kind', () => {
    expect(answers.length).toBeGreaterThan(40);
    expect(new Set(answers.map((it) => it.response.status)).size).toBeGreaterThan(4);
    expect(routes.map((it) => it.path)).toContain('/enrol');
    // Of the console by its own door, and not the 404 of another.
    expect(answers.filter((it) => isConsoles(it) && it.response.status === 200).length).toBeGreaterThan(20);
    expect([answers.filter(isFile).length > 5, answers.filter(isEmail).length]).toEqual([true, 1]);
  });

  it('keeps the connection encrypted, says what it is, tells no referrer and stands in no frame but an e-mail in the console’s', () => {
    each((it) => {
      const { headers } = it.response;
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-frame-options')).toBe(isEmail(it) ? 'SAMEORIGIN' : 'DENY');
      expect(headers.get('content-security-policy')).toContain(`frame-ancestors ${isEmail(it) ? "'self'" : "'none'"}`);
    });
  });

  it('has a policy that allows nothing but its own style, named by its hash: no script, nothing inline, nothing from elsewhere', () => {
    each((it) => {
      const { response, text } = it;
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      if (isFile(it) || isEmail(it)) return;
      expect(policy).not.toMatch(/unsafe|\*|https?:|script-src/);
      if (!response.headers.get('content-type')?.startsWith('text/html')) return;
      expect(text).not.toMatch(/ style="| on\w+="|<script/);
      const [, style] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
      if (style === undefined) expect(policy).not.toContain('style-src');
      else expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
      expect(policy).toContain("form-action 'self'");
    });
  });

  it('of the console’s page allows scripts and styles of its own origin; of an e-mail it shows nothing that could act', () => {
    for (const { response } of answers.filter(isFile)) {
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("style-src 'self';");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
    }
    for (const { response } of answers.filter(isEmail))
      expect(response.headers.get('content-security-policy')).toMatch(/^(?!.*script-src).*; sandbox$/);
  });

  it('is kept by nobody, but for what is the same for everyone: a script, and the files of the console’s page', () => {
    each((it) => {
      const { headers, status } = it.response;
      if (it.what.startsWith('GET /t.js') && status === 200) expect(headers.get('cache-control')).toBe('public, max-age=3600');
      else if (isFile(it)) expect(headers.get('cache-control')).toMatch(/^(no-cache|public, max-age=31536000, immutable)$/);
      else expect(headers.get('cache-control')).toBe('no-store');
    });
  });

  it('sets no cookie but the console’s, which no script sees and no other site sends, and lets other sites read only what is for them', () => {
    each((it) => {
      const { what, response } = it;
      const cookies = response.headers.getSetCookie();
      if (!isConsoles(it)) expect(cookies).toEqual([]);
      for (const cookie of cookies)
        expect(cookie).toMatch(/^__Secure-(?=.*Path=\/console)(?=.*HttpOnly)(?=.*Secure)(?=.*SameSite=(Strict|Lax))/);
      const isForSites = / \/(t|t\.js|f\/\{form\})( |$)/.test(what);
      expect(response.headers.get('cross-origin-resource-policy')).toBe(isForSites ? 'cross-origin' : 'same-origin');
      if (!isForSites) expect(response.headers.get('access-control-allow-origin')).toBeNull();
    });
  });

  it('refuses two million bytes without looking at them, but for the link that leaves', () => {
    const large = answers.filter((it) => it.what.endsWith('far too much'));
    for (const { what, response } of large) expect(`${what} ${response.status}`).toMatch(what.includes('/u/') ? / 200$/ : / (413|404)$/);
  });

  it('of the console is 401 to nobody, wherever there is anything to see', () => {
    const api = answers.filter((it) => it.what.endsWith('of nobody') && /\/api\/(?!nothing|sign-out)/.test(it.what));
    expect(api.length).toBeGreaterThan(20);
    for (const { what, response } of api) expect(`${what} ${response.status}`).toMatch(/ 401$/);
  });
});
