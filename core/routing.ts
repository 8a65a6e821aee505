import type { Rep, RouteRule, Sales } from './config.ts';
import { type Desk, hasRoom } from './desk.ts';
import { type PoolState, pickFairly, type Share } from './fair-share.ts';
import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { RouteRecord } from './sales-task.ts';
import { isAtWork, whyNotThere } from './working-hours.ts';

export type Route = { readonly rep: string; readonly because: string };

export type RouteAsk = {
  readonly sales: Sales;
  readonly desk: Desk;
  readonly lead: Pick<Lead, 'fields'>;
  /** The rep who had the lead before, and the one who has its company. */
  readonly lastRep?: string | undefined;
  readonly companyRep?: string | undefined;
  readonly now: Instant;
  /** The brand's date. */
  readonly date: string;
  /** Reps who have had this task. Then it is a change of hands, and the day's ceiling is not asked. */
  readonly after?: readonly string[];
  /** It was held for as long as sales.yaml allows: the manager, if nobody has room, and whatever the ceiling says. */
  readonly isOverdue?: boolean;
};

export type RouteDecision =
  | ({ readonly to: 'rep'; readonly record: RouteRecord; readonly pools: Desk['pools'] } & Route)
  | { readonly to: 'hold'; readonly because: string };

/**
 * Who gets this lead, and why in words: the rules in their order, then the manager; nobody who is away or full. A lead that reps
 * would cover who have no room now is held. All it depends on is in what it is asked with. Pure.
 */
export const routeLead = (ask: RouteAsk): RouteDecision => {
  const { sales, after, isOverdue = false } = ask;
  if (!after && !isOverdue && isCeilingReached(ask)) {
    return { to: 'hold', because: `sales has had its ${sales.atMostPerDay} leads of ${ask.date}` };
  }
  const passedOver: RouteRecord['passedOver'][number][] = [];
  for (const rule of sales.route) {
    const pool = poolOf(rule, ask);
    const free = pool.reps.filter((rep) => mayHave(rep, ask, passedOver));
    if (free.length > 0) return among(pool, free, passedOver, ask);
  }
  if (passedOver.length > 0 && !after && !isOverdue) return { to: 'hold', because: `nobody has room: ${inWords(passedOver)}` };
  const managers = sales.team.filter((it) => it.role === 'manager');
  const manager = (managers.length > 0 ? managers : sales.team.slice(0, 1)).find((rep) => mayHave(rep, ask, passedOver));
  if (!manager) return { to: 'hold', because: `nobody has room, nor has the manager: ${inWords(passedOver)}` };
  const because = isOverdue
    ? 'held for as long as sales.yaml allows, so it goes to the manager'
    : passedOver.length > 0
      ? `nobody else has room (${inWords(passedOver)}), so it goes to the manager`
      : 'nobody else covers this lead, so it goes to the manager';
  const record = { rule: 'manager', among: [{ rep: manager.rep, weight: manager.weight, owed: 0 }], passedOver: once(passedOver) };
  return { to: 'rep', rep: manager.rep, because, record, pools: ask.desk.pools };
};

export const isCeilingReached = ({ sales, desk, date }: Pick<RouteAsk, 'sales' | 'desk' | 'date'>): boolean =>
  sales.atMostPerDay !== undefined && (desk.day?.date === date ? desk.day.taken : 0) >= sales.atMostPerDay;

/** `key`: whose shares are counted together; absent: nothing is shared out. */
type Pool = { readonly reps: readonly Rep[]; readonly because: string; readonly rule: string; readonly key?: string };

const poolOf = (rule: RouteRule, { sales, lead, lastRep, companyRep, now }: RouteAsk): Pool => {
  const reps = sales.team.filter((it) => it.role === 'rep');
  const { fields } = lead;
  if (typeof rule === 'object') {
    const value = String(fields[rule.field] ?? '').trim();
    const takes = reps.filter((it) => it.takes?.[rule.field]?.some((one) => same(one, value)));
    return { reps: takes, because: `looks after ${rule.field} ${value}`, rule: rule.field, key: `${rule.field}=${value.toLowerCase()}` };
  }
  switch (rule) {
    case 'existing-owner': {
      const named = String(fields.owner ?? '').trim();
      const owner = sales.team.find((it) => same(it.rep, named) || same(it.email, named)) ?? sales.team.find((it) => it.rep === lastRep);
      return { reps: owner ? [owner] : [], because: 'has this lead already', rule };
    }
    case 'company-owner':
      return { reps: sales.team.filter((it) => it.rep === companyRep), because: 'has the lead’s company already', rule };
    case 'country': {
      const code = String(fields.country ?? '')
        .trim()
        .toUpperCase();
      return { reps: reps.filter((it) => it.countries.includes(code)), because: `looks after ${code}`, rule, key: `country ${code}` };
    }
    case 'language': {
      const code = String(fields.language ?? fields.locale ?? '')
        .trim()
        .slice(0, 2)
        .toLowerCase();
      return { reps: reps.filter((it) => it.languages?.includes(code)), because: `speaks ${code}`, rule, key: `language ${code}` };
    }
    case 'at-work':
      return { reps: anywhere(reps).filter((it) => isAtWork(it, sales, now)), because: 'is at work now', rule, key: rule };
    case 'weighted':
      return { reps: anywhere(reps), because: 'takes leads from anywhere', rule, key: rule };
  }
};

/** Reps with countries of their own help out only when there is nobody else. */
const anywhere = (reps: readonly Rep[]): readonly Rep[] => {
  const free = reps.filter((it) => it.countries.length === 0);
  return free.length > 0 ? free : reps;
};

const mayHave = (rep: Rep, { sales, desk, now, after = [] }: RouteAsk, passedOver: RouteRecord['passedOver'][number][]): boolean => {
  if (after.includes(rep.rep)) return false;
  const because = whyNotThere(rep, sales, now) ?? (hasRoom(desk, rep) ? undefined : `${rep.atMostOpen} open`);
  if (because !== undefined) passedOver.push({ rep: rep.rep, because });
  return because === undefined;
};

const among = (pool: Pool, free: readonly Rep[], passedOver: RouteRecord['passedOver'], { sales, desk }: RouteAsk): RouteDecision => {
  const shares: readonly Share[] = free.map(({ rep, weight }) => ({ rep, weight }));
  const before: PoolState | undefined = pool.key === undefined ? undefined : desk.pools[pool.key];
  const team = sales.team.map((it) => it.rep);
  const { rep, state, owed } = pickFairly(before, shares, team);
  const because = free.length > 1 ? `${pool.because}, one of ${free.length} by weight` : pool.because;
  return {
    to: 'rep',
    rep,
    because,
    record: { rule: pool.rule, among: shares.map((it) => ({ ...it, owed: tenth(owed(it.rep)) })), passedOver: once(passedOver) },
    pools: pool.key === undefined ? desk.pools : { ...desk.pools, [pool.key]: state },
  };
};

const same = (one: string, other: string): boolean => other !== '' && one.toLowerCase() === other.toLowerCase();
const tenth = (value: number) => Math.round(value * 100) / 100;

const once = (passedOver: RouteRecord['passedOver']): RouteRecord['passedOver'] =>
  passedOver.filter((it, at) => passedOver.findIndex((other) => other.rep === it.rep) === at);
const inWords = (passedOver: RouteRecord['passedOver']): string =>
  once(passedOver)
    .map((it) => `${it.rep} ${it.because}`)
    .join(', ');
