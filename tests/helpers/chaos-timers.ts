import { addSeconds, type Instant } from '#core/instant';
import type { Timer } from '#core/ports';
import type { Random } from '#local/prove/gate';

/** What became of the timers of a run. */
export type TimerFates = { set: number; again: number; late: number; early: number; twice: number; never: number };

/** A scheduler at its worst: within the minute mostly, else late, early by a clock that is ahead, twice, or never. */
export const createChaosTimers = (random: Random, now: () => Instant, trouble: number) => {
  const known = new Set<string>();
  let pending: { readonly at: Instant; readonly token: string }[] = [];
  const fates: TimerFates = { set: 0, again: 0, late: 0, early: 0, twice: 0, never: 0 };
  const plan = (token: string, at: Instant) => pending.push({ token, at });
  return {
    fates,
    set: async ({ enrolmentId, leg, step, token, at }: Timer): Promise<void> => {
      const name = `${enrolmentId}-${leg}-${step}-${token}`;
      fates[known.has(name) ? 'again' : 'set']++;
      if (known.has(name)) return;
      known.add(name);
      const draw = random() / Math.max(trouble, 1e-9);
      const within = Math.floor(random() * 60);
      if (draw < 0.25) fates.never++;
      else if (draw < 0.5) {
        fates.late++;
        plan(token, addSeconds(at, Math.floor(random() ** 2 * 3 * 86_400)));
      } else if (draw < 0.75) {
        fates.early++;
        const ahead = addSeconds(at, -Math.floor(random() * 90));
        plan(token, ahead > now() ? ahead : now());
      } else {
        plan(token, addSeconds(at, within));
        if (draw < 1) {
          fates.twice++;
          plan(token, addSeconds(at, within + Math.floor(random() * 600)));
        }
      }
    },
    /** Tokens that are to be answered now. */
    due: (): readonly string[] => {
      const due = pending.filter((it) => it.at <= now());
      pending = pending.filter((it) => it.at > now());
      return due.map((it) => it.token);
    },
    peek: (): Instant | undefined => pending.map((it) => it.at).sort()[0],
  };
};
