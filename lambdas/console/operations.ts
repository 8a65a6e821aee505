import * as z from 'zod';
import { allowanceAt, emailUsd, fixedUsd } from '#core/budget';
import { isConfirmation } from '#core/consent';
import type { DeadLook } from '#core/console/outside';
import type { BudgetView, DeadLetters, HealthRow, OperationsView, PauseRow } from '#core/console/views';
import { meaningOf } from '#core/dead-letters';
import { pausesOf, type WholePause, wholePauseNames, wholePauses } from '#core/pauses';
import type { LineState } from '#core/ports';
import { type QueueName, queueNames, queuesForOthers } from '#core/queues';
import { daysWatched, decideLine, fewestBounces, fewestComplaints } from '#core/stop-the-line';
import { resumePaused } from '#lambdas/resume-paused';
import { type Answer, type Asked, Refusal } from './asked.ts';
import { nameOf, noteAct } from './note-act.ts';
import { noSuch, pauseOf } from './sequences.ts';

const mostActs = 20;

/** For each sequence a query a day of those that stop-the-line looks at; three reads and a query; two calls a queue; one for all alarms. */
export const operationsView = async (asked: Asked): Promise<Answer> => {
  const { use, now } = asked;
  const [health, line, queues, alarms, recount, budget, acts] = await Promise.all([
    healthOf(asked),
    use.line.state(),
    use.queueStates.all(),
    use.alarmStates.all(),
    use.recounts.state(),
    budgetOf(asked),
    use.acts.lately(mostActs),
  ]);
  const view: OperationsView = {
    health,
    queues: queues.map((it) => (queuesForOthers.includes(it.queue) ? { ...it, isForOthers: true } : it)),
    alarms: alarms ?? [],
    ...(alarms === undefined && { alarmsUnknown: true as const }),
    pauses: pauseRows(line),
    ...(budget && { budget }),
    recount: {
      ...(recount?.asOf !== undefined && { asOf: recount.asOf }),
      isRunning: recount !== undefined && recount.phase !== 'done' && recount.startedAt <= now,
    },
    deadLetters: queues.filter((it) => it.dead > 0).map(({ queue, dead }) => ({ queue, count: dead })),
    acts: acts.map(({ by: _by, ...act }) => act),
  };
  return { json: view };
};

export const healthOf = async ({ use, live, now }: Asked): Promise<readonly HealthRow[]> => {
  const limits = live.brand.stopTheLine;
  const shown = (await use.artifacts.current()).map((it) => it.sequence).filter((it) => !isConfirmation(it));
  const sums = await Promise.all(shown.map((sequence) => use.health.sums(sequence, daysWatched(now, limits))));
  return shown
    .map((sequence, at): HealthRow => {
      const { delivered, bounced, complained } = sums[at] ?? { delivered: 0, bounced: 0, complained: 0 };
      const mails = delivered + bounced;
      const share = (part: number) => (mails === 0 ? 0 : Math.min(1, part / mails));
      const isOver = decideLine({ delivered, bounced, complained }, limits) !== undefined;
      const isNear = share(bounced) > limits.bounces / 2 || share(complained) > limits.complaints / 2;
      const isMuch = bounced >= fewestBounces || complained >= fewestComplaints || mails * limits.bounces >= fewestBounces;
      return {
        ...{ sequence, delivered, bounced, complained },
        bounceShare: share(bounced),
        complaintShare: share(complained),
        mostBounces: limits.bounces,
        mostComplaints: limits.complaints,
        says: isOver ? 'bad' : isMuch ? (isNear ? 'watch' : 'good') : 'too few to say',
      };
    })
    .sort((one, other) => (one.sequence < other.sequence ? -1 : 1));
};

const pauseRows = (line: LineState): readonly PauseRow[] =>
  pausesOf(line).map(({ key, ...pause }) => {
    const whole = wholePauseNames.find((it) => wholePauses[it] === key);
    return { ...pauseOf(pause), what: whole ?? key, kind: whole ?? ('sequence' as const) };
  });

const budgetOf = async ({ use, live, now }: Asked): Promise<BudgetView | undefined> => {
  const allowance = allowanceAt(live.brand, now);
  if (!allowance || !live.brand.budget) return undefined;
  const { month, usd, most, warnFrom, nextMonthAt } = allowance;
  const spent = await use.line.spentIn(month);
  const { budget } = live.brand;
  const spentUsd = Math.round((fixedUsd(budget.sesPlan) + spent * emailUsd(budget)) * 100) / 100;
  return { month, usd, spentEmails: spent, mostEmails: most, warnFromEmails: warnFrom, spentUsd, nextMonthAt };
};

const Why = z.string().trim().min(1).max(300);
export const PauseBody = z.strictObject({ why: Why });
export const OperationsPauseBody = z.strictObject({ what: z.string().min(1).max(40), why: Why });
export const OperationsResumeBody = z.strictObject({ what: z.string().min(1).max(40) });
const Queue = z.enum(queueNames);
export const LettersBody = z.strictObject({ queue: Queue });
/** `messageId`: this one alone. */
export const RedriveBody = z.strictObject({
  queue: Queue,
  messageId: z
    .string()
    .regex(/^[\w-]{1,80}$/)
    .optional(),
});
export const Nothing = z.strictObject({});

export const pauseSequence = async (asked: Asked): Promise<Answer> =>
  pause(asked, asked.params.sequence ?? '', (asked.body as z.output<typeof PauseBody>).why);
export const pauseAny = async (asked: Asked): Promise<Answer> => {
  const { what, why } = asked.body as z.output<typeof OperationsPauseBody>;
  return pause(asked, what, why);
};
export const resumeOne = async (asked: Asked): Promise<Answer> => resume(asked, asked.params.sequence ?? '');
export const resumeAny = async (asked: Asked): Promise<Answer> => resume(asked, (asked.body as z.output<typeof OperationsResumeBody>).what);

/** `everything`, `sends`, or a sequence. */
const isWhole = (what: string): what is WholePause => wholePauseNames.some((it) => it === what);
const keyOf = (what: string): string => (isWhole(what) ? wholePauses[what] : what);

const pause = async (asked: Asked, what: string, why: string): Promise<Answer> => {
  const { use, who, now } = asked;
  if (!isWhole(what) && !(await use.artifacts.newest(what))) throw noSuch(what);
  const outcome = await use.line.pause(keyOf(what), { at: now, by: 'hand', why, who: nameOf(who) });
  if (outcome === 'was-paused') throw new Refusal(409, `there is a pause of ${what} already, and it stays`);
  // Who it was stands with the pause already.
  await noteAct(asked, 'pause-sequence', { what });
  return { json: { said: `${what} is paused. Functions at work notice within half a minute; leads keep their places` } };
};

const resume = async (asked: Asked, what: string): Promise<Answer> => {
  const { use, now } = asked;
  const isRunning = new Refusal(409, `there is no pause of ${what.slice(0, 40)}`);
  if (!(await use.line.state()).paused[keyOf(what)]) throw isRunning;
  await noteAct(asked, 'resume-sequence', { what });
  if ((await resumePaused(use, keyOf(what), now)) === 'was-running') throw isRunning;
  return { json: { said: isWhole(what) ? 'It goes on' : `${what} goes on. What led to its pause counts no more` } };
};

/** What would go back: a look, by POST for SQS counts it. */
export const deadLetters = async ({ use, body }: Asked): Promise<Answer> => ({
  json: lookedAt(await use.queueStates.look((body as z.output<typeof LettersBody>).queue)),
});
const lookedAt = ({ letters, note }: DeadLook): DeadLetters => ({
  letters: letters.map((it) => {
    const means = it.error === undefined ? undefined : meaningOf(it.error);
    return { ...it, ...(means !== undefined && { means }) };
  }),
  ...(note !== undefined && { note }),
});

export const redrive = async (asked: Asked): Promise<Answer> => {
  const { use, body } = asked;
  const { queue, messageId } = body as z.output<typeof RedriveBody>;
  const isNone = new Refusal(409, `nothing lies dead beside ${queue}`);
  if ((await use.queueStates.all()).every((it) => it.queue !== queue || it.dead === 0)) throw isNone;
  if (messageId !== undefined) return redriveOne(asked, queue, messageId);
  await noteAct(asked, 'redrive', { what: queue });
  const outcome = await use.queueStates.redrive(queue);
  if (outcome === 'none') throw isNone;
  if (outcome === 'under-way') throw new Refusal(409, `the dead letters of ${queue} are on their way back already`);
  return { json: { said: `the dead letters of ${queue} go back and are tried again` } };
};

/** Which one stands on record: by its id, as the queue knows it. */
const redriveOne = async (asked: Asked, queue: QueueName, messageId: string): Promise<Answer> => {
  const { use } = asked;
  await noteAct(asked, 'redrive', { what: `${queue} ${messageId}` });
  if ((await use.queueStates.redriveOne(queue, messageId)) === 'none')
    throw new Refusal(
      409,
      `this message lies dead beside ${queue} no longer, or behind too many others: npx baton redrive --only finds it then`,
    );
  return { json: { said: `One message of ${queue} goes back and is tried again` } };
};
