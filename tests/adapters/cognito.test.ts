import { createSign, generateKeyPairSync } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import type { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { cognitoSignIn } from '#adapters/aws/cognito';
import type { Ports } from '#core/ports';
import { consoleApp } from '#lambdas/console/console';
import { ownPage } from '#tests/helpers/console-app';
import { aWorld } from '#tests/helpers/world';

const pool = { userPoolId: 'eu-west-1_Test', clientId: 'client-a', origin: 'https://baton.auth.eu-west-1.amazoncognito.com' };
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' };

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1000);
const claims = (more: object = {}) => ({
  iss: `https://cognito-idp.eu-west-1.amazonaws.com/${pool.userPoolId}`,
  ...{ aud: pool.clientId, token_use: 'id', sub: 'person-1', exp: seconds() + 3600, iat: seconds(), auth_time: seconds() },
  ...{ email: 'ben@example.com', email_verified: true, 'cognito:groups': ['sales'] },
  ...more,
});
const token = (given: object, key = privateKey, header: object = { alg: 'RS256', kid: 'key-1' }): string => {
  const text = `${base64(header)}.${base64(given)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
};

const signInWith = (send: typeof fetch = async () => new Response('{}', { status: 400 })) => {
  const verifier = CognitoJwtVerifier.create({ userPoolId: pool.userPoolId, clientId: pool.clientId, tokenUse: 'id' });
  verifier.cacheJwks({ keys: [jwk as never] });
  return cognitoSignIn(pool, { send, verifier });
};

describe('an id token', () => {
  it('says who somebody is, and in which groups', async () => {
    const person = await signInWith().personOf(token(claims({ 'cognito:groups': ['sales', 'marketing', 'admins'] })));
    expect(person).toEqual({ id: 'person-1', name: 'ben', email: 'ben@example.com', groups: ['marketing', 'sales'] });
    expect(await signInWith().personOf(token(claims({ name: 'Ben Reyes', 'cognito:groups': undefined })))).toEqual({
      ...{ id: 'person-1', name: 'Ben Reyes', email: 'ben@example.com', groups: [] },
    });
  });

  const bad: readonly (readonly [string, () => string])[] = [
    ['is signed by somebody else', () => token(claims(), stranger)],
    ['has expired', () => token(claims({ exp: seconds() - 1 }))],
    ['is another client’s', () => token(claims({ aud: 'client-b' }))],
    ['is of another pool', () => token(claims({ iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other' }))],
    ['is an access token', () => token(claims({ token_use: 'access', client_id: pool.clientId }))],
    ['is not signed at all', () => `${base64({ alg: 'none', kid: 'key-1' })}.${base64(claims())}.`],
    ['says that it is signed by a shared secret', () => token(claims(), privateKey, { alg: 'HS256', kid: 'key-1' })],
    ['has an address that nobody has looked at', () => token(claims({ email_verified: false }))],
    ['was changed', () => token(claims()).replace(/\.[^.]+\./, `.${base64(claims({ 'cognito:groups': ['marketing'] }))}.`)],
    ['is no token', () => 'x'],
  ];
  it.each(bad)('is nobody’s when it %s', async (_, make) => {
    expect(await signInWith().personOf(make())).toBeUndefined();
  });
});

/** A browser: keeps cookies, and sends them where it may. */
const browserAt = (app: Hono, origin = 'https://go.example.com') => {
  const jar = new Map<string, string>();
  return {
    jar,
    visit: async (path: string, init: RequestInit = {}) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await app.request(`${origin}${path}`, { ...init, headers: { ...(init.headers as object), cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
        if (/max-age=0/i.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
  };
};

const served = async (send: typeof fetch) => {
  const world = await aWorld();
  const page = { body: brotliCompressSync('<!doctype html>'), type: 'text/html; charset=utf-8', etag: '"x"', isForever: false };
  const consoleFiles = { find: async (path: string) => (path === '/console/index.html' ? page : undefined) };
  const ports: Ports = { ...world.ports, signIn: signInWith(send), consoleFiles };
  return consoleApp(ports) as unknown as Hono;
};

describe('signing in', () => {
  it('goes by a code with PKCE, comes back with cookies that no script sees, and opens the console to the person’s groups', async () => {
    const asked: URLSearchParams[] = [];
    const app = await served(async (_, init) => {
      asked.push(new URLSearchParams(String(init?.body)));
      return Response.json({ id_token: token(claims()), refresh_token: 'refresh-1', expires_in: 3600 });
    });
    const browser = browserAt(app);
    expect((await browser.visit('/console/api/me')).status).toBe(401);
    const away = await browser.visit('/console/sign-in?to=/console/tasks');
    const to = new URL(away.headers.get('location') ?? '');
    expect(to.origin).toBe(pool.origin);
    expect(to.searchParams.get('code_challenge_method')).toBe('S256');
    expect(to.searchParams.get('redirect_uri')).toBe('https://go.example.com/console/signed-in');
    expect(away.headers.getSetCookie()[0]).toMatch(/SameSite=Lax/);
    const back = await browser.visit(`/console/signed-in?code=code-1&state=${to.searchParams.get('state')}`);
    expect(back.status).toBe(200);
    expect(back.headers.get('refresh')).toBe('0; url=/console/tasks');
    for (const line of back.headers.getSetCookie().filter((it) => !/max-age=0/i.test(it)))
      expect(line).toMatch(/^__Secure-.*Path=\/console.*HttpOnly.*Secure.*SameSite=Strict/);
    expect(asked[0]?.get('grant_type')).toBe('authorization_code');
    expect(asked[0]?.get('code_verifier')).toMatch(/^[\w-]{43}$/);
    const me = await browser.visit('/console/api/me');
    expect(await me.json()).toMatchObject({ groups: ['sales'], rep: 'ben', isDev: false });
    expect((await browser.visit('/console/api/operations')).status).toBe(403);
    expect(browser.jar.has('__Secure-baton-sign-in')).toBe(false);
    const out = await browser.visit('/console/api/sign-out', { method: 'POST', headers: ownPage, body: '{}' });
    expect(await out.json()).toMatchObject({ to: expect.stringContaining(`${pool.origin}/logout`) });
    expect((await browser.visit('/console/api/me')).status).toBe(401);
  });

  it('is refused when the answer belongs to no sign-in of this browser', async () => {
    const app = await served(async () => Response.json({ id_token: token(claims()), expires_in: 3600 }));
    const browser = browserAt(app);
    expect((await browser.visit('/console/signed-in?code=stolen&state=')).status).toBe(400);
    await browser.visit('/console/sign-in');
    expect((await browser.visit('/console/signed-in?code=stolen&state=another')).status).toBe(400);
    expect((await browser.visit('/console/api/me')).status).toBe(401);
  });

  it('leads nowhere but to the console', async () => {
    for (const to of ['https://evil.example/', '//evil.example', '/consoleevil', '/console/../u/x', 'javascript:alert(1)']) {
      const app = await served(async () => Response.json({ id_token: token(claims()), expires_in: 3600 }));
      const browser = browserAt(app);
      const away = new URL((await browser.visit(`/console/sign-in?to=${encodeURIComponent(to)}`)).headers.get('location') ?? '');
      const back = await browser.visit(`/console/signed-in?code=code-1&state=${away.searchParams.get('state')}`);
      expect(back.headers.get('refresh')).toBe('0; url=/console');
    }
  });

  it('goes on by the refresh token when the hour is over, and ends with it', async () => {
    let isOver = false;
    const app = await served(async (_, init) =>
      new URLSearchParams(String(init?.body)).get('grant_type') === 'refresh_token' && isOver
        ? Response.json({ error: 'invalid_grant' }, { status: 400 })
        : Response.json({ id_token: token(claims()), expires_in: 3600 }),
    );
    const browser = browserAt(app);
    browser.jar.set('__Secure-baton-id', token(claims({ exp: seconds() - 5 })));
    browser.jar.set('__Secure-baton-refresh', 'refresh-1');
    expect((await browser.visit('/console/api/me')).status).toBe(200);
    browser.jar.delete('__Secure-baton-id');
    isOver = true;
    expect((await browser.visit('/console/api/me')).status).toBe(401);
  });

  it('ends on signing out, also for whoever has a copy of the cookies', async () => {
    const revoked = new Set<string>();
    const asked: string[] = [];
    const app = await served(async (url, init) => {
      const form = new URLSearchParams(String(init?.body));
      asked.push(new URL(String(url)).pathname);
      if (String(url).endsWith('/oauth2/revoke')) {
        expect(form.get('client_id')).toBe(pool.clientId);
        expect(init?.signal).toBeInstanceOf(AbortSignal);
        revoked.add(form.get('token') ?? '');
        return new Response(null, { status: 200 });
      }
      return revoked.has(form.get('refresh_token') ?? '')
        ? Response.json({ error: 'invalid_grant' }, { status: 400 })
        : Response.json({ id_token: token(claims()), expires_in: 300 });
    });
    const [browser, copy] = [browserAt(app), browserAt(app)];
    for (const it of [browser, copy]) it.jar.set('__Secure-baton-refresh', 'refresh-1');
    expect((await copy.visit('/console/api/me')).status).toBe(200);
    const out = await browser.visit('/console/api/sign-out', { method: 'POST', headers: ownPage, body: '{}' });
    expect(await out.json()).toEqual({ to: expect.stringContaining('/logout') });
    expect(browser.jar.size).toBe(0);
    expect(asked).toContain('/oauth2/revoke');
    // Its id token is good until it ends: five minutes (lib/constructs/console-door.ts).
    copy.jar.delete('__Secure-baton-id');
    expect((await copy.visit('/console/api/me')).status).toBe(401);
  });

  const silent: readonly (readonly [string, typeof fetch])[] = [
    ['does not answer', async () => Promise.reject(new TypeError('fetch failed'))],
    ['answers with an error', async () => Response.json({ error: 'unsupported_token_type' }, { status: 400 })],
  ];
  it.each(silent)('takes the cookies away where the user pool %s, and says that the session was not taken back', async (_, send) => {
    const browser = browserAt(await served(send));
    browser.jar.set('__Secure-baton-id', token(claims()));
    browser.jar.set('__Secure-baton-refresh', 'refresh-1');
    const out = await browser.visit('/console/api/sign-out', { method: 'POST', headers: ownPage, body: '{}' });
    expect(await out.json()).toMatchObject({ to: expect.any(String), warning: expect.stringContaining('did not take the session back') });
    expect(browser.jar.size).toBe(0);
  });

  it('says 503 in words, as strictly as anything, while the user pool does not answer', async () => {
    const browser = browserAt(await served(async () => Promise.reject(new TypeError('fetch failed'))));
    const away = new URL((await browser.visit('/console/sign-in')).headers.get('location') ?? '');
    const back = await browser.visit(`/console/signed-in?code=code-1&state=${away.searchParams.get('state')}`);
    expect(back.status).toBe(503);
    expect(back.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await back.text()).toContain('try again');
  });

  it('sends the page with a policy that allows our own scripts and styles, and nothing else', async () => {
    const browser = browserAt(await served(async () => Response.json({})));
    const page = await browser.visit('/console/leads');
    expect(await page.text()).toBe('<!doctype html>');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const packed = await browser.visit('/console', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect((await browser.visit('/console/nothing.js')).status).toBe(404);
  });
});
