import { count, counted, percent, type Section } from '#core/report/tables';
import type { HealthRow } from './views.ts';

/** How mail of each sequence fares, as a part of the report. Pure. */
export const deliverabilitySection = (rows: readonly HealthRow[]): Section => {
  const bad = rows.filter((it) => it.says === 'bad' || it.says === 'watch');
  const sum = (of: 'delivered' | 'bounced' | 'complained') => rows.reduce((all, it) => all + it[of], 0);
  const mails = sum('delivered') + sum('bounced');
  return {
    id: 'deliverability',
    title: 'Deliverability',
    takeaway:
      mails === 0
        ? 'No mail was delivered in these days.'
        : `${counted(mails, 'mail')}: ${percent(sum('bounced') / mails)} bounced, ${count(sum('complained'))} reported as spam. ${bad.length === 0 ? 'No sequence is near its limits.' : `Look at ${bad.map((it) => it.sequence).join(', ')}.`}`,
    tables: [
      {
        id: 'deliverability',
        caption: 'By sequence, over the days that stop-the-line looks at; above the limits a sequence pauses itself',
        columns: [
          { name: 'sequence', as: 'text' },
          { name: 'delivered', as: 'count' },
          { name: 'bounced', as: 'count' },
          { name: 'of mails', as: 'share' },
          { name: 'limit', as: 'share' },
          { name: 'reported', as: 'count' },
          { name: 'of mails ', as: 'share' },
          { name: 'limit ', as: 'share' },
          { name: 'it is', as: 'text' },
        ],
        rows: rows.map((it) => [
          it.sequence,
          it.delivered,
          it.bounced,
          it.bounceShare,
          it.mostBounces,
          it.complained,
          it.complaintShare,
          it.mostComplaints,
          it.says,
        ]),
        ...(mails > 0 && {
          bars: {
            as: 'rows' as const,
            unit: 'mails',
            categories: rows.map((it) => it.sequence),
            series: [{ name: 'delivered', values: rows.map((it) => it.delivered) }],
            ends: rows.map((it) => `${count(it.delivered)}, ${percent(it.bounceShare)} bounced`),
          },
        }),
      },
    ],
  };
};
