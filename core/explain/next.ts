import type { LiveConfig } from '#core/config';
import type { Enrolment } from '#core/enrolment';
import type { Facts } from '#core/evaluate-condition';
import { holdOn } from '#core/holds';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import type { Ledger } from '#core/ledger';
import type { LineState, Suppression } from '#core/ports';
import { reasons } from '#core/reasons';
import { engagementAt, fitOf, gradeOf } from '#core/scoring';
import type { Artifact, Sequence } from '#core/sequences/model';
import { aheadOf, eventInWords } from './ahead.ts';

export type Coming = { readonly at?: Instant; readonly what: string; readonly sequence?: string; readonly code?: string };

export type ComingParts = {
  readonly lead: Lead;
  readonly enrolments: readonly Enrolment[];
  readonly suppressions: readonly Suppression[];
  readonly artifactOf: (sequence: string, version: string) => Artifact | undefined;
  /** Only of this very version: with it the steps to come can be named. */
  readonly stepsOf?: (sequence: string, version: string) => Sequence | undefined;
  readonly line: LineState;
  readonly ledger: Ledger;
  readonly live: LiveConfig;
  readonly now: Instant;
};

/** Where each run stands, when it goes on by itself, and what holds it back. Pure. */
export const comingOf = (parts: ComingParts): readonly Coming[] => {
  const { lead, enrolments, now } = parts;
  const handoff = lead.handoff ? [{ at: lead.handoff.until, what: 'the score has held: the lead goes to sales, if it still does' }] : [];
  const over = (until: Instant | undefined, what: string) => (until !== undefined && until > now ? [{ at: until, what }] : []);
  const comings: readonly Coming[] = [
    ...over(lead.pausedUntil, 'the pause that the lead asked for is over'),
    ...over(lead.coolUntil, 'mail may go again: the last one bounced'),
    ...over(lead.awayUntil, 'the lead is back: an answer said that it is away'),
    ...handoff,
    ...Object.keys(lead.waiting ?? {}).map((sequence) => ({
      sequence,
      what: `${sequence} begins once the lead confirms: ${reasons['consent-unconfirmed']}`,
      code: 'consent-unconfirmed',
    })),
    ...Object.entries(lead.entries ?? {}).flatMap(([sequence, { due, day }]) =>
      due === undefined ? [] : [{ at: due, sequence, what: `${sequence} begins by a day of the lead’s, ${day}, if it may enter then` }],
    ),
    ...enrolments.filter((it) => it.endedAt === undefined).flatMap((it) => ofRun(it, parts)),
  ];
  // What has no date comes first.
  return comings.toSorted((one, other) => compare(one.at ?? '', other.at ?? ''));
};

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const ofRun = (run: Enrolment, parts: ComingParts): readonly Coming[] => {
  const { lead, suppressions, artifactOf, stepsOf, line, live, now } = parts;
  const { sequence, version } = run;
  const artifact = artifactOf(sequence, version);
  const stop = effectiveStop(run, artifact && stopForLead(lead, suppressions, artifact, live.brand, now));
  if (stop) return [{ sequence, what: `${sequence} ends as soon as its machine wakes: ${reasons[stop.reason]}`, code: stop.reason }];
  const at = dueOf(run);
  const known = at === undefined ? undefined : stepsOf?.(sequence, version);
  if (at !== undefined && known) {
    const ahead = aheadOf({ run, sequence: known, live, line, facts: factsOf(parts, run) }, at);
    if (ahead.length > 0) return ahead.map(({ step: _step, ...it }) => ({ ...it, sequence, what: `${sequence}: ${it.what}` }));
  }
  const hold = artifact && holdOn(lead, { artifact, live, line, now });
  const held = hold && (at === undefined || hold.until > at) ? `; its next e-mail waits: ${reasons[hold.reason]}` : '';
  return [
    { ...(at !== undefined && { at }), sequence, what: `${standing(run)}${held}`, ...(held !== '' && hold && { code: hold.reason }) },
  ];
};

const factsOf = ({ lead, ledger, live: { scoring, brand }, now }: ComingParts, { seen }: Enrolment): Facts => {
  const fit = fitOf(lead, scoring).points;
  const engagement = engagementAt(ledger, scoring, brand.timeZone, now).points;
  return { lead, seen, fit, engagement, grade: gradeOf(scoring, fit, engagement), now, lists: scoring.lists };
};

const standing = ({ sequence, step, awaiting }: Enrolment): string => {
  if (step === undefined) return `${sequence} begins`;
  if (awaiting && awaiting.length > 0) return `${sequence}: “${step}” stops waiting for ${awaiting.map(eventInWords).join(', ')}`;
  return `${sequence}: “${step}” is over, and the next step follows`;
};

export const dueOf = ({ gsi1sk, waitSeconds = 0, step }: Enrolment): Instant | undefined =>
  step === undefined || gsi1sk === undefined ? undefined : addSeconds(gsi1sk, waitSeconds);
