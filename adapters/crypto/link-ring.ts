import { addSeconds, type Instant } from '#core/instant';

/** Keys of signed links by their ids, and which one is to sign. */
export type LinkRing = { readonly current: string } & { readonly [keyId: string]: string };

/** A function reads its keys anew after ten minutes at the latest (adapters/aws/secret-port.ts): twice that, and all know a new key. */
export const settleSeconds = 20 * 60;

export const linkKeyIds = (ring: LinkRing): readonly string[] => Object.keys(ring).filter((it) => it !== 'current');

/** From its name, `k<year><month><day><hour><minute>`; undefined: it was made with the stack, or by hand. */
export const linkKeyMadeAt = (keyId: string): Instant | undefined => {
  const [, year, month, day, hour, minute] = /^k(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(keyId) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}T${hour}:${minute}:00.000Z`;
};

/**
 * A key that was made a moment ago verifies at once and signs later, so that no function gets a link by a key that it does not know
 * yet. Until then the one before it signs.
 */
export const signingKeyId = (ring: LinkRing, now: Instant): string => signerOf(ring)(now);

/** The same, for who asks often. */
export const signerOf = (ring: LinkRing): ((now: Instant) => string) => {
  const made = linkKeyMadeAt(ring.current);
  const settledAt = made === undefined ? '' : addSeconds(made, settleSeconds);
  const before = linkKeyIds(ring)
    .filter((it) => it !== ring.current)
    .toSorted((one, other) => ((linkKeyMadeAt(one) ?? '') < (linkKeyMadeAt(other) ?? '') ? -1 : 1));
  return (now) => (settledAt <= now ? ring.current : (before.at(-1) ?? ring.current));
};

/** When the key that took its place began to sign. */
export const stoppedSigningAt = (ring: LinkRing, keyId: string): Instant | undefined => {
  const own = linkKeyMadeAt(keyId) ?? '';
  const next = linkKeyIds(ring)
    .flatMap((it) => linkKeyMadeAt(it) ?? [])
    .filter((at) => at > own)
    .toSorted()[0];
  return next === undefined ? undefined : addSeconds(next, settleSeconds);
};
