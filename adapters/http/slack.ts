import { retryableError } from '#core/errors';
import type { TeamChat } from '#core/ports';
import { slackEscaped } from '#core/slack-blocks';
import type { OutsideSecret } from './outside-secret.ts';

const timeOutMilliseconds = 10_000;

/** Slack's incoming webhooks. `send`: given by tests. */
export const slackChat = ({ slack = {} }: Pick<OutsideSecret, 'slack'>, send: typeof fetch = fetch): TeamChat => ({
  post: async (channel, text, blocks) => {
    const url = Object.hasOwn(slack, channel) ? slack[channel] : undefined;
    if (url === undefined) return 'no-channel';
    const answer = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: slackEscaped(text), ...(blocks && { blocks, unfurl_links: false }) }),
      signal: AbortSignal.timeout(timeOutMilliseconds),
      redirect: 'error',
    }).catch((error: Error) => error);
    if (answer instanceof Error || answer.status === 429 || answer.status >= 500)
      throw retryableError('Slack could not be reached', answer);
    return answer.ok ? 'posted' : 'refused';
  },
});
