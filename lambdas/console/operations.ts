import * as z from 'zod';
import { allowanceAt, emailUsd, fixedUsd } from '#core/budget';
import { isConfirmation } from '#core/consent';
import type { BudgetView, HealthRow, OperationsView, PauseRow } from '#core/console/views';
import type { LineState } from '#core/ports';
import { queueNames } from '#core/queues';
import { daysWatched, decideLine, fewestBounces, fewestComplaints } from '#core/stop-the-line';
import { resumeSequence } from '#lambdas/resume-sequence';
import { type Answer, type Asked, Refusal } from './asked.ts';
import { noSuch, pauseOf } from './sequences.ts';

/** For each sequence a query a day of those that stop-the-line looks at; three reads; two calls a queue; one for all alarms. */
export const operationsView = async (asked: Asked): Promise<Answer> => {
  const { use, now } = asked;
  const [health, line, queues, alarms, recount, budget] = await Promise.all([
    healthOf(asked),
    use.line.state(),
    use.queueStates.all(),
    use.alarmStates.all(),
    use.recounts.state(),
    budgetOf(asked),
  ]);
  const view: OperationsView = {
    health,
    queues,
    alarms: alarms ?? [],
    ...(alarms === undefined && { alarmsUnknown: true as const }),
    pauses: pausesOf(line),
    ...(budget && { budget }),
    recount: {
      ...(recount?.asOf !== undefined && { asOf: recount.asOf }),
      isRunning: recount !== undefined && recount.phase !== 'done' && recount.startedAt <= now,
    },
    deadLetters: queues.filter((it) => it.dead > 0).map(({ queue, dead }) => ({ queue, count: dead })),
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

const pausesOf = (line: LineState): readonly PauseRow[] =>
  Object.entries(line.paused)
    .map(([what, pause]) => ({ ...pauseOf(pause), what, kind: 'sequence' as const }))
    .sort((one, other) => (one.at < other.at ? 1 : -1));

const budgetOf = async ({ use, live, now }: Asked): Promise<BudgetView | undefined> => {
  const allowance = allowanceAt(live.brand, now);
  if (!allowance || !live.brand.budget) return undefined;
  const { month, usd, most, warnFrom } = allowance;
  const spent = await use.line.spentIn(month);
  const { sesPlan } = live.brand.budget;
  const spentUsd = Math.round((fixedUsd(sesPlan) + spent * emailUsd(sesPlan)) * 100) / 100;
  return { month, usd, spentEmails: spent, mostEmails: most, warnFromEmails: warnFrom, spentUsd };
};

const Why = z.string().trim().min(1).max(300);
export const PauseBody = z.strictObject({ why: Why });
export const OperationsPauseBody = z.strictObject({ what: z.string().min(1).max(40), why: Why });
export const OperationsResumeBody = z.strictObject({ what: z.string().min(1).max(40) });
export const RedriveBody = z.strictObject({ queue: z.enum(queueNames) });
export const Nothing = z.strictObject({});

export const pauseSequence = async (asked: Asked): Promise<Answer> =>
  pause(asked, asked.params.sequence ?? '', (asked.body as z.output<typeof PauseBody>).why);
export const pauseAny = async (asked: Asked): Promise<Answer> => {
  const { what, why } = asked.body as z.output<typeof OperationsPauseBody>;
  return pause(asked, what, why);
};
export const resumeOne = async (asked: Asked): Promise<Answer> => resume(asked, asked.params.sequence ?? '');
export const resumeAny = async (asked: Asked): Promise<Answer> => resume(asked, (asked.body as z.output<typeof OperationsResumeBody>).what);

const pause = async ({ use, now }: Asked, sequence: string, why: string): Promise<Answer> => {
  if (!(await use.artifacts.newest(sequence))) throw noSuch(sequence);
  const outcome = await use.line.pause(sequence, { at: now, by: 'hand', why });
  if (outcome === 'was-paused') throw new Refusal(409, `${sequence} is paused already, and stays so`);
  use.log.info('sequence paused by hand', { sequence });
  return { json: { said: `${sequence} is paused. Functions at work notice within half a minute; its leads keep their places` } };
};

const resume = async ({ use, now }: Asked, sequence: string): Promise<Answer> => {
  if ((await resumeSequence(use, sequence, now)) === 'was-running') throw new Refusal(409, `${sequence} is not paused`);
  use.log.info('sequence resumed by hand', { sequence });
  return { json: { said: `${sequence} goes on. What led to its pause counts no more` } };
};

export const redrive = async ({ use, body }: Asked): Promise<Answer> => {
  const { queue } = body as z.output<typeof RedriveBody>;
  const outcome = await use.queueStates.redrive(queue);
  if (outcome === 'none') throw new Refusal(409, `nothing lies dead beside ${queue}`);
  if (outcome === 'under-way') throw new Refusal(409, `the dead letters of ${queue} are on their way back already`);
  use.log.info('dead letters redriven', { queue });
  return { json: { said: `the dead letters of ${queue} go back and are tried again` } };
};
