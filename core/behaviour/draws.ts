import { fractionsOf } from '#core/hash';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import { offsetAt } from '#core/time-zone';
import type { Behaviour, Persona } from './model.ts';

/**
 * Chance by hashing (seed, lead, occasion), never by the order of calls: the same lead does the same things whatever happens to
 * others, and two versions of a sequence meet the same people in the same mood (common random numbers).
 */
export type Draw = (leadId: string, occasion: string) => number;

/** One lead is mostly asked several times in a row. */
export const drawsOf = (seed: string): Draw => {
  let last = { leadId: '', draw: fractionsOf(`${seed}  `) };
  return (leadId, occasion) => {
    if (leadId !== last.leadId) last = { leadId, draw: fractionsOf(`${seed} ${leadId} `) };
    return last.draw(occasion);
  };
};

/** One of these by its weight; undefined: none has any. */
export const byWeight = <One>(all: readonly One[], weightOf: (one: One) => number, fraction: number): One | undefined => {
  const sum = all.reduce((before, it) => before + weightOf(it), 0);
  let at = fraction * sum;
  for (const it of all) {
    at -= weightOf(it);
    if (at < 0) return it;
  }
  return sum > 0 ? all.at(-1) : undefined;
};

export const personaOf = ({ personas }: Pick<Behaviour, 'personas'>, draw: Draw, leadId: string): Persona =>
  byWeight(personas, (it) => it.share, draw(leadId, 'persona')) as Persona;

/** `position`: of the mail among those of this lead, from 1. */
export const openChance = ({ byPosition }: Pick<Behaviour, 'byPosition'>, persona: Persona, position: number): number => {
  const factors = persona.byPosition ?? byPosition;
  return Math.min(1, persona.opens * (factors[Math.min(position, factors.length) - 1] ?? 1));
};

const tries = 12;

/** When a mail that came at this moment is opened: soon rather than late, in an hour when people read. */
export const openedAt = (
  { byHour, readsWithinSeconds }: Pick<Behaviour, 'byHour' | 'readsWithinSeconds'>,
  draw: (occasion: string) => number,
  cameAt: Instant,
  zone: string,
): Instant => {
  const most = Math.max(...byHour);
  let found = cameAt;
  for (let attempt = 0; attempt < tries; attempt++) {
    found = addSeconds(cameAt, 60 + Math.floor(draw(`read ${attempt}`) ** 3 * readsWithinSeconds));
    const epoch = toEpoch(found);
    const hour = Math.floor((epoch + offsetAt(epoch, zone)) / 3_600_000) % 24;
    if (draw(`hour ${attempt}`) * most < (byHour[hour] ?? 0)) return found;
  }
  return found;
};
