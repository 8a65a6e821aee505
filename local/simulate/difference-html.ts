import { sentenceFor } from '#core/explain/endings';
import { escaped, figure, section, table } from '#local/report/parts';
import { count } from '#local/report/words';
import { type About, aboutOf, countedAbout } from './about.ts';
import type { CopyFigures, DifferenceReport } from './difference.ts';

/** What changes, in front of the report of the new version. */
export const differenceHtml = (it: DifferenceReport, against: string): string => {
  const all = it.same + it.different;
  const about = aboutOf(it);
  const { margins } = it;
  const cell = (value: number, margin: number | undefined) => (about.isSample ? about.number(value, margin) : value);
  const kinds = Object.entries(it.leads);
  return section(
    `What changes against ${against}`,
    `${about.number(it.different, margins?.different)} of ${count(all)} leads (${about.percent(it.different, all)}) get something else; ${changes(it)}. The same people, the same draws.`,
    kinds.length === 0
      ? ''
      : figure(
          {
            as: 'rows',
            unit: 'leads',
            categories: kinds.map(([what]) => what),
            series: [{ name: 'leads', values: kinds.map(([, leads]) => leads) }],
            ends: kinds.map(([, leads]) =>
              about.isSample ? about.percent(leads, all) : `${about.number(leads)} (${about.percent(leads, all)})`,
            ),
          },
          'Bars: leads by what is different for them',
          {
            caption: 'Leads by what is different for them',
            head: ['What', 'Leads'],
            rows: kinds.map(([what, leads]) => [what, cell(leads, margins?.leads?.[what])]),
          },
        ),
    ...it.sentTwice.map((one, at) => copyText(about, one, 'twice', margins?.sentTwice?.[at]?.leads)),
    ...it.underAnotherName.map((one, at) => copyText(about, one, 'moved', margins?.underAnotherName?.[at]?.leads)),
    it.mails.length === 0
      ? ''
      : table({
          caption: 'E-mails',
          head: ['E-mail', 'More get it', 'Fewer get it', 'Earlier', 'Later'],
          rows: it.mails.map((mail, at) => [
            mail.email,
            ...(['more', 'less', 'earlier', 'later'] as const).map((how) => cell(mail[how], margins?.mails?.[at]?.[how])),
          ]),
        }),
    it.endings.length === 0
      ? ''
      : table({
          caption: 'How runs end',
          head: ['Sequence', 'Before', 'Now', 'Leads'],
          rows: it.endings.map((ending, at) => [
            ...[ending.sequence, sentenceFor(ending.before), sentenceFor(ending.after)],
            cell(ending.leads, margins?.endings?.[at]?.leads),
          ]),
        }),
  );
};

/** Of the most important totals: from how many to how many, and of a sample how sure the difference is. */
const changes = (it: DifferenceReport): string => {
  const about = aboutOf(it);
  const shown = [
    ['e-mails', 'e-mails', it.before.emails, it.after.emails],
    ['leads that qualify', 'leads that qualify', it.before.qualified, it.after.qualified],
    ['deals won', 'deals won', it.before.handoffs.answers.won, it.after.handoffs.answers.won],
    ['cost', 'AWS cost', it.before.costUsd.total, it.after.costUsd.total],
  ] as const;
  return shown
    .map(([name, total, before, after]) => {
      const text = name === 'cost' ? about.dollars : about.number;
      if (!about.isSample) return `${name} ${text(before)} → ${text(after)}`;
      const margin = it.margins?.changes?.[total];
      return `${name} ${text(before)} → ${text(after)} (${(name === 'cost' ? about.dollarChange : about.change)(after - before, margin)})`;
    })
    .join(', ');
};

const copyText = (about: About, { had, gets, leads }: CopyFigures, kind: 'twice' | 'moved', margin: number | undefined): string =>
  `<p><strong>${escaped(
    kind === 'twice'
      ? `${countedAbout(about, leads, 'lead', margin)} get one text twice: as ${had}, then as ${gets}.`
      : `${countedAbout(about, leads, 'lead', margin)} had ${had}, which is now ${gets}: who has it already gets it again.`,
  )}</strong></p>`;
