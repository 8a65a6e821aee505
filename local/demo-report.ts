import type { LiveConfig } from '#core/config';
import { type Cost, costOf } from '#core/cost';
import type { Enrolment } from '#core/enrolment';
import type { EventRow } from '#core/events';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { Suppression } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import type { SendRecord } from '#core/sending';
import { budgetOf } from '#core/sequences/budget';
import type { Compiled } from '#core/sequences/compile';
import { zoneOf } from '#core/time-zone';
import type { ImportReport } from '#lambdas/api/import-leads';
import { usageOf } from './meter.ts';
import type { StoredMail } from './ses/mail-service.ts';
import type { World } from './world.ts';

export type StepFigures = {
  readonly step: string;
  readonly entered: number;
  readonly sent?: number;
  readonly opened?: number;
  readonly clicked?: number;
};

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
  readonly qualified: number;
  readonly salesTasks: number;
  readonly deadLetters: number;
  readonly transitions: number;
  readonly transitionsOverBudget: number;
  /** States entered for e-mails and for the waits that lead straight to them, by e-mail. */
  readonly transitionsPerEmailStep: number;
  readonly costUsd: Cost;
  readonly usage: ReturnType<typeof usageOf>;
  readonly sequences: readonly {
    readonly sequence: string;
    readonly version: string;
    readonly enrolments: number;
    readonly steps: readonly StepFigures[];
    readonly endings: { readonly [ending: string]: number };
  }[];
  /** Every run, by lead: how it ended, which e-mails are in the inbox, and of which nobody knows. */
  readonly runs: readonly RunFigures[];
  readonly notEnrolled: { readonly [reason: string]: number };
  readonly skipped: { readonly [reason: string]: number };
  readonly tasks: readonly (SalesTask & { readonly company: string })[];
};

type Parts = {
  readonly world: World;
  readonly imported: ImportReport;
  /** Of every lead that was imported. */
  readonly leadIds: readonly string[];
  readonly compiled: readonly Compiled[];
  readonly live: LiveConfig;
  readonly seed: string;
  readonly days: number;
};

type LeadRows = {
  readonly lead: Lead;
  readonly enrolments: readonly Enrolment[];
  readonly suppressions: readonly Suppression[];
  readonly events: readonly EventRow[];
  readonly sends: readonly SendRecord[];
};

export const reportOf = async ({ world, imported, leadIds, compiled, live, seed, days }: Parts): Promise<DemoReport> => {
  const usage = usageBefore(world);
  const mails = world.mail.mails().filter((it) => it.tags.lead !== undefined);
  const leads = await readLeads(world, leadIds);
  const byId = new Map(leads.map((it) => [it.lead.leadId, it]));
  const traces = tracesOf(world);
  const tasks = world.queues.messagesIn('sales-tasks').map((it) => JSON.parse(it.body) as SalesTask);
  const runs = leads.flatMap((it) => it.enrolments.map((run) => runOf(run, it, mails)));
  const decisions = (await Promise.all(leads.map((it) => world.ports.decisions.ofLead(it.lead.leadId)))).flat();
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
    qualified: leads.filter((it) => it.lead.stage === 'mql').length,
    salesTasks: tasks.length,
    deadLetters: ['send', 'enrol', 'wake', 'events'].reduce((sum, it) => sum + world.queues.messagesIn(`${it}-dead`).length, 0),
    transitions: usage.transitions,
    transitionsOverBudget: overBudget(traces, compiled),
    transitionsPerEmailStep: perEmailStep(traces, compiled),
    costUsd: costOf(usage),
    usage,
    sequences: compiled.map((it) => figuresOf(it, leads, mails, traces)),
    runs,
    notEnrolled: tally(decisions.filter((it) => it.outcome === 'not-enrolled').map((it) => it.reason ?? '')),
    skipped: tally(decisions.filter((it) => it.outcome === 'skipped').map((it) => it.reason ?? '')),
    tasks: tasks
      .map((it) => ({ ...it, company: String(byId.get(it.leadId)?.lead.fields.company ?? '') }))
      .sort((one, other) =>
        one.createdAt === other.createdAt ? compare(one.taskId, other.taskId) : compare(one.createdAt, other.createdAt),
      ),
  };
};

/** Counted before the report reads anything itself. */
const usageBefore = (world: World) =>
  usageOf(world.meter, {
    emails: world.mail.mails().length,
    transitions: world.runner.transitions().total,
    queueRequests: world.queues.counts.sends + world.queues.counts.receives + world.queues.counts.deletes,
    // Events of AWS services are free on the default bus; the queue behind it is counted above.
    busEvents: 0,
  });

const readLeads = ({ ports }: World, leadIds: readonly string[]): Promise<readonly LeadRows[]> =>
  Promise.all(
    [...leadIds].sort().map(async (leadId) => {
      const [lead, enrolments, suppressions, events, sends] = await Promise.all([
        ports.leads.find(leadId),
        ports.enrolments.ofLead(leadId),
        ports.suppressions.ofLead(leadId),
        ports.events.ofLead(leadId),
        ports.sends.ofLead(leadId),
      ]);
      if (!lead) throw new Error(`the lead ${leadId} was lost`);
      return { lead, enrolments, suppressions, events, sends };
    }),
  );

const sendKeyOf = ({ tags }: StoredMail) => [tags.lead, tags.sequence, tags.enrolment, tags.step, tags.round].join(' ');

/** Against every fact that should have kept it back: stops on the row, suppressions, consent. */
const isAfterStop = (mail: StoredMail, rows: LeadRows | undefined): boolean => {
  if (!rows) return true;
  const run = rows.enrolments.find((it) => it.enrolmentId === mail.tags.enrolment);
  if (!run || (run.stop && mail.at > run.stop.at)) return true;
  return rows.suppressions.some((it) => it.scope === 'GLOBAL' && mail.at > it.at);
};

/** By Intl and the lead's own fields, not by the code that planned it. */
const isOutsideWindow = (mail: StoredMail, rows: LeadRows | undefined, compiled: readonly Compiled[], live: LiveConfig): boolean => {
  const { sequence = '', step = '' } = mail.tags;
  const email = compiled.find((it) => it.artifact.sequence === sequence)?.artifact.emails[step]?.step;
  if (!rows || !email) return true;
  if (email.atOnce) return false;
  const { window } = email;
  const { day, minute } = localTime(mail.at, window && window.zone !== 'lead' ? window.zone : zoneOf(rows.lead, live.brand).zone);
  if (window) return !window.days.includes(day) || minute < window.fromMinute || minute >= window.toMinute;
  const quiet = live.brand.quietHours;
  if (!quiet) return false;
  return quiet.fromMinute < quiet.toMinute
    ? minute >= quiet.fromMinute && minute < quiet.toMinute
    : minute >= quiet.fromMinute || minute < quiet.toMinute;
};

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const localTime = (at: Instant, timeZone: string): { readonly day: number; readonly minute: number } => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(Date.parse(at));
  const part = (type: string) => parts.find((it) => it.type === type)?.value ?? '';
  return { day: weekdays.indexOf(part('weekday')) + 1, minute: Number(part('hour')) * 60 + Number(part('minute')) };
};

type Trace = { readonly machine: string; readonly name: string; readonly states: readonly string[] };

const tracesOf = ({ runner }: World): readonly Trace[] =>
  runner.list().map((it) => ({ machine: it.machine, name: it.name, states: runner.history(it.executionArn).map((visit) => visit.state) }));

const overBudget = (traces: readonly Trace[], compiled: readonly Compiled[]): number =>
  traces.reduce((sum, { machine, states }) => {
    const asl = compiled.find((it) => it.artifact.sequence === machine)?.asl;
    return asl ? sum + Math.max(0, states.length - budgetOf(states, asl)) : sum;
  }, 0);

const perEmailStep = (traces: readonly Trace[], compiled: readonly Compiled[]): number => {
  let emails = 0;
  let states = 0;
  for (const trace of traces) {
    const one = compiled.find((it) => it.artifact.sequence === trace.machine);
    if (!one) continue;
    const isEmail = (name: string | undefined) => name !== undefined && one.artifact.emails[name] !== undefined;
    const isSplit = (name: string | undefined) => name !== undefined && one.asl.States[name]?.Type === 'Choice';
    trace.states.forEach((name, at) => {
      if (!isEmail(name)) return;
      let before = at - 1;
      while (isSplit(trace.states[before]) && before > 0) before--;
      const waited = one.asl.States[trace.states[before] ?? ''];
      const hasWait = waited?.Type === 'Task' && waited.Resource.endsWith('updateItem.waitForTaskToken');
      emails++;
      states += hasWait ? 2 : 1;
    });
  }
  return emails === 0 ? 0 : Math.round((states / emails) * 1000) / 1000;
};

const figuresOf = (one: Compiled, leads: readonly LeadRows[], mails: readonly StoredMail[], traces: readonly Trace[]) => {
  const { sequence, version, stepIds, emails } = one.artifact;
  const runs = leads.flatMap((it) => it.enrolments).filter((it) => it.sequence === sequence);
  const mine = traces.filter((it) => it.machine === sequence);
  const events = leads.flatMap((it) => it.events).filter((it) => it.sequence === sequence);
  const people = (name: string, step: string) =>
    new Set(events.filter((it) => it.name === name && it.step === step).map((it) => it.leadId)).size;
  return {
    sequence,
    version,
    enrolments: runs.length,
    steps: stepIds.map((step) => ({
      step,
      entered: mine.filter((it) => it.states.some((state) => state === step || state.startsWith(`${step} (`))).length,
      ...(emails[step] && {
        sent: mails.filter((it) => it.tags.sequence === sequence && it.tags.step === step).length,
        opened: people('opened', step),
        clicked: people('clicked', step),
      }),
    })),
    endings: tally(runs.map(endingOf)),
  };
};

const notKnown: readonly SendRecord['state'][] = ['CALLING', 'UNKNOWN', 'ASSUMED_SENT'];

const runOf = (run: Enrolment, { sends }: LeadRows, mails: readonly StoredMail[]): RunFigures => ({
  leadId: run.leadId,
  sequence: run.sequence,
  ending: endingOf(run),
  sent: mails.filter((it) => it.tags.enrolment === run.enrolmentId).map((it) => it.tags.step ?? ''),
  unknown: sends.filter((it) => it.enrolmentId === run.enrolmentId && notKnown.includes(it.state)).map((it) => it.step),
});

export const endingOf = (run: Enrolment): string => {
  if (run.endedAt === undefined) return 'running';
  if (run.ending === 'stopped') return run.stop?.reason ?? 'stopped';
  return run.ending ?? 'ended';
};

const tally = (words: readonly string[]): { readonly [word: string]: number } => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([one, a], [other, b]) => b - a || compare(one, other)));
};

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
