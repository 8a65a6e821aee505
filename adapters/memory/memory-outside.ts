import type { ErasedEvent } from '#core/erased-event';
import type { SalesEvents, TeamChat, WebhookCall, WebhookResult, Webhooks } from '#core/ports';
import type { HandoffEvent } from '#core/sales-events-schema';
import type { SlackBlock } from '#core/slack-blocks';

/** How another system answers a call. */
export type AnswerWebhook = (call: WebhookCall) => WebhookResult | Promise<WebhookResult>;

/** Nobody is called. */
export const memoryWebhooks = (answer: AnswerWebhook = () => ({ status: 200, answer: {} })): Webhooks => ({
  call: async (call) => answer(call),
});

export const memoryTeamChat = (
  told: (channel: string, text: string, blocks?: readonly SlackBlock[]) => void = () => undefined,
): TeamChat => ({
  post: async (channel, text, blocks) => {
    told(channel, text, blocks);
    return 'posted';
  },
});

export const memorySalesEvents = (emitted: (event: HandoffEvent | ErasedEvent) => void = () => undefined): SalesEvents => ({
  emit: async (event) => emitted(event),
  erased: async (event) => emitted(event),
});
