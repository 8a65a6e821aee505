import * as z from 'zod';
import type { Brand, DigestRules } from '#core/config';
import type { Report } from '#core/problems';

export const DigestShape = z.strictObject({
  to: z
    .array(z.union([z.literal('sales'), z.literal('owners'), z.email()]))
    .min(1)
    .describe('Who gets it: sales (all in sales.yaml), owners (of the sequences), or addresses'),
  on: z.string().optional().describe('Day and time in the time zone above, e.g. mon 08:00, which it is when not given'),
});

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const usual = 'mon 08:00';

export const readDigest = (
  { digest }: { readonly digest?: z.output<typeof DigestShape> | undefined },
  report: Report,
): Pick<Brand, 'digest'> => {
  if (!digest) return {};
  const { to, on = usual } = digest;
  const at = momentIn(on);
  if (!at)
    report(['digest', 'on'], {
      code: 'not-a-weekly-time',
      what: '"on" is a day of the week and a time',
      got: on,
      allowed: 'mon 08:00, or any of mon to sun',
    });
  return { digest: { to: [...new Set(to)], ...(at ?? { weekday: 1, minute: 480 }) } };
};

const momentIn = (text: string): Omit<DigestRules, 'to'> | undefined => {
  const [, day = '', hour = '', minute = ''] = /^([a-z]{3}) ([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  const weekday = days.indexOf(day) + 1;
  return weekday === 0 ? undefined : { weekday, minute: Number(hour) * 60 + Number(minute) };
};
