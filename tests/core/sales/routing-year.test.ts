import { describe, expect, it } from 'vitest';
import type { Rep, Sales } from '#core/config';
import { salesDefaults } from '#core/config';
import { type Desk, emptyDesk, giveTo, takeFrom } from '#core/desk';
import { type Instant, toEpoch, toInstant } from '#core/instant';
import { type RouteDecision, routeLead } from '#core/routing';

/** A year of a team of nine: hires, leavers, leave, holidays, full desks, a ceiling a day. Everything is counted again without Baton's own code. */
const leads = 10_000;
const start = Date.parse('2026-01-01T00:00:00Z');
const day = 86_400_000;

const rep = (name: string, timeZone: string, more: Partial<Rep> = {}): Rep => ({
  rep: name,
  email: `${name}@x.example`,
  timeZone,
  countries: [],
  weight: 1,
  role: 'rep',
  atMostOpen: 8,
  ...more,
});
const everyone: readonly (Rep & { readonly hired: string; readonly left: string })[] = [
  { ...rep('ada', 'Europe/Berlin', { weight: 2, holidays: 'DE' }), hired: '2026-01-01', left: '2027-01-01' },
  {
    ...rep('bea', 'Europe/Berlin', { holidays: 'DE', away: [{ from: '2026-07-06', upTo: '2026-07-26' }] }),
    hired: '2026-01-01',
    left: '2026-10-01',
  },
  { ...rep('cem', 'Europe/London', { weight: 1.5 }), hired: '2026-01-01', left: '2027-01-01' },
  {
    ...rep('dov', 'Europe/London', {
      away: [
        { from: '2026-02-10', upTo: '2026-02-20' },
        { from: '2026-08-03', upTo: '2026-08-21' },
      ],
    }),
    hired: '2026-01-01',
    left: '2027-01-01',
  },
  { ...rep('eli', 'America/New_York', { countries: ['US'], weight: 3 }), hired: '2026-01-01', left: '2026-06-15' },
  { ...rep('fay', 'America/New_York', { countries: ['US', 'CA'] }), hired: '2026-01-01', left: '2027-01-01' },
  { ...rep('gus', 'America/Los_Angeles', { countries: ['US'] }), hired: '2026-06-01', left: '2027-01-01' },
  { ...rep('hal', 'Asia/Tokyo', { weight: 0.5 }), hired: '2026-03-01', left: '2027-01-01' },
  { ...rep('ivy', 'Europe/Dublin', { role: 'manager' as const }), hired: '2026-01-01', left: '2027-01-01' },
];
const german = [
  '2026-01-01',
  '2026-04-03',
  '2026-04-06',
  '2026-05-01',
  '2026-05-14',
  '2026-05-25',
  '2026-10-03',
  '2026-12-25',
  '2026-12-26',
];
const teamOn = (date: string) => everyone.filter((it) => it.hired <= date && date < it.left);
const salesOn = (date: string): Sales => ({
  team: teamOn(date),
  route: ['country', 'weighted'],
  answers: salesDefaults.answers,
  holidays: { days: { DE: german } },
  atMostPerDay: 60,
});

/** Mulberry32. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

type Waiting = { readonly id: string; readonly country: string; readonly score: number; readonly since: number };
type Made = {
  readonly id: string;
  readonly at: Instant;
  readonly decision: Extract<RouteDecision, { to: 'rep' }>;
  readonly before: Desk;
  readonly country: string;
};

const longestHeld = 14 * day;

/** Leads come in waves, reps answer after some hours, the tick gives out what waits, best first. */
const runYear = (seed: number) => {
  const next = random(seed);
  const made: Made[] = [];
  const given = new Map<string, number>();
  const reported: string[] = [];
  let desk: Desk = emptyDesk;
  let waiting: Waiting[] = [];
  const answers: { readonly at: number; readonly id: string }[] = [];
  const arrivals = Array.from({ length: leads }, (_, at): Waiting => {
    const burst = at % 10 < 3 ? Math.floor(next() * 12) * 30 * day + next() * 2 * day : next() * 364 * day;
    return {
      id: `t${at}`,
      country: ['US', 'CA', 'DE', 'FR', ''][Math.floor(next() * 5)] ?? '',
      score: Math.floor(next() * 100),
      since: start + burst,
    };
  }).sort((one, other) => one.since - other.since);

  const offer = (lead: Waiting, now: number): boolean => {
    const at = toInstant(now);
    const date = at.slice(0, 10);
    const isOverdue = now - lead.since > longestHeld;
    const decision = routeLead({ sales: salesOn(date), desk, lead: { fields: { country: lead.country } }, now: at, date, isOverdue });
    if (decision.to === 'hold') return false;
    made.push({ id: lead.id, at, decision, before: desk, country: lead.country });
    given.set(lead.id, (given.get(lead.id) ?? 0) + 1);
    const { rep: to, because, record } = decision;
    desk = giveTo({ ...desk, pools: decision.pools }, { taskId: lead.id, turn: 0, rep: to, because, record }, { at, date, isFirst: true });
    answers.push({ at: now + (2 + next() * 40) * 3_600_000, id: lead.id });
    return true;
  };
  let at = 0;
  for (let now = start; now < start + 365 * day; now += day / 24) {
    for (const answer of answers.filter((it) => it.at <= now)) {
      desk = takeFrom(desk, answer.id);
      answers.splice(answers.indexOf(answer), 1);
    }
    waiting = waiting.toSorted((one, other) => other.score - one.score || one.since - other.since).filter((it) => !offer(it, now));
    for (let lead = arrivals[at]; lead && lead.since <= now; lead = arrivals[++at]) if (!offer(lead, now)) waiting.push(lead);
  }
  reported.push(...waiting.map((it) => it.id), ...arrivals.slice(at).map((it) => it.id));
  return { made, given, reported };
};

/** The local date, and whether it is a working weekday with hours left, by Intl alone. */
const localOf = (timeZone: string, at: number) => {
  const parts = Object.fromEntries((formats.get(timeZone) ?? addFormat(timeZone)).formatToParts(at).map((it) => [it.type, it.value]));
  return { date: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour) % 24, weekday: String(parts.weekday) };
};
const formats = new Map<string, Intl.DateTimeFormat>();
const addFormat = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hour12: false,
    weekday: 'short',
  });
  formats.set(timeZone, format);
  return format;
};
const isThere = (who: Rep, at: number): boolean => {
  const isAway = (date: string) => (who.away ?? []).some((it) => it.from <= date && date <= it.upTo);
  const today = localOf(who.timeZone, at);
  if (isAway(today.date)) return false;
  let next = today;
  for (let ahead = at, first = true; next.weekday === 'Sat' || next.weekday === 'Sun' || (first && next.hour >= 17); first = false) {
    ahead += day;
    next = { ...localOf(who.timeZone, ahead), hour: 0 };
  }
  return !isAway(next.date) && !(who.holidays !== undefined && german.includes(next.date));
};

describe('a year of routing', () => {
  const { made, given, reported } = runYear(7);

  it('gives every lead to one rep, or has it waiting', () => {
    expect([...given.values()].every((it) => it === 1)).toBe(true);
    expect(given.size + reported.length).toBe(leads);
    expect(reported.length).toBeLessThan(leads / 50);
  });

  it('gives nothing to who is away, on holiday, gone or full, and keeps the ceiling', () => {
    const perDay = new Map<string, number>();
    for (const { at, decision, before } of made) {
      const who = teamOn(at.slice(0, 10)).find((it) => it.rep === decision.rep);
      expect(who && isThere(who, toEpoch(at)), `${decision.rep} ${at}`).toBe(true);
      expect(Object.keys(before.open[decision.rep] ?? {}).length).toBeLessThan(who?.atMostOpen ?? 0);
      perDay.set(at.slice(0, 10), (perDay.get(at.slice(0, 10)) ?? 0) + (decision.because.includes('held for as long') ? 0 : 1));
    }
    expect(Math.max(...perDay.values())).toBeLessThanOrEqual(60);
  });

  it('shares out within one lead of the ideal over every stretch in which the pool stays as it is', () => {
    const pools = new Map<
      string,
      { members: string; shares: Map<string, number>; had: Map<string, number>; count: number; stretches: number }
    >();
    let worst = 0;
    for (const { at, decision, before, country } of made) {
      if (decision.record.rule === 'manager') continue;
      const team = teamOn(at.slice(0, 10)).filter((it) => it.role === 'rep');
      const covering = team.filter((it) => it.countries.includes(country));
      const isRoom = (it: Rep) => isThere(it, toEpoch(at)) && Object.keys(before.open[it.rep] ?? {}).length < (it.atMostOpen ?? 0);
      const eligible =
        decision.record.rule === 'country' ? covering.filter(isRoom) : team.filter((it) => it.countries.length === 0).filter(isRoom);
      const members = eligible.map((it) => it.rep).join();
      expect(decision.record.among.map((it) => it.rep).join()).toBe(members);
      const key = decision.record.rule === 'country' ? country : 'all';
      const standing = pools.get(key);
      const sum = eligible.reduce((total, it) => total + it.weight, 0);
      const pool =
        standing?.members === members
          ? standing
          : {
              members,
              shares: new Map(eligible.map((it) => [it.rep, it.weight / sum])),
              had: new Map<string, number>(),
              count: 0,
              stretches: (standing?.stretches ?? 0) + 1,
            };
      pool.count += 1;
      pool.had.set(decision.rep, (pool.had.get(decision.rep) ?? 0) + 1);
      pools.set(key, pool);
      for (const [name, share] of pool.shares) worst = Math.max(worst, Math.abs((pool.had.get(name) ?? 0) - pool.count * share));
    }
    expect([...pools.values()].reduce((sum, it) => sum + it.stretches, 0)).toBeGreaterThan(100);
    expect(worst).toBeLessThan(1 + 1e-9);
  });

  it('floods nobody who comes back: the first leads after a leave are a share like any other', () => {
    const back = Date.parse('2026-08-22T00:00:00Z');
    const after = made.filter((it) => it.decision.record.rule === 'weighted' && toEpoch(it.at) >= back).slice(0, 60);
    const had = after.filter((it) => it.decision.rep === 'dov');
    const ideal = after.reduce((sum, { decision }) => {
      const total = decision.record.among.reduce((weights, it) => weights + it.weight, 0);
      return sum + (decision.record.among.find((it) => it.rep === 'dov')?.weight ?? 0) / total;
    }, 0);
    expect(Math.abs(had.length - ideal)).toBeLessThan(2);
  });

  it('says the same whenever it is asked the same', () => {
    for (const { at, decision, before, country } of made.slice(500, 700)) {
      const date = at.slice(0, 10);
      const again = routeLead({
        sales: salesOn(date),
        desk: before,
        lead: { fields: { country } },
        now: at,
        date,
        isOverdue: decision.because.includes('held for as long'),
      });
      expect(again).toEqual(decision);
    }
  });
});
