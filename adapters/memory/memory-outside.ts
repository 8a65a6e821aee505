import type { TeamChat, WebhookCall, WebhookResult, Webhooks } from '#core/ports';

/** How another system answers a call. */
export type AnswerWebhook = (call: WebhookCall) => WebhookResult | Promise<WebhookResult>;

/** Nobody is called. */
export const memoryWebhooks = (answer: AnswerWebhook = () => ({ status: 200, answer: {} })): Webhooks => ({
  call: async (call) => answer(call),
});

export const memoryTeamChat = (told: (channel: string, text: string) => void = () => undefined): TeamChat => ({
  post: async (channel, text) => {
    told(channel, text);
    return 'posted';
  },
});
