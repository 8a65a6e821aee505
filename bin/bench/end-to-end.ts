import type { LiveConfig } from '#core/config';
import { meterNurture } from '#local/plain-nurture';
import { number, type Part } from './row.ts';

const [leads, mails] = [60, 3];

/** From the event that lets a lead in to the last delivery, through real SDK clients: dynalite in a process of its own, SES and queues here. */
export const endToEndPart = async (live: LiveConfig): Promise<Part> => {
  const begun = performance.now();
  const { usage, calls } = await meterNurture(live, { leads, mails, stack: 'embedded' });
  const seconds = (performance.now() - begun) / 1000;
  if (usage.emails !== leads * mails) throw new Error(`${usage.emails} mails went instead of ${leads * mails}`);
  const invocations = Object.values(calls).reduce((sum, it) => sum + it.calls, 0);
  return {
    title: 'End to end: dynalite, local SES, SDK clients',
    rows: [
      { what: `${leads} leads with ${mails} mails each, opens and clicks included`, value: `${number(seconds)} s` },
      { what: 'mails a second', value: number(usage.emails / seconds) },
      { what: 'handler invocations a second', value: number(invocations / seconds) },
    ],
    figures: { leads, mails, seconds, mailsPerSecond: usage.emails / seconds, invocations },
  };
};
