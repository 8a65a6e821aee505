import { cutTo } from './cut-to.ts';

/** The part of Slack's Block Kit that a brief is made of. */
type Words = { readonly type: 'mrkdwn' | 'plain_text'; readonly text: string };
type Button = {
  readonly type: 'button';
  readonly text: Words;
  readonly url: string;
  readonly action_id: string;
  readonly style?: 'primary';
};
export type SlackBlock =
  | { readonly type: 'header'; readonly text: Words }
  | { readonly type: 'section'; readonly text: Words }
  | { readonly type: 'section'; readonly fields: readonly Words[] }
  | { readonly type: 'context'; readonly elements: readonly Words[] }
  | { readonly type: 'actions'; readonly elements: readonly Button[] };

/** What Slack would read as a mention or a link: a lead's field must not call everyone. */
export const slackEscaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** `text` is Slack's own markup: whatever is not ours must be escaped in it. */
const marked = (text: string, atMost: number): Words => ({ type: 'mrkdwn', text: cutMarkup(text, atMost) });
/** No `&amp;` and no link is cut in two: what begins is left out whole. */
const cutMarkup = (text: string, atMost: number): string =>
  text.length <= atMost
    ? text
    : `${cutTo(text, atMost)
        .replace(/…$/, '')
        .replace(/(&[a-z]{0,3}|<[^>]*)$/, '')}…`;

/** Limits are Slack's. */
export const header = (text: string): SlackBlock => ({ type: 'header', text: { type: 'plain_text', text: cutTo(text, 150) } });
export const section = (text: string): SlackBlock => ({ type: 'section', text: marked(text, 3000) });
export const fields = (all: readonly string[]): SlackBlock => ({ type: 'section', fields: all.slice(0, 10).map((it) => marked(it, 2000)) });
export const context = (text: string): SlackBlock => ({ type: 'context', elements: [marked(text, 2000)] });
/** Buttons that lead to a page: nothing is called back, so that no endpoint of ours need be open to Slack. */
export const linkButtons = (
  buttons: readonly { readonly label: string; readonly url: string; readonly isFirst?: boolean }[],
): SlackBlock => ({
  type: 'actions',
  elements: buttons.map(({ label, url, isFirst }, at) => ({
    type: 'button',
    text: { type: 'plain_text', text: cutTo(label, 75) },
    url,
    action_id: `open-${at}`,
    ...(isFirst && { style: 'primary' as const }),
  })),
});
