import { createHash, randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { LiveConfig } from '#core/config';
import type { Person, Session } from '#core/console/outside';
import type { SignedOut } from '#core/console/views';
import { bodyLimits } from '#core/endpoints';
import { isSameText } from '#lambdas/same-text';
import type { Handler, Who } from './asked.ts';
import { isOwnPage } from './page.ts';

/**
 * Cookies are set here and read here; no script of the page sees them. The session never goes along with a request that another site
 * began (Strict). What a sign-in under way needs comes back with Cognito's answer, which is such a request (Lax), and is good for ten minutes.
 */
const idCookie = '__Secure-baton-id';
const refreshCookie = '__Secure-baton-refresh';
const underWay = '__Secure-baton-sign-in';
const strict = { path: '/console', secure: true, httpOnly: true, sameSite: 'Strict' } as const;
const lax = { ...strict, sameSite: 'Lax', maxAge: 600 } as const;
/** As long as the client's refresh tokens (lib/constructs/console.ts). */
const sessionSeconds = 12 * 3600;

const callbackPath = '/signed-in';
const originOf = (c: Context): string => `https://${new URL(c.req.url).host}`;
const backTo = (c: Context): string => `${originOf(c)}/console${callbackPath}`;

/** GET /console/sign-in, GET /console/signed-in and POST /console/api/sign-out. */
export const sessionRoutes = (use: Handler) => {
  const app = new Hono();
  app.get('/sign-in', (c) => {
    const [state, verifier] = [random(), random()];
    setCookie(c, underWay, `${state}.${verifier}.${Buffer.from(ownPath(c.req.query('to'))).toString('base64url')}`, lax);
    return c.redirect(use.signIn.url({ back: backTo(c), state, challenge: hashed(verifier) }), 303);
  });
  app.get(callbackPath, async (c) => {
    const [state = '', verifier = '', to = ''] = (getCookie(c, underWay) ?? '').split('.');
    deleteCookie(c, underWay, lax);
    const code = c.req.query('code');
    const isOurs = state !== '' && isSameText(state, c.req.query('state') ?? '');
    const session = isOurs && code !== undefined && code.length < 200 ? await use.signIn.exchange(code, verifier, backTo(c)) : undefined;
    if (!session) return c.html(page('Signing in did not work', '<p><a href="/console/sign-in">Try again</a></p>'), 400);
    keep(c, session);
    // Cookies that are Strict do not go along with what Cognito began: the browser is led on by a page of ours.
    const path = ownPath(Buffer.from(to, 'base64url').toString());
    c.header('Refresh', `0; url=${path}`);
    return c.html(page('Signed in', `<p><a href="${path}">Go on</a></p>`));
  });
  const small = bodyLimit({ maxSize: bodyLimits.console, onError: (c) => c.json({ error: 'that is too long' }, 413) });
  app.post('/api/sign-out', small, async (c) => {
    if (!isOwnPage(c.req)) return c.json({ error: 'this came from another site' }, 403);
    const ended = await endSession(use, getCookie(c, refreshCookie));
    for (const it of [idCookie, refreshCookie]) deleteCookie(c, it, strict);
    const left: SignedOut = { to: use.signIn.signOutUrl(`${originOf(c)}/console`), ...(ended === 'failed' && { warning: notEnded }) };
    return c.json(left);
  });
  return app;
};

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;

/** A copy of the cookies is worth nothing from then on, once the id token is over (lib/constructs/console-door.ts). */
const endSession = async (use: Handler, refreshToken: string | undefined): Promise<'revoked' | 'failed'> => {
  if (refreshToken === undefined) return 'revoked';
  const ended = await use.signIn.revoke(refreshToken);
  if (ended === 'failed') use.log.warn('session not revoked', {});
  return ended;
};
const notEnded =
  'You are signed out in this browser. The user pool did not take the session back: should somebody have a copy of it, it works until ' +
  'twelve hours after you signed in. Sign in and out again, or ask who looks after Baton to sign you out everywhere.';

/** A path of the console, and nothing that leads elsewhere. */
const ownPath = (to = ''): string =>
  /^\/console(\/[\w./-]{0,300})?(\?[\w=&%.-]{0,300})?$/.test(to) && !to.includes('..') ? to : '/console';

const random = (): string => randomBytes(32).toString('base64url');
const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url');

const keep = (c: Context, { idToken, refreshToken, expiresInSeconds }: Session): void => {
  setCookie(c, idCookie, idToken, { ...strict, maxAge: expiresInSeconds });
  if (refreshToken !== undefined) setCookie(c, refreshCookie, refreshToken, { ...strict, maxAge: sessionSeconds });
};

/** Whoever's id token is over goes on by their refresh token, until that is over or was taken back. */
export const signedInAs = async (use: Handler, c: Context): Promise<Who | undefined> => {
  const idToken = getCookie(c, idCookie);
  const known = idToken === undefined ? undefined : await use.signIn.personOf(idToken);
  if (known) return whoIs(known, await use.config.live());
  const refreshToken = getCookie(c, refreshCookie);
  const session = refreshToken === undefined ? undefined : await use.signIn.refresh(refreshToken);
  const person = session && (await use.signIn.personOf(session.idToken));
  if (!session || !person) return undefined;
  keep(c, session);
  return whoIs(person, await use.config.live());
};

/** A rep is who has the address of one in sales.yaml. */
const whoIs = ({ id, name, email, groups }: Person, { sales }: LiveConfig): Who => {
  const rep = sales.team.find((it) => it.email.toLowerCase() === email.toLowerCase());
  return { id, name, groups, ...(rep && { rep }) };
};
