import * as z from 'zod';
import { parseDuration } from '#core/duration';
import type { Report, YamlPath } from '#core/problems';
import { catching, retryWebhook, substitute } from '#core/sequences/asl';
import type { WebhookStep } from '#core/sequences/model';
import { waitsFrom } from '#core/sequences/plan';
import { reportFieldNames } from './field-names.ts';
import { common, readWith, type StepKind } from './step-kind.ts';
import { askTask } from './task-parts.ts';

const Name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,39}$/, 'a name in the answer, such as plan');
const usualSeconds = 10;
const mostSeconds = 20;

const schema = () =>
  z.strictObject({
    webhook: z
      .strictObject({
        url: z.string().describe('Where to: https, a public host.'),
        sends: z
          .array(z.string())
          .max(40)
          .optional()
          .describe('Lead fields that it is told, e.g. [company, country]; the address only if email is named.'),
        keeps: z
          .array(Name)
          .max(20)
          .optional()
          .describe('Names of its JSON answer that conditions may ask for, as in { answer: enrich.plan, is: pro }.'),
        into: z.record(z.string(), Name).optional().describe('Lead fields to be filled from the answer, e.g. { employees: headcount }.'),
        'time-out': z.string().optional().describe('How long it may take; 10 seconds, at most 20.'),
      })
      .describe('Asks another system, signed; tried again for some three hours while it does not answer, then the lead goes on without.'),
    ...common,
  });

export const webhook: StepKind<WebhookStep> = {
  kind: 'webhook',
  help: 'Asks another system about the lead, or tells it; the answer can decide a branch.',
  schema,

  read(raw, named, path, { report }) {
    const read = readWith(schema(), raw, path, report);
    if (!read) return undefined;
    const at = [...path, 'webhook'];
    const { url, sends = [], keeps = [], into = {} } = read.webhook;
    const isGood = checkUrl(url, [...at, 'url'], report);
    reportFieldNames(Object.keys(into), (name) => [...at, 'into', name], report);
    const timeOutSeconds = readTimeOut(read.webhook['time-out'], [...at, 'time-out'], report);
    return isGood ? { ...named, kind: 'webhook', url, sends, keeps, into, timeOutSeconds } : undefined;
  },

  enter: ({ step }) => step.id,

  /** Nobody answered: the handler says so on record and plans what follows, as after an answer. */
  emit({ step, next }, machine) {
    const after = machine.enter(next, 'answered');
    const about = { functionArn: substitute('CallWebhookArn'), step: step.id, keep: ['waits'], next: after };
    const givesUp = `${step.id} (no answer)`;
    const task = askTask(machine, about);
    machine.add(step.id, {
      ...task,
      Retry: retryWebhook,
      Catch: [
        catching(['Halt'], 'Route'),
        catching(['RetryableError', 'States.Timeout'], givesUp),
        catching(['States.ALL'], 'Failed', 'keep'),
      ],
    });
    machine.answers(step.id, waitsFrom(next, machine.sequence));
    machine.add(givesUp, askTask(machine, { ...about, ask: 'give-up' }));
    machine.answers(givesUp, waitsFrom(next, machine.sequence));
  },
};

const checkUrl = (text: string, path: YamlPath, report: Report): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPublic =
    url !== undefined && /\.[a-z][a-z0-9-]*$/i.test(url.hostname) && !/\.(local|localhost|internal|lan|home|arpa)$/i.test(url.hostname);
  const isGood =
    isPublic && url.protocol === 'https:' && url.username === '' && url.password === '' && (url.port === '' || url.port === '443');
  if (!isGood)
    report(path, {
      code: 'bad-url',
      what:
        url?.username || url?.password ? 'a URL must not hold a password: the call is signed' : 'a webhook goes to a public host, by https',
      got: text,
      allowed: 'https://hooks.northwind.example/enrich',
    });
  return isGood;
};

const readTimeOut = (text: string | undefined, path: YamlPath, report: Report): number => {
  const seconds = text === undefined ? usualSeconds : (parseDuration(text)?.seconds ?? 0);
  if (seconds >= 1 && seconds <= mostSeconds) return seconds;
  report(path, { code: 'bad-duration', what: 'this is not a time-out', got: text ?? '', allowed: '1 to 20 seconds' });
  return usualSeconds;
};
