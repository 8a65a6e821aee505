import type { Instant } from '#core/instant';
import type { Judgement } from './judge.ts';
import type { ExperimentState } from './rows.ts';
import type { ArmView, ExperimentView, Lift, Standing } from './view.ts';

/** Where an experiment stands, and what one may do about it, in one or two sentences. */
export const stateInWords = (
  { sequence, split, rule, verdict }: ExperimentState,
  { state, arm = '' }: Standing,
  judgement: Judgement,
): string => {
  const command = `npx baton winner ${sequence} ${split}`;
  switch (state) {
    case 'uncounted':
      return 'Nothing is counted yet: figures come with the nightly recount.';
    case 'collecting':
      return `Collecting: ${'fewest' in judgement ? judgement.fewest : 0} of ${rule.leadsPerArm} leads in the smallest arm.`;
    case 'too-early':
      return `Not before ${'from' in judgement ? dayOf(judgement.from) : ''}: it must run for ${daysInWords(rule.notBeforeSeconds)}.`;
    case 'uneven':
      return 'The arms do not get their shares of the leads, by more than chance. Something keeps leads of one arm from being counted; until that is found, no winner is published.';
    case 'undecided':
      return `Undecided: ${arm === '' ? 'the arms do equally well' : `${arm} is ahead, but that may be chance`}. It goes on; to decide by hand: ${command} <arm>`;
    case 'won':
      return `${arm} has won; the next look says so.`;
    case 'advised':
      return `${arm} has won (seen ${dayOf(verdict?.advised?.at ?? '')}), and waits for you: ${command} ${arm}`;
    case 'published':
      return `${arm} is the winner since ${dayOf(verdict?.published?.at ?? '')}, ${verdict?.published?.by === 'hand' ? 'by hand' : 'by its figures'}: new leads get it, and a holdout stays one. To take it back: ${command} --withdraw`;
    case 'withdrawn':
      return `The winner was withdrawn on ${dayOf(verdict?.withdrawnAt ?? '')}: new leads are split again, and nothing is published by itself. To decide by hand: ${command} <arm>`;
  }
};

/** `Split proof: who reaches the goal within 14 days of entering`. */
export const experimentTitle = ({ split, rule }: Pick<ExperimentView, 'split' | 'rule'>): string => {
  const does = { goal: 'who reaches the goal', click: 'who clicks', reply: 'who answers' }[rule.by];
  return `Split ${split}: ${does} within ${daysInWords(rule.withinSeconds)} of entering`;
};

/** `512 leads, 61 did (12 %; 8.2 % to 17 %), +68 % (−15 % to +320 %) against the holdout`. */
export const armInWords = ({ leads, conversions, open, rate, lift, holdout }: ArmView): string =>
  [
    `${leads} leads, ${conversions} did${rate ? ` (${percent(rate.is)}; ${percent(rate.from)} to ${percent(rate.upTo)})` : ''}`,
    ...(open > 0 ? [`${open} still open`] : []),
    ...(holdout ? ['holdout'] : []),
    ...(lift ? [`${liftInWords(lift)} against the holdout`] : []),
  ].join(', ');

const liftInWords = ({ by, from, upTo }: Lift): string =>
  `${signed(by)} (${upTo === undefined ? `${signed(from)} or more` : `${signed(from)} to ${signed(upTo)}`})`;

const percent = (part: number): string => `${rounded(100 * part)} %`;
/** Two digits, and no more than a tenth. */
const rounded = (value: number): number => Math.round(Number(value.toPrecision(2)) * 10) / 10;
const signed = (part: number): string => `${part < 0 ? '−' : '+'}${rounded(Math.abs(100 * part))} %`;
const dayOf = (at: Instant): string => at.slice(0, 10);
const daysInWords = (seconds: number): string => {
  const days = Number((seconds / 86_400).toPrecision(3));
  return `${days} ${days === 1 ? 'day' : 'days'}`;
};
