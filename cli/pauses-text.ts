import { type WholePause, wholePauseNames, wholePauses } from '#core/pauses';
import type { LinePause } from '#core/ports';

/** By whom, since when, why: `Ana, since 2026-11-29T16:00:00.000Z: the price list is wrong`. */
export const pauseInWords = ({ at, by, who, why }: LinePause): string =>
  `${by === 'stop-the-line' ? 'it paused itself' : (who ?? 'by hand')}, since ${at}: ${why}`;

const wholeOf = (key: string): WholePause | undefined => wholePauseNames.find((it) => wholePauses[it] === key);

/** What a pause does to leads meanwhile. */
export const meanwhileInWords = (key: string): readonly string[] => {
  switch (wholeOf(key)) {
    case 'everything':
      return [
        'No mail to leads goes, and no new run begins. Functions at work notice within half a minute.',
        'Leads that come are taken in and keep their places: their runs begin when you resume. Leads under way keep theirs.',
        ...always,
      ];
    case 'sends':
      return [
        'No mail to leads goes. Functions at work notice within half a minute.',
        'Leads still enter, wait, take branches, reach goals and leave; each waits at its next e-mail.',
        ...always,
      ];
    default:
      return [
        'None of its mails goes. Functions at work notice within half a minute.',
        'Leads still enter, wait, take branches, reach goals and leave; each waits at its next e-mail. Other sequences go on.',
        ...always,
      ];
  }
};

const always = [
  'Unsubscribing, preferences, scores and handoffs to sales go on. A lead that waits at one e-mail for some 50 days leaves that e-mail out.',
];

/** What resuming leads to. */
export const afterwardsInWords = (key: string): readonly string[] => [
  ...(wholeOf(key) === 'everything'
    ? ['Runs that were held begin from the next quarter of an hour on, up to 8,000 each quarter, as fast as enrolmentsAtOnce allows.']
    : []),
  'Leads that waited look twice a day, so the backlog goes out over the next 12 hours, at the rate of the account. Nothing goes twice.',
  'E-mails whose moment has passed by too long (`late`) are planned anew or left out, as their sequence says.',
  ...(wholeOf(key) === undefined ? ['What led to the pause counts no more; new reports do.'] : []),
];
