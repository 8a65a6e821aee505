import type { LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import type { Lead, Stage } from '#core/lead';
import type { History } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import { engagementAt, fitOf, gradeOf } from '#core/scoring';
import { stepOf } from '#core/sequences/rounds';
import { positionOf } from './positions.ts';

/** A list of leads that the console shows: all of a stage, all at a step of a sequence, all of an owner. */
export type CardList = { readonly stage: Stage } | { readonly sequence: string; readonly step?: string } | { readonly owner: string };

/** What lists are ordered by and show, beside the profile. No name, no address. Whole points: few of them change in a night. */
export type CardFigures = {
  readonly fit: number;
  readonly engagement: number;
  readonly grade?: string;
  readonly owner?: string;
  readonly runs: readonly { readonly sequence: string; readonly step?: string }[];
};
/** A lead's place in one list. `name`: one a list that it can be in: `stage`, `owner`, `in <sequence>`. */
export type Card = CardFigures & {
  readonly leadId: string;
  readonly name: string;
  readonly list: CardList;
  /** Of the run that it is about. */
  readonly version?: string;
};

type CardGiven = {
  readonly history: History;
  readonly tasks: readonly SalesTask[];
  readonly live: Pick<LiveConfig, 'scoring' | 'brand'>;
  readonly now: Instant;
};

/** The cards of a lead as they should be; none: there is no such lead. Pure. */
export const cardsOf = (given: CardGiven): readonly Card[] => {
  const { lead } = given.history;
  if (!lead) return [];
  const figures = figuresOf(lead, given);
  const running = given.history.enrolments.filter((it) => it.endedAt === undefined);
  const card = (name: string, list: CardList): Card => ({ ...figures, leadId: lead.leadId, name, list });
  return [
    card('stage', { stage: lead.stage }),
    ...(figures.owner === undefined ? [] : [card('owner', { owner: figures.owner })]),
    ...running.map((it) => ({ ...card(`in ${it.sequence}`, { sequence: it.sequence, step: positionOf(it) }), version: it.version })),
  ];
};

const figuresOf = (lead: Lead, { history, tasks, live, now }: CardGiven): CardFigures => {
  const fit = fitOf(lead, live.scoring).points;
  const engagement = Math.round(engagementAt(history, live.scoring, live.brand.timeZone, now).points);
  const grade = gradeOf(live.scoring, fit, engagement);
  const owner = ownerIn(tasks);
  const running = history.enrolments.filter((it) => it.endedAt === undefined);
  return {
    fit,
    engagement,
    ...(grade !== undefined && { grade }),
    ...(owner !== undefined && { owner }),
    runs: running.map(({ sequence, step }) => ({ sequence, ...(step !== undefined && { step: stepOf(step) }) })),
  };
};

const having: readonly SalesTask['status'][] = ['open', 'accepted', 'won', 'lost'];
/** Who has the lead, by its last task. */
export const ownerIn = (tasks: readonly SalesTask[]): string | undefined => {
  const last = tasks.toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1))[0];
  return last && last.rep !== '' && having.includes(last.status) ? last.rep : undefined;
};

/** What must be written so that those on record are as they should be. */
export const cardChanges = (
  before: readonly Card[],
  after: readonly Card[],
): { readonly put: readonly Card[]; readonly remove: readonly string[] } => {
  const known = new Map(before.map((it) => [it.name, textOf(it)]));
  const wanted = new Set(after.map((it) => it.name));
  return {
    put: after.filter((it) => known.get(it.name) !== textOf(it)),
    remove: before.flatMap((it) => (wanted.has(it.name) ? [] : [it.name])),
  };
};

const textOf = ({ leadId, list, version, fit, engagement, grade, owner, runs }: Card): string =>
  JSON.stringify([
    ...[leadId, Object.values(list), version ?? '', fit, engagement, grade ?? '', owner ?? ''],
    runs.map((it) => [it.sequence, it.step ?? '']),
  ]);
