import type { LiveConfig, Sales } from '#core/config';
import type { Clock, Config, Health, Line } from '#core/ports';
import { dateOf } from '#lambdas/sales/give-task';

/**
 * `mostOn`: how many e-mails may go on a day in all; undefined: any number. `shareOf`: how many of these, or of what else there is of a
 * day, are this part's; all shares of a day together are the day's. `part`: how much of all leads it has.
 */
export type PartOfMore = {
  readonly mostOn: (day: string) => number | undefined;
  readonly shareOf: (day: string, most: number, of?: 'mails' | 'tasks') => number;
  readonly part: number;
};

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

/**
 * What sales can take is everybody's: a day's tasks are parted as a warm-up's day is. Of what a rep may have open each part has its share,
 * rounded up: with a fraction of a place, leads would go to whoever else has one.
 */
export const partedConfig = (config: Config, clock: Clock, part: PartOfMore): Config => {
  let known: { readonly minutes: string; readonly date: string; readonly live: LiveConfig } | undefined;
  return {
    live: async () => {
      const now = clock.now();
      const minutes = now.slice(0, 15);
      if (known?.minutes === minutes) return known.live;
      const whole = await config.live();
      const date = dateOf(whole, now);
      const live = known?.date === date ? known.live : { ...whole, sales: partOfSales(whole.sales, date, part) };
      known = { minutes, date, live };
      return live;
    },
  };
};

const partOfSales = (sales: Sales, date: string, { shareOf, part }: PartOfMore): Sales => ({
  ...sales,
  ...(sales.atMostPerDay !== undefined && { atMostPerDay: shareOf(date, sales.atMostPerDay, 'tasks') }),
  team: sales.team.map((it) => (it.atMostOpen === undefined ? it : { ...it, atMostOpen: Math.ceil(it.atMostOpen * part) })),
});
