import type { Brand } from './config.ts';
import { oneLine } from './email.ts';
import { escapeHtml } from './html.ts';
import type { BudgetNotice, TroubleNotice } from './notice-messages.ts';

export type Notice = { readonly subject: string; readonly text: string; readonly html: string };

/** What the owner of a sequence reads; ids only. */
export const renderNotice = (notice: TroubleNotice, { company }: Pick<Brand, 'company'>): Notice => {
  const about = [
    `Sequence: ${notice.sequence}`,
    ...(notice.step === undefined ? [] : [`${notice.kind.startsWith('winner') ? 'Split' : 'E-mail'}: ${notice.step}`]),
    ...(notice.leadId === undefined ? [] : [`Lead: ${notice.leadId}`]),
    `When: ${notice.at}`,
  ];
  return rendered(wordsOf(notice), about, company);
};

/** What whoever pays reads. */
export const renderBudgetNotice = ({ kind, month, usd, at }: BudgetNotice, { company }: Pick<Brand, 'company'>): Notice =>
  rendered(budgetWords[kind](usd), [`Month: ${month}`, `When: ${at}`], company);

const rendered = ({ headline, lines }: Words, about: readonly string[], company: string): Notice => {
  const all = [headline, '', ...lines, '', ...about, '', `Baton for ${company}`];
  const html = `<!doctype html><html lang="en"><body style="font:16px/1.5 system-ui,sans-serif;color:#1d2733;max-width:36rem">${[
    `<h1 style="font-size:20px">${escapeHtml(headline)}</h1>`,
    ...lines.map((it) => `<p>${escapeHtml(it)}</p>`),
    `<p style="color:#5c6b7a">${about.map(escapeHtml).join('<br>')}</p>`,
  ].join('')}</body></html>`;
  return { subject: oneLine(headline).slice(0, 200), text: all.join('\n'), html };
};

type Words = { readonly headline: string; readonly lines: readonly string[] };

const budgetWords: { readonly [kind in BudgetNotice['kind']]: (usd: number) => Words } = {
  'budget-nearly-spent': (usd) => ({
    headline: 'Four fifths of the month’s mail budget are spent',
    lines: [
      `brand.yaml allows $${usd} a month, by an estimate at list prices. Once that is spent, marketing mail waits for the next month.`,
      'What leads wait for themselves (receipts, access, mail that asks to confirm) and the pages to leave go on in any case.',
      'To let more go, raise `budget` in brand.yaml and deploy. What it is spent on: npx baton cost --from usage',
    ],
  }),
  'budget-spent': (usd) => ({
    headline: 'The month’s mail budget is spent: marketing mail waits',
    lines: [
      `brand.yaml allows $${usd} a month, by an estimate at list prices. Leads keep their places and get nothing twice.`,
      'What leads wait for themselves (receipts, access, mail that asks to confirm) and the pages to leave go on.',
      'On the first of the month it goes on by itself. To let more go now, raise `budget` in brand.yaml and deploy: e-mails that come due go at once, those that wait within a week.',
    ],
  }),
};

const wordsOf = ({ kind, sequence, step = '', why = '' }: TroubleNotice): Words => {
  switch (kind) {
    case 'sequence-paused':
      return {
        headline: `${sequence} has paused itself`,
        lines: [
          `${why || 'Too many of its mails bounced or were reported as spam'}.`,
          'No mail of this sequence goes until somebody resumes it; leads keep their places and get nothing twice.',
          `Look at where its leads come from and what the last mails say. Then: npx baton resume ${sequence}`,
        ],
      };
    case 'winner-published':
      return {
        headline: `${why} has won in ${sequence}`,
        lines: [
          'By the rule of its split it is better, and not by chance. New leads get it from now on; a holdout stays one.',
          `The figures: npx baton stats ${sequence}. To take it back: npx baton winner ${sequence} ${step} --withdraw`,
        ],
      };
    case 'winner-advised':
      return {
        headline: `${why} has won in ${sequence}: will you publish it?`,
        lines: [
          'By the rule of its split it is better, and not by chance. Leads are split as before until you decide.',
          `The figures: npx baton stats ${sequence}. So that new leads get it: npx baton winner ${sequence} ${step} ${why}`,
        ],
      };
    case 'complained':
      return {
        headline: `Somebody reported a mail of ${sequence} as spam`,
        lines: ['The address gets no more mail of any kind. One report in a thousand mails is what mailbox providers bear with.'],
      };
    case 'rejected':
      return {
        headline: `SES refused a mail of ${sequence}`,
        lines: ['SES takes it for harmful and did not deliver it. Look at its links and texts; every lead after this one gets the same.'],
      };
    case 'rendering-failed':
      return {
        headline: `A mail of ${sequence} could not be rendered`,
        lines: ['SES took it and did not send it. Look at the e-mail named below.'],
      };
  }
};
