import type { Context } from 'hono';
import type { Brand, LiveConfig } from '#core/config';
import { textVersion } from '#core/consent-columns';
import { topicLabel } from '#core/email';
import type { Use } from '#core/handlers';
import type { ConsentProof } from '#core/lead';
import type { LinkClaims, LinkPurpose } from '#core/ports';
import { type Voice, voiceOf } from './layout.ts';

export type Pages = Use<'pages'>;

/** A request behind a link of ours: who it was made for, and in which language. */
export type Asked = {
  readonly claims: LinkClaims;
  readonly live: LiveConfig;
  readonly brand: Brand;
  readonly voice: Voice;
  readonly topic: string;
};

/** undefined: the link is forged, for another purpose or too old. `topic`: as readers know it. */
export const readLink = async (use: Pages, purpose: LinkPurpose, c: Context): Promise<Asked | undefined> => {
  const live = await use.config.live();
  const claims = use.links.verify(purpose, c.req.param('token') ?? '', use.clock.now());
  if (!claims) return undefined;
  const voice = voiceOf(live, claims.locale);
  return { claims, live, brand: live.brand, voice, topic: topicLabel(live.brand, claims.topic, claims.locale) };
};

/** What was agreed to, and by whom as far as it may be kept: the words, and a hash of the address that the request came from. */
export const proofOf = (use: Pages, c: Context, text: string): ConsentProof => {
  const ip = sourceIpOf(c);
  return { text, textVersion: textVersion(text), ...(ip !== undefined && { ipHash: use.ids.ipHash(ip) }) };
};

/** As API Gateway itself saw it; headers could say anything. */
const sourceIpOf = (c: Context): string | undefined =>
  (c.env as { requestContext?: { http?: { sourceIp?: string } } } | undefined)?.requestContext?.http?.sourceIp;
