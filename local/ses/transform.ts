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

/** What the deployed rules and their input transformers make of it; undefined: no rule takes it. */
export const toSesEvent = (event: BusEvent): SesEvent | undefined => {
  const rule = sesEventRules.find((it) => it.detailType === event['detail-type']);
  if (!rule || valueAt(event, leadTagPath) === undefined) return undefined;
  return SesEvent.parse(JSON.parse(fillTemplate(inputTemplateOf(rule), inputPathsOf(rule), event)));
};

/** As EventBridge fills it: text between quotes, JSON without, nothing for what is missing. In one go: values may look like variables. */
const fillTemplate = (template: string, paths: { readonly [variable: string]: string }, event: BusEvent): string => {
  const found = (variable = '') => valueAt(event, partsOf(paths[variable] ?? ''));
  return template.replaceAll(/"((?:<\w+>)+)"|<(\w+)>/g, (_, quoted: string | undefined, bare: string | undefined) =>
    quoted === undefined
      ? (JSON.stringify(found(bare)) ?? '""')
      : JSON.stringify([...quoted.matchAll(/<(\w+)>/g)].map(([, name]) => textOf(found(name))).join('')),
  );
};

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const partsOf = (path: string): readonly string[] =>
  path
    .replace(/^\$\./, '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.');

const valueAt = (data: unknown, parts: readonly string[]): unknown =>
  parts.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], data);
