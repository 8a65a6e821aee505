import type { Brand } from './config.ts';
import { oneLine } from './email.ts';
import { escapeHtml } from './html.ts';
import type { TroubleNotice } from './notice-messages.ts';

export type Notice = { readonly subject: string; readonly text: string; readonly html: string };

/** What the owner of a sequence reads; ids only. */
export const renderNotice = (notice: TroubleNotice, { company }: Pick<Brand, 'company'>): Notice => {
  const { headline, lines } = wordsOf(notice);
  const about = [
    `Sequence: ${notice.sequence}`,
    ...(notice.step === undefined ? [] : [`${notice.kind.startsWith('winner') ? 'Split' : 'E-mail'}: ${notice.step}`]),
    ...(notice.leadId === undefined ? [] : [`Lead: ${notice.leadId}`]),
    `When: ${notice.at}`,
  ];
  const all = [headline, '', ...lines, '', ...about, '', `Baton for ${company}`];
  const html = `<!doctype html><html lang="en"><body style="font:16px/1.5 system-ui,sans-serif;color:#1d2733;max-width:36rem">${[
    `<h1 style="font-size:20px">${escapeHtml(headline)}</h1>`,
    ...lines.map((it) => `<p>${escapeHtml(it)}</p>`),
    `<p style="color:#5c6b7a">${about.map(escapeHtml).join('<br>')}</p>`,
  ].join('')}</body></html>`;
  return { subject: oneLine(headline).slice(0, 200), text: all.join('\n'), html };
};

const wordsOf = ({
  kind,
  sequence,
  step = '',
  why = '',
}: TroubleNotice): { readonly headline: string; readonly lines: readonly string[] } => {
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
