import type { LiveConfig } from '#core/config';
import { type Cost, costOf } from '#core/cost';
import type { Enrolment } from '#core/enrolment';
import { type ExperimentView, viewOf } from '#core/experiments/view';
import { endingOf } from '#core/explain/endings';
import type { Instant } from '#core/instant';
import { queueNames } from '#core/queues';
import type { SendRecord } from '#core/sending';
import type { Compiled } from '#core/sequences/compile';
import type { Diagram } from '#core/sequences/diagram';
import type { ImportReport } from '#lambdas/api/import-leads';
import { usageOf } from './meter.ts';
import { type DayFigures, emailsPerDay, figuresOf, type SequenceFigures } from './report/figures.ts';
import { type LeadRows, readLeads } from './report/lead-rows.ts';
import { isAfterStop, isOutsideWindow, overBudget, overCap, perEmailStep, sendKeyOf } from './report/safety.ts';
import { tally } from './report/tally.ts';
import { type AnswerFigures, answersTo, type TaskFigures, tasksOf } from './report/tasks.ts';
import { tracesOf } from './report/traces.ts';
import type { StoredMail } from './ses/mail-service.ts';
import { tasksIn } from './tasks-in.ts';
import type { World } from './world.ts';

export type RunFigures = {
  readonly leadId: string;
  readonly sequence: string;
  readonly ending: string;
  readonly sent: readonly string[];
  readonly unknown: readonly string[];
};

/** Everything the demo says. Counted from the inbox, the rows and the machines' histories, not from logs. */
export type DemoReport = {
  readonly seed: string;
  readonly days: number;
  readonly imported: ImportReport;
  readonly leads: number;
  readonly enrolments: number;
  readonly emailsSent: number;
  readonly duplicateSends: number;
  readonly sendsAfterStop: number;
  /** E-mails of which nobody knows whether they went: a process died around the call. They are not sent again. */
  readonly unknownSends: number;
  readonly emailsOutsideWindow: number;
  /** Beyond brand.yaml's cap and gap. */
  readonly emailsOverCap: number;
  readonly qualified: number;
  readonly salesTasks: number;
  /** How its tasks stand at the end. */
  readonly answers: AnswerFigures;
  readonly deadLetters: number;
  /** Runs that a fault of ours ended. */
  readonly failedRuns: number;
  readonly transitions: number;
  /** An e-mail that was put off comes again once for each time. */
  readonly transitionsOverBudget: number;
  /** States entered for e-mails and for the waits that lead straight to them, by e-mail. */
  readonly transitionsPerEmailStep: number;
  readonly costUsd: Cost;
  readonly usage: ReturnType<typeof usageOf>;
  readonly emailsPerDay: readonly DayFigures[];
  readonly sequences: readonly SequenceFigures[];
  /** Splits with a rule for their winner, as of the last nightly recount. */
  readonly experiments: readonly ExperimentView[];
  /** Every run, by lead: how it ended, which e-mails are in the inbox, and of which nobody knows. */
  readonly runs: readonly RunFigures[];
  readonly notEnrolled: { readonly [reason: string]: number };
  readonly skipped: { readonly [reason: string]: number };
  readonly putOff: { readonly [reason: string]: number };
  readonly tasks: readonly TaskFigures[];
};

type Parts = {
  readonly world: World;
  readonly imported: ImportReport;
  /** Of every lead that was imported. */
  readonly leadIds: readonly string[];
  readonly compiled: readonly Compiled[];
  readonly live: LiveConfig;
  /** With these, each sequence says how many took which way. */
  readonly diagrams?: readonly Diagram[];
  readonly startAt: Instant;
  readonly seed: string;
  readonly days: number;
};

export const reportOf = async ({ world, imported, leadIds, compiled, live, diagrams, startAt, seed, days }: Parts): Promise<DemoReport> => {
  const usage = usageBefore(world);
  const experiments = await experimentsIn(world, compiled);
  const mails = world.mail.mails().filter((it) => it.tags.lead !== undefined);
  const leads = await readLeads(world, leadIds);
  const byId = new Map(leads.map((it) => [it.lead.leadId, it]));
  const traces = tracesOf(world);
  const tasks = await tasksIn(world);
  const runs = leads.flatMap((it) => it.enrolments.map((run) => runOf(run, it, mails)));
  const entered = new Set(runs.map((it) => it.sequence));
  const shown = compiled.filter((it) => it.artifact.lawfulBasis !== 'confirmation' || entered.has(it.artifact.sequence));
  const putOff = reasonsOf('deferred', leads);
  const putOffs = Object.values(putOff).reduce((sum, it) => sum + it, 0);
  const counted = { leads, mails, traces, compiled: shown };
  return {
    seed,
    days,
    imported,
    leads: leads.length,
    enrolments: leads.reduce((sum, it) => sum + it.enrolments.length, 0),
    emailsSent: mails.length,
    duplicateSends: mails.length - new Set(mails.map(sendKeyOf)).size,
    sendsAfterStop: mails.filter((it) => isAfterStop(it, byId.get(it.tags.lead ?? ''))).length,
    unknownSends: runs.reduce((sum, it) => sum + it.unknown.length, 0),
    emailsOutsideWindow: mails.filter((it) => isOutsideWindow(it, byId.get(it.tags.lead ?? ''), compiled, live)).length,
    emailsOverCap: overCap(mails, compiled, live),
    qualified: leads.filter((it) => it.moves.some((move) => move.to === 'mql')).length,
    salesTasks: tasks.length,
    answers: answersTo(tasks),
    deadLetters: deadLettersIn(world),
    failedRuns: runs.filter((it) => it.ending === 'failed').length,
    transitions: usage.transitions,
    transitionsOverBudget: Math.max(0, overBudget(traces, compiled) - putOffs),
    transitionsPerEmailStep: perEmailStep(traces, compiled),
    costUsd: costOf(usage),
    usage,
    emailsPerDay: emailsPerDay(startAt, days, counted),
    sequences: shown.map((it) =>
      figuresOf(
        it,
        diagrams?.find((diagram) => diagram.title === it.artifact.sequence),
        counted,
      ),
    ),
    experiments,
    runs,
    notEnrolled: reasonsOf('not-enrolled', leads),
    skipped: reasonsOf('skipped', leads),
    putOff,
    tasks: tasksOf(tasks, leads, live),
  };
};

const experimentsIn = async ({ ports, clock }: World, compiled: readonly Compiled[]): Promise<readonly ExperimentView[]> => {
  const states = await Promise.all(compiled.map(({ artifact }) => ports.experiments.of(artifact.sequence)));
  return states.flat().map((it) => viewOf(it, clock.now()));
};

const reasonsOf = (outcome: string, leads: readonly LeadRows[]) =>
  tally(leads.flatMap((it) => it.decisions.filter((one) => one.outcome === outcome).map((one) => one.reason ?? '')));

const deadLettersIn = ({ queues }: World): number => queueNames.reduce((sum, it) => sum + queues.messagesIn(`${it}-dead`).length, 0);

/** Counted before the report reads anything itself. */
const usageBefore = (world: World) =>
  usageOf(world.meter, {
    emails: world.mail.mails().length,
    transitions: world.runner.transitions().total,
    queueRequests: world.queues.counts.sends + world.queues.counts.receives + world.queues.counts.deletes,
    // Events of AWS services are free on the default bus; the queue behind it is counted above.
    busEvents: 0,
  });

const notKnown: readonly SendRecord['state'][] = ['CALLING', 'UNKNOWN', 'ASSUMED_SENT'];

const runOf = (run: Enrolment, { sends }: LeadRows, mails: readonly StoredMail[]): RunFigures => ({
  leadId: run.leadId,
  sequence: run.sequence,
  ending: endingOf(run),
  sent: mails.filter((it) => it.tags.enrolment === run.enrolmentId).map((it) => it.tags.step ?? ''),
  unknown: sends.filter((it) => it.enrolmentId === run.enrolmentId && notKnown.includes(it.state)).map((it) => it.step),
});
