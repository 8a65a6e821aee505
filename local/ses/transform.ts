import { SesEvent } from '#core/events';
import { inputPathsOf, inputTemplateOf, leadTagPath, sesEventRules } from '#core/ses-event-rules';

/** An SES event as the default EventBridge bus carries it. */
export type BusEvent = {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: {
    readonly mail: {
      readonly messageId: string;
      readonly timestamp: string;
      readonly destination: readonly string[];
      readonly commonHeaders: { readonly subject: string };
      readonly tags: Readonly<Record<string, readonly string[]>>;
    };
    readonly delivery?: { readonly timestamp: string };
    readonly open?: { readonly timestamp: string; readonly userAgent: string; readonly isAutomated?: boolean };
    readonly complaint?: { readonly timestamp: string };
    readonly click?: { readonly link: string; readonly timestamp: string; readonly userAgent: string; readonly isAutomated?: boolean };
    readonly bounce?: { readonly bounceType: string; readonly bounceSubType: string; readonly timestamp: string };
  };
};

/** What the deployed rules and their input transformers make of it, as the queue gets it; undefined: no rule takes it. */
export const toMessage = (event: BusEvent): string | undefined => {
  const transform = transformers.get(event['detail-type']);
  return transform && valueAt(event, leadTagPath) !== undefined ? transform(event) : undefined;
};

/**
 * A message of ours, read as whoever takes it from the queue will read it (core/events.ts), without the look at each field that anybody's
 * message needs: to tell those who play the recipients.
 */
export const readBack = (message: string): SesEvent => {
  const event: Record<string, unknown> = {};
  const given = JSON.parse(message) as Readonly<Record<string, unknown>>;
  for (const name in given) if (given[name] !== '' && given[name] !== null) event[name] = readers[name]?.(given[name]) ?? given[name];
  return event as SesEvent;
};
const cut = (length: number) => (value: unknown) => String(value).slice(0, length);
const readers: { readonly [field: string]: ((value: unknown) => unknown) | undefined } = {
  round: Number,
  link: cut(2048),
  userAgent: cut(512),
  bounceType: cut(64),
  bounceSubType: cut(64),
};

/** The same of any event, with every field looked at. */
export const toSesEvent = (event: BusEvent): SesEvent | undefined => {
  const message = toMessage(event);
  return message === undefined ? undefined : SesEvent.parse(JSON.parse(message));
};

type Transform = (event: BusEvent) => string;

/**
 * As EventBridge fills a template: text between quotes, JSON without, nothing for what is missing. In one go: values may look like
 * variables.
 */
const transformerOf = (template: string, paths: { readonly [variable: string]: string }): Transform => {
  const holes: { readonly before: string; readonly fill: Transform }[] = [];
  let end = 0;
  for (const { 0: whole, 1: quoted, 2: bare = '', index } of template.matchAll(/"((?:<\w+>)+)"|<(\w+)>/g)) {
    const names = quoted === undefined ? [bare] : [...quoted.matchAll(/<(\w+)>/g)].map(([, name = '']) => name);
    const wanted = names.map((it) => partsOf(paths[it] ?? ''));
    holes.push({ before: template.slice(end, index), fill: quoted === undefined ? bareOf(wanted[0] ?? []) : quotedOf(wanted) });
    end = index + whole.length;
  }
  const rest = template.slice(end);
  return (event) => {
    let text = '';
    for (const { before, fill } of holes) text += before + fill(event);
    return text + rest;
  };
};

const bareOf =
  (parts: Parts): Transform =>
  (event) =>
    JSON.stringify(valueAt(event, parts)) ?? '""';

const quotedOf =
  (wanted: readonly Parts[]): Transform =>
  (event) => {
    let text = '';
    for (const parts of wanted) text += textOf(valueAt(event, parts));
    return text === '' ? '""' : JSON.stringify(text);
  };

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** Names, and places in lists. */
type Parts = readonly (string | number)[];

const partsOf = (path: string): Parts =>
  path
    .replace(/^\$\./, '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map((it) => (/^\d+$/.test(it) ? Number(it) : it));

const valueAt = (data: unknown, parts: Parts): unknown => {
  let value = data;
  for (const part of parts) {
    if (value === undefined) return undefined;
    value = (value as Record<string | number, unknown> | null)?.[part];
  }
  return value;
};

const transformers: ReadonlyMap<string, Transform> = new Map(
  sesEventRules.map((rule) => [rule.detailType, transformerOf(inputTemplateOf(rule), inputPathsOf(rule))]),
);
