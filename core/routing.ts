import type { Rep, Sales } from './config.ts';
import { fractionOf } from './hash.ts';
import type { Lead } from './lead.ts';

export type Route = { readonly rep: string; readonly because: string };

/**
 * Who gets this lead, and why in words. Pure and replayable: among equals the choice is weighted rendezvous hashing on
 * `spread` (the task), so no counter has to be kept, and a change of the team moves only what it must.
 */
export const routeLead = (sales: Sales, lead: Lead, spread: string): Route => {
  const reps = sales.team.filter((it) => it.role === 'rep');
  const country = lead.fields.country;
  for (const rule of sales.route) {
    if (rule === 'country' && typeof country === 'string') {
      const local = reps.filter((it) => it.countries.includes(country.toUpperCase()));
      if (local.length > 0) return among(local, spread, `looks after ${country.toUpperCase()}`);
    }
    if (rule === 'weighted') {
      const anywhere = reps.filter((it) => it.countries.length === 0);
      const pool = anywhere.length > 0 ? anywhere : reps;
      if (pool.length > 0) return among(pool, spread, 'next in turn by weight');
    }
  }
  const manager = sales.team.find((it) => it.role === 'manager') ?? sales.team[0];
  return { rep: manager?.rep ?? '', because: 'nobody else covers this lead, so it goes to the manager' };
};

const among = (pool: readonly Rep[], spread: string, because: string): Route => {
  const chosen = pool.reduce((best, rep) => (drawOf(rep, spread) < drawOf(best, spread) ? rep : best));
  return { rep: chosen.rep, because: pool.length > 1 ? `${because}, one of ${pool.length} by weight` : because };
};

/** Exponential with rate = weight: the smallest of such draws falls to each rep in proportion to its weight. */
const drawOf = (rep: Rep, spread: string): number => -Math.log(1 - fractionOf(`${spread} ${rep.rep}`)) / rep.weight;
