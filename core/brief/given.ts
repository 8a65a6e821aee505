import type { History } from '#core/ports';
import { dayAndTime, type Row } from './parts.ts';

/** What the lead, or a system that was asked about it, said: answers of webhooks, and that it wrote to us. No word of a mail. */
export const givenBy = ({ enrolments, events }: History, zone: string): readonly Row[] => [
  ...enrolments.flatMap(({ sequence, answers = {} }) =>
    Object.entries(answers).map(([name, value]) => ({ label: `${sequence}, ${name}`, value: String(value).slice(0, 300) })),
  ),
  ...events.flatMap(({ name, at, reply }) =>
    name === 'replied'
      ? [{ label: dayAndTime(at, zone), value: `wrote back${reply?.step === undefined ? '' : ` to “${reply.step}”`}` }]
      : [],
  ),
];
