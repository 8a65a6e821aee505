import { Temporal } from 'temporal-polyfill';
import type { Instant } from '#core/instant';

export type Row = { readonly label: string; readonly value: string; readonly url?: string };

/** `Mon 23 March, 14:05`, in a zone. */
export const dayAndTime = (at: Instant, zone: string): string => {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  const day = local.toPlainDate().toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'long' });
  return `${day}, ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
};
