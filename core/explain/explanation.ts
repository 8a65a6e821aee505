import type { LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { History, LineState, Suppression } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import type { Artifact, Sequence } from '#core/sequences/model';
import { type ZoneChoice, zoneOf } from '#core/time-zone';
import { answerFor, type DayAnswer, daysWithoutMail } from './days.ts';
import { type Coming, comingOf } from './next.ts';
import { type ScoreStory, scoreStoryOf } from './score.ts';
import { type Happening, storyOf } from './story.ts';
import { waitingsOf } from './waits.ts';

/** All that can be said of a lead, or of one sequence of it. Times are instants; `zone` is where the lead is, and why we think so. */
export type Explanation = {
  readonly leadId: string;
  /** Another id of this lead, by which it was asked for: a further address, or a lead that went into it. */
  readonly askedFor?: string;
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
  /** Only of this very version. */
  readonly stepsOf?: (sequence: string, version: string) => Sequence | undefined;
  readonly now: Instant;
  /** The id that was asked for, if it is another one of this lead. */
  readonly askedFor?: string;
  /** Only this one. */
  readonly sequence?: string;
  /** YYYY-MM-DD, where the lead is. */
  readonly day?: string;
};

/** Why things are as they are with a lead. Pure. */
export const explanationOf = (parts: ExplainParts): Explanation => {
  const { lead, history, live, now, sequence, day, askedFor } = parts;
  const zone = zoneOf(lead, live.brand);
  const concerns = (it: { readonly sequence?: string }) => sequence === undefined || it.sequence === undefined || it.sequence === sequence;
  const story = storyOf(parts).filter(concerns);
  const enrolments = history.enrolments.filter(concerns);
  const next = comingOf({ ...parts, enrolments, ledger: history });
  const waitings = waitingsOf({ ...parts, history: { ...history, enrolments }, story, brand: live.brand });
  const days = { story, enrolments, waitings, next, zone: zone.zone, now };
  return {
    leadId: lead.leadId,
    ...(askedFor !== undefined && { askedFor }),
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
