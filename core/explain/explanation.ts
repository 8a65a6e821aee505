import type { LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { History, LineState, Suppression } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import type { Artifact } from '#core/sequences/model';
import { type ZoneChoice, zoneOf } from '#core/time-zone';
import { answerFor, type DayAnswer, daysWithoutMail } from './days.ts';
import { type Coming, comingOf } from './next.ts';
import { type ScoreStory, scoreStoryOf } from './score.ts';
import { type Happening, storyOf } from './story.ts';

/** All that can be said of a lead, or of one sequence of it. Times are instants; `zone` is where the lead is, and why we think so. */
export type Explanation = {
  readonly leadId: string;
  readonly stage: string;
  readonly at: Instant;
  readonly zone: ZoneChoice;
  readonly happened: readonly Happening[];
  readonly withoutMail: readonly DayAnswer[];
  /** Only when a day was asked for. */
  readonly day?: DayAnswer;
  readonly next: readonly Coming[];
  readonly score: ScoreStory;
};

export type ExplainParts = {
  readonly lead: Lead;
  readonly history: History;
  readonly suppressions: readonly Suppression[];
  readonly tasks: readonly SalesTask[];
  readonly live: LiveConfig;
  readonly line: LineState;
  readonly artifactOf: (sequence: string, version: string) => Artifact | undefined;
  readonly now: Instant;
  /** Only this one. */
  readonly sequence?: string;
  /** YYYY-MM-DD, where the lead is. */
  readonly day?: string;
};

/** Why things are as they are with a lead. Pure. */
export const explanationOf = (parts: ExplainParts): Explanation => {
  const { lead, history, live, now, sequence, day } = parts;
  const zone = zoneOf(lead, live.brand);
  const concerns = (it: { readonly sequence?: string }) => sequence === undefined || it.sequence === undefined || it.sequence === sequence;
  const story = storyOf(parts).filter(concerns);
  const enrolments = history.enrolments.filter(concerns);
  const next = comingOf({ ...parts, enrolments, brand: live.brand });
  const days = { story, enrolments, next, zone: zone.zone, now };
  return {
    leadId: lead.leadId,
    stage: lead.stage,
    at: now,
    zone,
    happened: story,
    withoutMail: daysWithoutMail(days),
    ...(day !== undefined && { day: answerFor(day, days) }),
    next,
    score: scoreStoryOf(lead, history, live, now),
  };
};
