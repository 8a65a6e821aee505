import type { LiveConfig } from './config.ts';
import { utcDayOf } from './counters.ts';
import { countsOf } from './counts-of.ts';
import { addSeconds, type Instant } from './instant.ts';
import { addressIdOf, type Lead } from './lead.ts';
import { historyKinds } from './lead-history.ts';
import type { History } from './ports.ts';
import { addTo, cellsIn, daysRecounted } from './recount.ts';
import type { Item } from './table.ts';

/** Who wanted it: a person at the command line, or the rule of brand.yaml on leads that nothing happens with any more. */
export type ErasureCause = 'asked' | 'retention';

/** How much was removed. Of nothing that was removed is anything kept but this. */
export type Removed = { readonly rows: number; readonly tasks: number; readonly mails: number };

/**
 * Row ERASURE#<leadId>: the wish to erase a lead, how far that is, and in the end its certificate. Ids and numbers only. `ids`: every
 * id that anything of the lead may stand under. `counts`: what the lead adds to the counters that are made anew every night; kept
 * until those days are made anew no more.
 */
export type Erasure = {
  readonly leadId: string;
  readonly askedAt: Instant;
  readonly because: ErasureCause;
  readonly ids: readonly string[];
  readonly taskIds: readonly string[];
  /** Keys of answers in the bucket of received mail. */
  readonly mails: readonly string[];
  readonly counts: { readonly [cell: string]: number };
  /** Looks that found and removed what there was; the first ends with nothing left of the lead. */
  readonly looks: number;
  readonly removed: Removed;
  readonly erasedAt?: Instant;
  /** Other systems were told, by the bus. */
  readonly isTold?: true;
  /** When somebody looks again, for what was on its way while the lead was erased. Absent: never. */
  readonly againAt?: Instant;
};

const hour = 3600;
const day = 86_400;
/**
 * Looks after the first: past what a function may still be at work on, past a day, past what a queue and its dead letters keep, and when
 * the nightly recount has let go of the last day on which the lead did anything.
 */
const looksAfter = [hour, day, 15 * day, (daysRecounted + 1) * day] as const;

/** Every id of a lead: its own, of its present address, and of all that went into it. */
export const idsOf = (lead: Lead): readonly string[] => [...new Set([lead.leadId, addressIdOf(lead), ...Object.keys(lead.absorbed ?? {})])];

export type Wish = {
  readonly history: Pick<History, 'events' | 'sends' | 'enrolments' | 'moves' | 'consents'> & { readonly lead: Lead };
  readonly live: Pick<LiveConfig, 'scoring' | 'brand'>;
  readonly taskIds: readonly string[];
  readonly because: ErasureCause;
  readonly now: Instant;
};

/** All that must be known before the first thing is removed, so that whoever goes on after a crash knows it too. Pure. */
export const erasureOf = ({ history, live, taskIds, because, now }: Wish): Erasure => {
  const counts: Record<string, number> = {};
  addTo(counts, cellsIn(countsOf({ history, live, now })), utcDayOf(addSeconds(now, -(daysRecounted - 1) * day)));
  return {
    leadId: history.lead.leadId,
    askedAt: now,
    because,
    ids: idsOf(history.lead),
    taskIds,
    mails: [...new Set(history.events.flatMap((it) => it.reply?.mail ?? []))],
    counts,
    looks: 0,
    removed: { rows: 0, tasks: 0, mails: 0 },
    againAt: now,
  };
};

/** A lead that came back after it was erased, and is erased again: what is known of the first time goes on. Pure. */
export const erasedAgain = (known: Erasure, wish: Erasure): Erasure => ({
  ...wish,
  ids: [...new Set([...known.ids, ...wish.ids])],
  taskIds: [...new Set([...known.taskIds, ...wish.taskIds])],
  mails: [...new Set([...known.mails, ...wish.mails])],
  counts: sumOf(known.counts, wish.counts),
  removed: known.removed,
});

const sumOf = (one: Erasure['counts'], other: Erasure['counts']): Erasure['counts'] => {
  const sums: Record<string, number> = { ...one };
  for (const [cell, count] of Object.entries(other)) sums[cell] = (sums[cell] ?? 0) + count;
  return sums;
};

/**
 * Whether the profile is of somebody who came back since. The first look takes the old one away, so any that later looks find is new,
 * however old it has become by taking in another lead. Pure.
 */
export const isSomebodyNew = ({ createdAt }: Pick<Lead, 'createdAt'>, { looks, askedAt }: Pick<Erasure, 'looks' | 'askedAt'>): boolean =>
  looks > 0 || createdAt > askedAt;

/** Whether a row tells of what happened before: of somebody who is back before all was removed, these go and the others stay. Pure. */
export const isOfBefore = ({ sk, notedAt, enrolledAt, claimedAt, at }: Item, { askedAt }: Pick<Erasure, 'askedAt'>): boolean => {
  const happened = notedAt ?? enrolledAt ?? claimedAt ?? at;
  return historyKinds.some((it) => String(sk).startsWith(it)) && typeof happened === 'string' && happened <= askedAt;
};

/** After a look that removed so much. With the last one nothing but the certificate is kept. Pure. */
export const afterLook = (erasure: Erasure, removed: Removed, now: Instant): Erasure => {
  const { againAt: _againAt, ...rest } = erasure;
  const seconds = looksAfter[erasure.looks];
  const base = {
    ...rest,
    looks: erasure.looks + 1,
    erasedAt: erasure.erasedAt ?? now,
    removed: {
      rows: erasure.removed.rows + removed.rows,
      tasks: Math.max(erasure.removed.tasks, removed.tasks),
      mails: erasure.removed.mails + removed.mails,
    },
  };
  if (seconds !== undefined) return { ...base, againAt: addSeconds(erasure.askedAt, seconds) };
  return { ...base, ids: [], taskIds: [], mails: [], counts: {} };
};

/** What a certificate says. */
export type Certificate = {
  readonly format: 1;
  readonly leadId: string;
  readonly askedAt: Instant;
  readonly because: ErasureCause;
  readonly erasedAt?: Instant;
  readonly removed: Removed;
  readonly nextLookAt?: Instant;
  readonly kept: readonly { readonly what: string; readonly why: string; readonly until?: string }[];
};

export const certificateOf = ({ leadId, askedAt, because, erasedAt, removed, againAt }: Erasure): Certificate => ({
  format: 1,
  leadId,
  askedAt,
  because,
  ...(erasedAt !== undefined && { erasedAt }),
  removed,
  ...(againAt !== undefined && { nextLookAt: againAt }),
  kept,
});

/** What stays anywhere, and why; docs/privacy.md says the same at more length. */
const kept: Certificate['kept'] = [
  {
    what: 'an HMAC of each address, with the word that no mail may go to it',
    why: 'so that a list that names the person again cannot bring mail to it; the address cannot be read from it',
  },
  { what: 'sums by day, sequence and step', why: 'they are of all leads together and name nobody' },
  { what: 'sales tasks without anything of the lead: when, which rep, what sales answered', why: 'figures of the handoff' },
  {
    what: 'point-in-time backups of the table',
    why: 'they cannot be changed; after a restore, erase again (docs/privacy.md)',
    until: '35 days',
  },
  { what: 'lists in the drop folder that name the person', why: 'they are of many people', until: '30 days' },
  { what: 'logs and executions of state machines', why: 'ids only, never an address or a name', until: 'as set; executions 90 days' },
];
