import { sentenceFor } from '#core/explain/endings';
import { escaped, figure, section, table } from '#local/report/parts';
import { count, dollars, percent, share } from '#local/report/words';
import type { CopyFigures, DifferenceReport } from './difference.ts';

/** What changes, in front of the report of the new version. */
export const differenceHtml = (it: DifferenceReport, against: string): string => {
  const all = it.same + it.different;
  const kinds = Object.entries(it.leads);
  return section(
    `What changes against ${against}`,
    `${count(it.different)} of ${count(all)} leads (${percent(share(it.different, all))}) get something else; e-mails ${changed(it.before.emails, it.after.emails)}, leads that qualify ${changed(it.before.qualified, it.after.qualified)}, deals won ${changed(it.before.handoffs.answers.won, it.after.handoffs.answers.won)}, cost ${dollars(it.before.costUsd.total)} → ${dollars(it.after.costUsd.total)}. The same people, the same draws.`,
    kinds.length === 0
      ? ''
      : figure(
          {
            as: 'rows',
            unit: 'leads',
            categories: kinds.map(([what]) => what),
            series: [{ name: 'leads', values: kinds.map(([, leads]) => leads) }],
            ends: kinds.map(([, leads]) => `${count(leads)} (${percent(share(leads, all))})`),
          },
          'Bars: leads by what is different for them',
          { caption: 'Leads by what is different for them', head: ['What', 'Leads'], rows: kinds.map(([what, leads]) => [what, leads]) },
        ),
    ...[...it.sentTwice.map((one) => copyText(one, 'twice')), ...it.underAnotherName.map((one) => copyText(one, 'moved'))],
    it.mails.length === 0
      ? ''
      : table({
          caption: 'E-mails',
          head: ['E-mail', 'More get it', 'Fewer get it', 'Earlier', 'Later'],
          rows: it.mails.map((mail) => [mail.email, mail.more, mail.less, mail.earlier, mail.later]),
        }),
    it.endings.length === 0
      ? ''
      : table({
          caption: 'How runs end',
          head: ['Sequence', 'Before', 'Now', 'Leads'],
          rows: it.endings.map((ending) => [ending.sequence, sentenceFor(ending.before), sentenceFor(ending.after), ending.leads]),
        }),
  );
};

const changed = (before: number, after: number): string => `${count(before)} → ${count(after)}`;

const copyText = ({ had, gets, leads }: CopyFigures, kind: 'twice' | 'moved'): string =>
  `<p><strong>${escaped(
    kind === 'twice'
      ? `${count(leads)} leads get one text twice: as ${had}, then as ${gets}.`
      : `${count(leads)} leads had ${had}, which is now ${gets}: who has it already gets it again.`,
  )}</strong></p>`;
