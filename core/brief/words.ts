import { cutTo } from '#core/cut-to';
import { oneLine } from '#core/email';
import type { BriefFacts, BriefNotice } from './facts.ts';

/** So long a name leaves room for what is said of it, in a subject and in a headline of Slack. */
const mostOfWho = 100;

/** Headline and first sentence of each notice. */
export const headlineOf = ({ notice, who }: Pick<BriefFacts, 'notice' | 'who'>): string => headlines[notice](cutTo(who, mostOfWho));
const headlines: { readonly [notice in BriefNotice]: (who: string) => string } = {
  new: (who) => `${who} is ready for a talk`,
  remind: (who) => `${who} still waits for your answer`,
  reassigned: (who) => `${who} is yours now`,
  escalated: (who) => `Nobody has answered for ${who}`,
  'taken-back': (who) => `${who} went to somebody else`,
  cancelled: (who) => `${who} needs nothing from you any more`,
};

export const introOf = ({ notice, answerBy, endedBecause = '' }: Pick<BriefFacts, 'notice' | 'answerBy' | 'endedBecause'>): string => {
  const by = answerBy === undefined ? '' : ` Answer by ${answerBy}.`;
  switch (notice) {
    case 'new':
      return `Nurture has stopped; the lead is with you.${by}`;
    case 'remind':
      return `The task is yours and open.${by}`;
    case 'reassigned':
      return `It was with somebody who did not answer, or is away.${by}`;
    case 'escalated':
      return `It is for you to see to that somebody takes it.${by}`;
    case 'taken-back':
      return nothingLeft;
    case 'cancelled':
      return `${endedBecause === '' ? '' : `${endedBecause}. `}${nothingLeft}`;
  }
};

const nothingLeft = 'There is nothing left to do for you here; the link of the earlier message no longer answers.';

/** Nothing is asked of whoever reads it. */
export const isOver = ({ notice }: Pick<BriefFacts, 'notice'>): boolean => notice === 'taken-back' || notice === 'cancelled';

export const subjectOf = (facts: BriefFacts): string => oneLine(headlineOf(facts)).slice(0, 200);

/** The same as plain text. */
export const briefText = (facts: BriefFacts): string => {
  if (isOver(facts)) return [`${headlineOf(facts)}.`, '', introOf(facts), '', `Task ${facts.taskId}`].join('\n');
  const list = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((it) => `- ${it}`)]);
  const rows = (all: BriefFacts['rows']) => all.map(({ label, value }) => `${label}: ${value}`);
  return [
    `${headlineOf(facts)}. ${introOf(facts)}`,
    ...(facts.doNotEmail ? ['', doNotEmailWords] : []),
    '',
    ...facts.answers.map(({ label, url }) => `${label}: ${url}`),
    '',
    ...rows(facts.rows),
    ...(facts.localTime === undefined ? [] : [`there it is: ${facts.localTime}`]),
    ...list(`Why now (${facts.score})`, [...facts.reasons, ...(facts.prediction === undefined ? [] : [facts.prediction])]),
    ...(facts.opening ? ['', `You could begin with: ${facts.opening.words}`, facts.opening.advice] : []),
    ...list(
      'Last touches, in their time',
      facts.touches.map(({ label, value }) => `${label}: ${value}`),
    ),
    ...list('Pages', rows(facts.pages)),
    ...list('What they told us', rows(facts.given)),
    '',
    cameFrom(facts),
    `Why you: ${facts.routedBecause}.`,
    `Task ${facts.taskId}`,
  ].join('\n');
};

export const doNotEmailWords = 'Do not e-mail: the lead left our mail after it was handed off.';
export const cameFrom = ({ from }: BriefFacts): string =>
  from.length === 0 ? 'Came from no running sequence.' : `Came from ${from.join(', ')}.`;
