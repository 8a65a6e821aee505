import type { Health, Line } from '#core/ports';

/**
 * `mostOn`: how many e-mails may go on a day in all; undefined: any number. `shareOf`: how many of them are this part's. All shares
 * of a day together are the day's.
 */
export type PartOfMore = { readonly mostOn: (day: string) => number | undefined; readonly shareOf: (day: string, most: number) => number };

/** A day of a warm-up is parted among the blocks by their size: none waits for another, and together they keep the day's ceiling. */
export const partedLine = (line: Line, { mostOn, shareOf }: PartOfMore): Line => ({
  ...line,
  take: (day, most) => line.take(day, most === Number.MAX_SAFE_INTEGER ? most : shareOf(day, most)),
  // Who asks compares with what may go in all: a share that is used up is the whole day to this part.
  takenOn: async (day) => {
    const taken = await line.takenOn(day);
    const most = mostOn(day);
    if (most === undefined) return taken;
    return taken >= shareOf(day, most) ? Math.max(most, taken) : Math.min(taken, most - 1);
  },
});

/** Whether a sequence has to pause is a question of all mail: a few hundred leads would answer it by chance (pauses.ts). */
export const watchedElsewhere = (health: Health): Health => ({
  ...health,
  sums: async (sequence, days) => ({ ...(await health.sums(sequence, days)), bounced: 0, complained: 0 }),
});
