import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { handlerNames, handlers } from '#core/handlers';
import { addSeconds } from '#core/instant';
import { testKeys } from '#local/settings';
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
  for (const { method, path } of routes) {
    const good = path
      .replace('{token}', tokens[path] ?? '')
      .replace('{taskId}', 'task-1')
      .replace('{form}', 'demo');
    const bad = path.replace(/\{\w+\}/, 'k1.bm90aGluZw.bm90aGluZw');
    const ask = async (what: string, at: string, init: RequestInit = {}) => {
      const response = await world.app.request(at, { method, ...init });
      answers.push({ what: `${method} ${path} ${what}`, response, text: await response.clone().text() });
    };
    await ask('as it should be asked', good, method === 'POST' ? { body: '{}', headers: key } : {});
    await ask('with nonsense', bad, method === 'POST' ? { body: '\u0000', headers: { 'content-type': 'application/json' } } : {});
    if (method === 'POST') await ask('with far too much', good, { body: 'x'.repeat(2_000_000), headers: key });
  }
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

describe('every answer of every route, good and bad', () => {
  it('is of every kind', () => {
    expect(answers.length).toBeGreaterThan(40);
    expect(new Set(answers.map((it) => it.response.status)).size).toBeGreaterThan(4);
    expect(routes.map((it) => it.path)).toContain('/enrol');
  });

  it('keeps the connection encrypted, says what it is, tells no referrer and stands in no frame', () => {
    each(({ response: { headers } }) => {
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    });
  });

  it('has a policy that allows nothing but its own style, named by its hash: no script, nothing inline, nothing from elsewhere', () => {
    each(({ response: { headers }, text }) => {
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|script-src/);
      if (!headers.get('content-type')?.startsWith('text/html')) return;
      expect(text).not.toMatch(/ style="| on\w+="|<script/);
      const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
      expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
      expect(policy).toContain("form-action 'self'");
    });
  });

  it('is kept by nobody, but for the script that is the same for everyone', () => {
    each(({ what, response: { headers, status } }) => {
      const isScript = what.startsWith('GET /t.js') && status === 200;
      expect(headers.get('cache-control')).toBe(isScript ? 'public, max-age=3600' : 'no-store');
    });
  });

  it('sets no cookie, and lets other sites read only what is for them', () => {
    each(({ what, response: { headers } }) => {
      expect(headers.get('set-cookie')).toBeNull();
      const isForSites = / \/(t|t\.js|f\/\{form\})( |$)/.test(what);
      expect(headers.get('cross-origin-resource-policy')).toBe(isForSites ? 'cross-origin' : 'same-origin');
      if (!isForSites) expect(headers.get('access-control-allow-origin')).toBeNull();
    });
  });

  it('refuses two million bytes without looking at them, but for the link that leaves', () => {
    const large = answers.filter((it) => it.what.endsWith('far too much'));
    for (const { what, response } of large) expect(`${what} ${response.status}`).toMatch(what.includes('/u/') ? / 200$/ : / (413|404)$/);
  });
});
