import { addSeconds, type Instant } from '#core/instant';
import type { Compiled } from '#core/sequences/compile';
import type { Diagram } from '#core/sequences/diagram';
import { ownSteps } from '#core/sequences/rounds';
import type { StoredMail } from '#local/ses/mail-service';
import type { LeadRows } from './lead-rows.ts';
import { tally } from './tally.ts';
import { type Path, pathsOf, type Trace, type WayFigures, waysOf } from './traces.ts';

export type StepFigures = {
  readonly step: string;
  readonly entered: number;
  /** Still there when the demo ended. */
  readonly waiting: number;
  /** Whose run ended there before its time: qualified, goal, unsubscribed and the like. */
  readonly stopped: number;
  readonly sent?: number;
  /** Leads, not opens. */
  readonly opened?: number;
  readonly clicked?: number;
  /** Leads who left the topic with this as the last mail they had of it. */
  readonly unsubscribed?: number;
};

export type SequenceFigures = {
  readonly sequence: string;
  readonly version: string;
  readonly enrolments: number;
  readonly steps: readonly StepFigures[];
  readonly ways: readonly WayFigures[];
  readonly endings: { readonly [ending: string]: number };
};

export type Counted = {
  readonly leads: readonly LeadRows[];
  readonly mails: readonly StoredMail[];
  readonly traces: readonly Trace[];
  readonly compiled: readonly Compiled[];
};

export const figuresOf = (one: Compiled, diagram: Diagram | undefined, counted: Counted): SequenceFigures => {
  const { sequence, version, stepIds, emails } = one.artifact;
  const paths = pathsOf(one.artifact, counted.leads, counted.traces);
  const left = lastMailsOfLeavers(counted);
  return {
    sequence,
    version,
    enrolments: paths.length,
    steps: ownSteps(stepIds).map((step) => ({
      step,
      ...passing(step, paths),
      ...(emails[step] && { ...mailsOf(sequence, step, counted), unsubscribed: left[`${sequence} ${step}`] ?? 0 }),
    })),
    ways: diagram ? waysOf(diagram, paths) : [],
    endings: tally(paths.map((it) => it.ending)),
  };
};

const passing = (step: string, paths: readonly Path[]) => {
  const here = paths.filter((it) => it.steps.at(-1) === step);
  return {
    entered: paths.filter((it) => it.steps.includes(step)).length,
    waiting: here.filter((it) => it.ending === 'running').length,
    stopped: here.filter((it) => !['running', 'completed', 'exited'].includes(it.ending)).length,
  };
};

const mailsOf = (sequence: string, step: string, { leads, mails }: Counted) => {
  const people = (name: string) =>
    leads.filter((it) => it.human.some((event) => event.sequence === sequence && event.step === step && event.name === name)).length;
  return {
    sent: mails.filter((it) => it.tags.sequence === sequence && it.tags.step === step).length,
    opened: people('opened'),
    clicked: people('clicked'),
  };
};

const lastMailsOfLeavers = ({ leads, mails, compiled }: Counted): { readonly [sequenceAndStep: string]: number } => {
  const topicOf = new Map(compiled.map(({ artifact }) => [artifact.sequence, `TOPIC#${artifact.topic}`]));
  return tally(
    leads.flatMap(({ lead, suppressions }) =>
      suppressions
        .filter((it) => it.reason === 'unsubscribed')
        .flatMap(({ scope, at }) => {
          const before = mails.filter(
            ({ tags, ...it }) => tags.lead === lead.leadId && it.at <= at && topicOf.get(tags.sequence ?? '') === scope,
          );
          const last = before.reduce<StoredMail | undefined>((latest, it) => (latest && latest.at > it.at ? latest : it), undefined);
          return last ? [`${last.tags.sequence} ${last.tags.step}`] : [];
        }),
    ),
  );
};

/** E-mails of one day (UTC) by sequence. */
export type DayFigures = { readonly date: string; readonly sent: { readonly [sequence: string]: number } };

export const emailsPerDay = (startAt: Instant, days: number, { mails, compiled }: Counted): readonly DayFigures[] => {
  const counts = tally(mails.map((it) => `${it.at.slice(0, 10)} ${it.tags.sequence}`));
  return Array.from({ length: days + 1 }, (_, day) => {
    const date = addSeconds(startAt, day * 86_400).slice(0, 10);
    return { date, sent: Object.fromEntries(compiled.map(({ artifact: { sequence } }) => [sequence, counts[`${date} ${sequence}`] ?? 0])) };
  });
};
