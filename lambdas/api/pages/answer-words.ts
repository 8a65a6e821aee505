import { html } from 'hono/html';
import { dayAndTime } from '#core/brief/parts';
import type { Refusal } from '#core/sales-answers';
import type { TaskAnswer } from '#core/sales-task';
import type { Asked } from './answer.ts';
import { type Html, page, saying, voiceOf } from './layout.ts';

/** Sales reads its pages in English, as its briefs are. */
export const salesVoice = ({ live }: Pick<Asked, 'live'>) => voiceOf(live, 'en');

/** The rep's own answer stands. */
export const savedPage = (asked: Asked): Html => {
  const { task, claims, zone, who } = asked;
  const answer = task.answers.at(-1);
  const voice = salesVoice(asked);
  if (!answer) return standsPage(asked, 'not-out');
  return page(
    voice,
    'Saved',
    html`<h1>Saved: ${who}</h1>
      <p role="status">${said(answer, claims.rep, zone)}</p>
      <p>${next(answer, asked)}</p>`,
  );
};

const next = ({ answer }: TaskAnswer, { claims, zone }: Asked): string => {
  switch (answer) {
    case 'accept':
      return `When you know how it ended, open the same link and say so: it works until ${dayAndTime(claims.expiresAt, zone)}, and offers a new one after that.`;
    case 'recycle':
      return 'Marketing hears of the reason, and the lead comes back to nurture on that day.';
    case 'reject':
      return 'Marketing hears of the reason; the rules that brought this lead are counted by it.';
    case 'won':
    case 'lost':
      return 'Thank you: this is what tells marketing which mails bring customers.';
  }
};

/** Somebody, or the same rep with another answer, was first. */
export const toldPage = (asked: Asked, standing: TaskAnswer): Html => {
  const { claims, zone, who, live } = asked;
  const { role, email } = live.sales.team.find((it) => it.role === 'manager' && it.rep !== claims.rep) ?? {};
  return page(
    salesVoice(asked),
    'Already answered',
    html`<h1>Already answered: ${who}</h1>
      <p role="status">${said(standing, claims.rep, zone)}</p>
      <p>The first answer stays.${role === undefined ? '' : html` Was it a mistake? Tell <a href="mailto:${email}">${email}</a>.`}</p>`,
  );
};

/** `You did not want it: wrong size. (Mon 23 March, 14:05)`. */
const said = ({ answer, by, at, reason, until, amount, currency }: TaskAnswer, reader: string, zone: string): string => {
  const subject = by === reader ? 'You' : by;
  const why = reason === undefined ? '' : `: ${reason.replaceAll('-', ' ')}`;
  const what = {
    accept: 'took the lead on',
    reject: `did not want it${why}`,
    recycle: `gave it back until ${until === undefined ? 'later' : dayAndTime(until, zone).split(',')[0]}${why}`,
    won: `won it${amount === undefined ? '' : `: ${money(amount, currency)}`}`,
    lost: `lost it${why}`,
  }[answer];
  return `${subject} ${what}. (${dayAndTime(at, zone)})`;
};

const money = (amount: number, currency = 'XXX'): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' }).format(amount).replace('\u00a0', ' ');

type Standing = Exclude<Refusal, 'left'>;
export const standsPage = (asked: Asked, why: Standing): Html => {
  const [title, words] = stands(asked)[why];
  return saying(salesVoice(asked), title, words);
};

const stands = ({ task, who }: Asked): { readonly [why in Standing]: readonly [title: string, words: string] } => ({
  reassigned: [
    'This went to somebody else',
    `${who} is with ${task.rep} now, so this link no longer answers. There is nothing left to do for you here.`,
  ],
  'not-out': ['Nobody has this yet', `${who} waits until sales has room. Whoever gets it is told.`],
  'accept-first': [
    'Take it on first',
    `A deal with ${who} is won or lost by who took the lead on. Open the link again and choose “I take it”.`,
  ],
  cancelled: ['There is nothing to do any more', `${who} left, or was erased, while this task was open.`],
});

/** Who left the team reads whom to tell, and nothing of the lead. */
export const leftPage = (asked: Asked): Html => {
  const { team } = asked.live.sales;
  const { email } = team.find((it) => it.role === 'manager') ?? team[0] ?? {};
  return page(
    salesVoice(asked),
    'This link no longer answers',
    html`<h1>This link no longer answers</h1>
      <p role="status">You are not on the sales team’s list any more, so it changes nothing.</p>
      <p>
        Do you know how it ended, or did somebody write to
        you?${email === undefined ? ' Please tell your former team: they can note it.' : html` Please tell <a href="mailto:${email}">${email}</a>, who can note it.`} Thank you.
      </p>`,
  );
};

export const expiredPage = (asked: Asked): Html => {
  const { claims, zone, who } = asked;
  return page(
    salesVoice(asked),
    'This link has expired',
    html`<h1>This link has expired</h1>
      <p>It was for ${who} and worked until ${dayAndTime(claims.expiresAt, zone)}. A new one can be sent to ${claims.rep}, by mail.</p>
      <form method="post"><button type="submit">Send me a new link</button></form>`,
  );
};

export const linkSentPage = (asked: Asked): Html =>
  saying(
    salesVoice(asked),
    'A new link is on its way',
    `Look into the mailbox of ${asked.claims.rep}: the brief comes again, with a link that works. At most one goes a day.`,
  );
