import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSecret, refreshSecrets, secretSeconds } from '#adapters/aws/secret-port';
import { type ApiKeySecret, createApiKeys } from '#adapters/crypto/api-keys';
import { addSource, linkDays, revokeLinkKey, revokeSource, rotateLinks, rotateSource } from '#adapters/crypto/key-book';
import { settleSeconds, signingKeyId } from '#adapters/crypto/link-ring';
import { createLinks, type LinkSecret } from '#adapters/crypto/links';
import { keysInWords, keysShown } from '#cli/keys/show';
import { addSeconds, type Instant } from '#core/instant';

const now = '2026-03-23T13:00:00.000Z';
const later = (seconds: number) => addSeconds(now, seconds);
const day = 86_400;
const week = 7 * day;
const opens = (secret: ApiKeySecret, key: string | undefined, at: Instant = now) => createApiKeys(secret).identify(key ?? '', at)?.source;

describe('keys of sources', () => {
  it('are shown once, kept as a hash, and open what they are for', () => {
    const { secret, key = '' } = addSource({}, 'product', { paths: ['/events'], perMinute: 90 }, now);
    expect(key).toMatch(/^baton_[\w-]{43}$/);
    expect(JSON.stringify(secret)).not.toContain(key.slice(6, 20));
    expect(createApiKeys(secret).identify(key, now)).toEqual({ source: 'product', perMinute: 90, paths: ['/events'] });
    expect(opens(secret, `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined();
  });

  it('are rotated without a gap: both work for a while, then only the new one', () => {
    const first = addSource({}, 'product', { paths: ['/events'] }, now);
    const second = rotateSource(first.secret, 'product', week, later(day));
    for (const key of [first.key, second.key]) expect(opens(second.secret, key, later(day + week - 1))).toBe('product');
    expect(opens(second.secret, first.key, later(day + week))).toBeUndefined();
    expect(createApiKeys(second.secret).identify(second.key ?? '', later(9 * week))).toEqual({ source: 'product', paths: ['/events'] });
    expect(second.ended).toEqual([{ id: expect.any(String), at: later(day + week) }]);
  });

  it('are never more than two: of three the oldest ends at once', () => {
    const first = addSource({}, 'product', {}, now);
    const second = rotateSource(first.secret, 'product', week, now);
    const third = rotateSource(second.secret, 'product', week, now);
    expect([first, second, third].map((it) => opens(third.secret, it.key))).toEqual([undefined, 'product', 'product']);
  });

  it('that were kept as they are go on working, become hashes when they are rotated, and keep their limits', () => {
    const plain: ApiKeySecret = {
      default: 'a key from before',
      crm: { key: 'another key from before', paths: ['/tasks'], 'per-minute': 5 },
    };
    for (const [source, key] of [
      ['default', 'a key from before'],
      ['crm', 'another key from before'],
    ] as const) {
      const { secret } = rotateSource(plain, source, week, now);
      expect(opens(secret, key, later(day))).toBe(source);
      expect(opens(secret, key, later(week))).toBeUndefined();
      expect(JSON.stringify(secret[source])).not.toContain(key);
    }
    expect(rotateSource(plain, 'crm', week, now).secret.crm).toMatchObject({ paths: ['/tasks'], 'per-minute': 5 });
  });

  it('are revoked at once, one or all of a source', () => {
    const first = addSource({ other: 'stays' }, 'product', {}, now);
    const second = rotateSource(first.secret, 'product', week, now);
    const [{ id } = { id: '' }] = second.ended;
    const one = revokeSource(second.secret, 'product', id, now).secret;
    expect([opens(one, first.key), opens(one, second.key)]).toEqual([undefined, 'product']);
    const none = revokeSource(second.secret, 'product', undefined, now).secret;
    expect([none, opens(none, second.key)]).toEqual([{ other: 'stays' }, undefined]);
    expect(() => revokeSource(second.secret, 'product', 'nope', now)).toThrow('no key nope');
    expect(() => revokeSource(second.secret, 'crm', undefined, now)).toThrow('no source crm');
  });

  it('refuse names that mean something else, and webhooks, whose secret is the other side’s', () => {
    expect(() => addSource({}, 'links', {}, now)).toThrow('signed links');
    expect(() => addSource({}, 'a:b', {}, now)).toThrow('no name');
    expect(() => addSource({ a: 'x' }, 'a', {}, now)).toThrow('rotate a');
    expect(() => rotateSource({ billing: { webhook: 'whsec_abc' } }, 'billing', week, now)).toThrow('webhooks');
  });

  it('are listed without a trace of the key', () => {
    const { secret, key = '' } = addSource({ old: 'kept as it is' }, 'product', { paths: ['/events'] }, now);
    const text = keysInWords(keysShown({ api: secret, links: { current: 'k1', k1: 'x'.repeat(40) } as LinkSecret }, now), { product: now });
    expect(text).toContain('product: may use /events, 600 requests a minute, last heard of 2026-03-23');
    expect(text).toContain('old: may use everything, 600 requests a minute, never heard of; its key is kept as it is');
    for (const hidden of [key, key.slice(6), 'kept as it is"', 'xxxx', JSON.stringify(secret.product).match(/[0-9a-f]{64}/)?.[0] ?? '-'])
      expect(text).not.toContain(hidden);
  });
});

describe('keys of signed links', () => {
  const ring = { current: 'k1', k1: 'a link key for tests only, 32+ characters' } as LinkSecret;
  const claims = { leadId: 'l', topic: 't', expiresAt: later(linkDays * day), locale: 'en' };
  const at = (secret: LinkSecret, moment: Instant) => createLinks(secret, { now: () => moment });

  it('sign from twenty minutes on, so that no function meets a link by a key that it does not know', () => {
    const { secret, keyId } = rotateLinks(ring, now);
    expect(keyId).toBe('k202603231300');
    expect(at(secret, later(settleSeconds - 1)).sign('unsubscribe', claims)).toMatch(/^k1\./);
    const token = at(secret, later(settleSeconds)).sign('unsubscribe', claims);
    expect(token).toMatch(/^k202603231300\./);
    expect(at(secret, now).verify('unsubscribe', token, now)).toEqual(claims);
    expect(settleSeconds).toBeGreaterThan(secretSeconds);
  });

  it('never break old mail, however often they are rotated: every link of its 13 months verifies, every answer address too', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 60, max: 40 * day }), { minLength: 1, maxLength: 12 }), (gaps) => {
        let secret = ring;
        let moment: Instant = now;
        const sent: { readonly token: string; readonly reply: string }[] = [];
        const leadId = 'abcdefghijklmnopqrstuvwxya';
        for (const gap of gaps) {
          const links = at(secret, moment);
          sent.push({
            token: links.sign('unsubscribe', { ...claims, expiresAt: addSeconds(moment, linkDays * day) }),
            reply: links.signReply({ leadId, sequence: 's', enrolmentId: 'e', step: 'x', round: 1 } as never) ?? '',
          });
          moment = addSeconds(moment, gap);
          secret = rotateLinks(secret, moment).secret;
        }
        for (const moments of [moment, addSeconds(moment, 30 * day)]) {
          const links = at(secret, moments);
          for (const { token, reply } of sent) {
            const isInTime = addSeconds(now, linkDays * day) > moments;
            if (isInTime) expect(links.verify('unsubscribe', token, moments)).toBeDefined();
            expect(links.verifyReply(reply)?.leadId).toBe(leadId);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('go only when no mail needs them, or when somebody else knows them', () => {
    const { secret } = rotateLinks(ring, now);
    expect(() => revokeLinkKey(secret, 'k202603231300', now, true)).toThrow('rotate links first');
    expect(() => revokeLinkKey(secret, 'k1', later(linkDays * day), false)).toThrow('--leaked');
    expect(revokeLinkKey(secret, 'k1', later(linkDays * day + settleSeconds), false)).not.toHaveProperty('k1');
    expect(revokeLinkKey(secret, 'k1', now, true)).not.toHaveProperty('k1');
    expect(() => revokeLinkKey(ring, 'k1', later(999 * day), false)).toThrow('signs links now');
    expect(signingKeyId(secret, later(settleSeconds))).toBe('k202603231300');
  });
});

describe('a function at work', () => {
  it('reads a secret anew after ten minutes, goes on with what it knows when that fails, and stops past an hour', async () => {
    let moment: Instant = now;
    let reads = 0;
    let isDown = false;
    const make = async () => {
      if (isDown) throw new Error('Secrets Manager is away');
      reads++;
      const read = reads;
      return { which: () => read };
    };
    const port = await fromSecret('test', { now: () => moment }, make);
    await refreshSecrets();
    expect([port.which(), reads]).toEqual([1, 1]);
    moment = later(secretSeconds);
    await refreshSecrets();
    await refreshSecrets();
    expect([port.which(), reads]).toEqual([2, 2]);
    isDown = true;
    moment = later(secretSeconds + 1800);
    await refreshSecrets();
    expect(port.which()).toBe(2);
    moment = later(secretSeconds + 3700);
    await expect(refreshSecrets()).rejects.toThrow('away');
    isDown = false;
    moment = later(secretSeconds + 3800);
    await refreshSecrets();
    expect(port.which()).toBe(3);
  });

  it('refreshes before each call: the entry of every bundle says so', () => {
    expect(readFileSync('lib/bundle.ts', 'utf8')).toContain('refreshSecrets');
  });
});
