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
  for (const rule of sales.route) {
    const { pool, because } = rule === 'country' ? ofCountry(reps, lead.fields.country) : ofAll(reps);
    if (pool.length > 0) return among(pool, spread, because);
  }
  const manager = sales.team.find((it) => it.role === 'manager') ?? sales.team[0];
  return { rep: manager?.rep ?? '', because: 'nobody else covers this lead, so it goes to the manager' };
};

type Pool = { readonly pool: readonly Rep[]; readonly because: string };

const ofCountry = (reps: readonly Rep[], country: unknown): Pool => {
  const code = typeof country === 'string' ? country.trim().toUpperCase() : '';
  return { pool: reps.filter((it) => it.countries.includes(code)), because: `looks after ${code}` };
};

/** Reps with countries of their own help out only when there is nobody else. */
const ofAll = (reps: readonly Rep[]): Pool => {
  const anywhere = reps.filter((it) => it.countries.length === 0);
  return { pool: anywhere.length > 0 ? anywhere : reps, because: 'takes leads from anywhere' };
};

const among = (pool: readonly Rep[], spread: string, because: string): Route => {
  const chosen = pool.reduce((best, rep) => (drawOf(rep, spread) < drawOf(best, spread) ? rep : best));
  return { rep: chosen.rep, because: pool.length > 1 ? `${because}, one of ${pool.length} by weight` : because };
};

/** Exponential with rate = weight: the smallest of such draws falls to each rep in proportion to its weight. */
const drawOf = (rep: Rep, spread: string): number => -Math.log(1 - fractionOf(`${spread} ${rep.rep}`)) / rep.weight;
