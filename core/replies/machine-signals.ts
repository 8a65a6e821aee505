import { type Header, headerOf, headersOf } from './reply.ts';

/** `bounce` and `list` decide alone; `robot` says that no person pressed send. */
export type Signal = { readonly code: string; readonly is: 'robot' | 'bounce' | 'list'; readonly weight: number };

/** What the headers say by themselves: RFC 3834 and 3464 first, then what Exchange, Gmail and others add. Strongest first. */
export const machineSignals = (headers: readonly Header[]): readonly Signal[] =>
  rules
    .filter(({ holds }) => holds(headers))
    .map(({ code, is, weight }) => ({ code, is, weight }))
    .sort((one, other) => other.weight - one.weight);

type Rule = Signal & { readonly holds: (headers: readonly Header[]) => boolean };

const has = (name: string, pattern: RegExp) => (headers: readonly Header[]) => headersOf(headers, name).some((it) => pattern.test(it));
const any = (names: readonly string[]) => (headers: readonly Header[]) => names.some((it) => headerOf(headers, it) !== undefined);

const rules: readonly Rule[] = [
  { code: 'delivery-report', is: 'bounce', weight: 1, holds: has('content-type', /^multipart\/report\b/i) },
  { code: 'failed-recipients', is: 'bounce', weight: 1, holds: any(['x-failed-recipients']) },
  { code: 'from-mailer', is: 'bounce', weight: 0.95, holds: has('from', /\b(mailer-daemon|postmaster)@/i) },
  { code: 'auto-submitted', is: 'robot', weight: 0.97, holds: has('auto-submitted', /^auto-/i) },
  {
    code: 'x-autoreply',
    is: 'robot',
    weight: 0.95,
    holds: any(['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply', 'x-autoreply-from', 'x-mail-autoreply', 'x-vacation']),
  },
  {
    code: 'exchange-rule',
    is: 'robot',
    weight: 0.95,
    holds: any(['x-ms-exchange-inbox-rules-loop', 'x-ms-exchange-generated-message-source']),
  },
  { code: 'auto-reply-precedence', is: 'robot', weight: 0.95, holds: has('precedence', /^auto[_-]?reply/i) },
  { code: 'null-sender', is: 'robot', weight: 0.9, holds: has('return-path', /^<\s*>$/) },
  { code: 'from-no-reply', is: 'robot', weight: 0.9, holds: has('from', /(^|[<\s])(no|do-?not)[._-]?reply[\w.+-]*@/i) },
  { code: 'mailing-list', is: 'list', weight: 0.85, holds: any(['list-id', 'list-post']) },
  { code: 'list-precedence', is: 'list', weight: 0.85, holds: has('precedence', /^list/i) },
  { code: 'bulk-precedence', is: 'robot', weight: 0.85, holds: has('precedence', /^(bulk|junk)/i) },
  { code: 'calendar', is: 'robot', weight: 0.8, holds: has('content-type', /^text\/calendar\b/i) },
  // Help desks set it on what their people write, too: alone it decides nothing.
  { code: 'response-suppressed', is: 'robot', weight: 0.5, holds: has('x-auto-response-suppress', /\b(all|oof|autoreply)\b/i) },
];
