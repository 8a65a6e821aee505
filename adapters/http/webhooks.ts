import { lookup as resolve } from 'node:dns';
import { request as byHttp } from 'node:http';
import { request as byHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { toEpoch } from '#core/instant';
import type { WebhookCall, WebhookResult, Webhooks } from '#core/ports';
import type { OutsideSecret } from './outside-secret.ts';
import { isPublic } from './public-address.ts';

const longestAnswer = 64 * 1024;

class NotPublic extends Error {
  override name = 'NotPublic';
}

/**
 * Signed by Standard Webhooks, by every key there is. Only to public addresses, judged as the name is looked up for this very
 * connection; no redirect is followed, no long answer read to its end. `mayReach`: given by tests, with plain http.
 */
export const signedWebhooks = ({ signing, former = [] }: OutsideSecret, mayReach: (address: string) => boolean = isPublic): Webhooks => {
  const signers = [signing, ...former].map((it) => new Webhook(it));
  const lookup: LookupFunction = (hostname, options, answer) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return answer(error, []);
      if (!addresses.every((it) => mayReach(it.address))) return answer(new NotPublic(hostname), []);
      const [first] = addresses;
      return options.all ? answer(null, addresses) : answer(null, first?.address ?? '', first?.family);
    });
  return {
    call: (call) =>
      new Promise((settle) => {
        const sentAt = new Date(toEpoch(call.at));
        const headers = {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(call.body)),
          'user-agent': 'Baton',
          'webhook-id': call.id,
          'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
          'webhook-signature': signers.map((it) => it.sign(call.id, sentAt, call.body)).join(' '),
        };
        post(call, headers, lookup, mayReach, settle);
      }),
  };
};

const post = (
  { url, body, timeOutSeconds }: WebhookCall,
  headers: Record<string, string>,
  lookup: LookupFunction,
  mayReach: (address: string) => boolean,
  settle: (result: WebhookResult) => void,
): void => {
  const { protocol, hostname } = new URL(url);
  // A name that is an address is never looked up.
  if (/^[\d.]+$|:/.test(hostname) && !mayReach(hostname.replace(/^\[|\]$/g, ''))) {
    settle({ failed: 'not-public' });
    return;
  }
  const open = protocol === 'https:' ? byHttps : byHttp;
  const signal = AbortSignal.timeout(timeOutSeconds * 1000);
  const fail = (error: Error) => settle({ failed: error.name === 'NotPublic' ? 'not-public' : signal.aborted ? 'time-out' : 'connection' });
  const sent = open(url, { method: 'POST', headers, lookup, signal, agent: false }, (response) => {
    const parts: Buffer[] = [];
    let length = 0;
    response.on('data', (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length <= longestAnswer) return;
      settle({ failed: 'too-long' });
      sent.destroy();
    });
    response.on('error', fail);
    response.on('end', () => settle({ status: response.statusCode ?? 0, ...answerIn(Buffer.concat(parts).toString()) }));
  });
  sent.on('error', fail);
  sent.end(body);
};

const answerIn = (text: string): { readonly answer?: unknown } => {
  try {
    return { answer: JSON.parse(text) };
  } catch {
    return {};
  }
};
