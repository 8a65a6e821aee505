import * as z from 'zod';
import { meantHint } from '#core/did-you-mean';
import type { Report, YamlPath } from '#core/problems';
import { parseWindow, windowTrouble } from '#core/send-window-text';
import { catching, resources, retryQueue, substitute, type Task } from '#core/sequences/asl';
import { fusedTimeOut, fusedWait, timedWait } from '#core/sequences/fused';
import type { EmailStep, SendWindow, WaitStep } from '#core/sequences/model';
import { holdOf, type Place, waitsFrom } from '#core/sequences/plan';
import { roundOf, stepOf } from '#core/sequences/rounds';
import { planAndHold } from './plan-states.ts';
import { common, type Machine, type Reading, readWith, type StepKind } from './step-kind.ts';
import { idsOfLeg } from './task-parts.ts';
import { afterWait } from './wait.ts';

/** Also of a whole sequence. */
export const contentRule = z
  .enum(['latest', 'as-entered'])
  .describe(
    'Whose words go to leads in flight: as-entered (default), those of the version they entered; latest, the newest published, as long as the e-mail itself is the same',
  );

const schema = () =>
  z.strictObject({
    email: z.string().describe('Name of the file in emails/, without its ending.'),
    at: z.literal('once').optional().describe('Goes at any hour, outside windows and quiet hours.'),
    send: z.string().optional().describe('The window of this e-mail, instead of that of the sequence, e.g. tue-thu 09:00-11:00 lead time.'),
    transactional: z
      .literal(true)
      .optional()
      .describe('What the lead itself waits for, e.g. its access: cap, gap and group do not hold it back, and it does not count.'),
    content: contentRule.optional(),
    ...common,
  });

export const email: StepKind<EmailStep> = {
  kind: 'email',
  help: 'Sends one e-mail, inside the window, if the lead still wants it.',
  schema,

  read(raw, named, path, reading) {
    const read = readWith(schema(), raw, path, reading.report);
    if (!read) return undefined;
    const atOnce = read.at === 'once';
    checkTemplate(read.email, [...path, 'email'], reading);
    if (atOnce && read.send !== undefined) {
      reading.report([...path, 'at'], {
        code: 'window-and-at-once',
        what: 'an e-mail that goes at once has no window',
        allowed: 'at or send, not both',
      });
    }
    const own = read.send === undefined ? undefined : readWindow(read.send, [...path, 'send'], reading.report);
    const window = atOnce ? undefined : (own ?? reading.window);
    return {
      ...named,
      kind: 'email',
      email: read.email,
      atOnce,
      ...(window && { window }),
      ...(read.transactional && { transactional: true }),
      ...((read.content ?? reading.content) === 'latest' && { contentLatest: true }),
    };
  },

  /** Straight in only when no window matters or a wait has just met it. */
  enter({ step }, source) {
    if (step.atOnce || source === 'ready') return step.id;
    return source === 'answered' ? `Hold ${step.id}` : `Plan ${step.id}`;
  },

  emit(place, machine) {
    const { step, next } = place;
    const wait = fusedWait(place);
    machine.add(step.id, wait ? sendAndWait(step, wait, machine) : send(step, machine.enter(next, 'answered'), machine));
    machine.answers(step.id, wait ? [timedWait(wait, machine.sequence)] : waitsFrom(next, machine.sequence));
    planAndHold(machine, step.id, holdOf(step, machine.sequence));
  },
};

/** The time-out outlives the queue's retention: a message that is still there may still be answered. */
const sendSeconds = 1_296_000;

const send = (step: EmailStep, after: string, machine: Machine): Task => ({
  ...asking(step, machine),
  ResultPath: '$.plan',
  TimeoutSeconds: sendSeconds,
  Catch: [...putOff(step), failed],
  // The sender of the last e-mail ends the run on its row itself: a state less for every lead (docs/decisions/0008).
  ...(after === 'End' ? { End: true as const } : { Next: after }),
});

/** The token is answered once the wait is over: a state less for every mail (docs/decisions/0046). Its plan is old by then. */
const sendAndWait = (step: EmailStep, wait: Place<WaitStep>, machine: Machine): Task => ({
  ...asking(step, machine, { 'attempt.$': '$$.State.RetryCount' }),
  ResultPath: null,
  TimeoutSeconds: fusedTimeOut(wait, machine.sequence),
  Catch: [...putOff(step), catching(['Apart'], machine.enter(wait, 'cold')), failed],
  Next: afterWait(wait, machine),
});

const asking = ({ id }: EmailStep, { sequence, version }: Machine, more: { readonly 'attempt.$'?: string } = {}) =>
  ({
    Type: 'Task',
    Resource: resources.sendToQueue,
    Parameters: { QueueUrl: substitute('SendQueueUrl'), MessageBody: { ...messageBody(id, sequence.id, version), ...more } },
    Retry: retryQueue,
  }) as const;
const putOff = ({ id }: EmailStep) => [catching(['Halt'], 'Route'), catching(['Defer'], `Plan ${id}`)];
const failed = catching(['States.ALL'], 'Failed', 'keep');

const checkTemplate = (name: string, path: YamlPath, { report, emails }: Reading) => {
  if (emails.has(name)) return;
  report(path, {
    code: 'missing-template',
    what: `there is no e-mail "${name}"`,
    got: name,
    ...(emails.size > 0 && { allowed: [...emails].sort().join(', ') }),
    hint: meantHint(name, emails).hint ?? `write it: emails/${name}.md`,
  });
};

const readWindow = (text: string, path: YamlPath, report: Report): SendWindow | undefined => {
  const window = parseWindow(text);
  if (!window) {
    report(path, { code: 'bad-window', got: text, ...windowTrouble(text) });
  }
  return window;
};

/** core/messages.ts SendMessage. */
const messageBody = (id: string, sequence: string, version: string) => ({
  ...idsOfLeg,
  sequence,
  version,
  step: stepOf(id),
  round: roundOf(id),
  'token.$': '$$.Task.Token',
  'enteredAt.$': '$$.State.EnteredTime',
  notAfterSeconds: 1_209_600,
});
