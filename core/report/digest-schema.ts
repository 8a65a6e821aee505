import * as z from 'zod';
import type { DigestRules } from '#core/config';
import type { Report } from '#core/problems';

export const DigestShape = z.strictObject({
  to: z
    .array(z.union([z.literal('sales'), z.literal('owners'), z.email()]))
    .min(1)
    .describe('Who gets it: sales (the team above), owners (of the sequences), or addresses'),
  on: z.string().optional().describe('Day and time where the brand is, e.g. mon 08:00, which it is when not given'),
});

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const usual = 'mon 08:00';

export const readDigest = ({ to, on = usual }: z.output<typeof DigestShape>, report: Report): DigestRules => {
  const at = momentIn(on);
  if (!at)
    report(['digest', 'on'], {
      code: 'not-a-weekly-time',
      what: '"on" is a day of the week and a time',
      got: on,
      allowed: 'mon 08:00, or any of mon to sun',
    });
  return { to: [...new Set(to)], ...(at ?? { weekday: 1, minute: 480 }) };
};

const momentIn = (text: string): Omit<DigestRules, 'to'> | undefined => {
  const [, day = '', hour = '', minute = ''] = /^([a-z]{3}) ([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  const weekday = days.indexOf(day) + 1;
  return weekday === 0 ? undefined : { weekday, minute: Number(hour) * 60 + Number(minute) };
};
