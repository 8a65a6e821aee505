import { byIdentity } from './by-identity.ts';
import { between, crowded } from './click-patterns.ts';
import type { EventRow } from './events.ts';
import type { HumanRules, MachineReason, MailFacts } from './humans.ts';
import { toEpoch } from './instant.ts';
import { sorted } from './sorted.ts';

/** What is looked at of an event. `mail`: which one it is about. `memo`: what was found out about it before; of no meaning but that. */
export type Row = Seen & { readonly event: EventRow; readonly epoch: number; readonly mail: string; readonly memo: Memo };
export type Seen = {
  readonly [field in 'eventId' | 'name' | 'agent' | 'automated' | 'link' | 'enrolmentId' | 'step' | 'round']: EventRow[field] | undefined;
} & Pick<EventRow, 'eventId' | 'name'>;
export type Memo = { judged: object | undefined; stretch: object | undefined };

/** By time, each once. Should two differ under one id, the same one is taken whatever comes first. */
export const inOrder = (events: readonly EventRow[]): readonly Row[] =>
  sorted((isByName(events) ? events : eachOnce(events)).map(rowOf), byEpoch);
const byEpoch = (one: Row, other: Row): number => one.epoch - other.epoch;

/** As the table gives them: then no name comes twice. */
export const isByName = (events: readonly EventRow[]): boolean => {
  for (let at = 1; at < events.length; at++) if (!((events[at - 1] as EventRow).eventId < (events[at] as EventRow).eventId)) return false;
  return true;
};

const eachOnce = (events: readonly EventRow[]): readonly EventRow[] => {
  const byId = new Map<string, EventRow>();
  for (const event of events) {
    const known = byId.get(event.eventId);
    if (!known || (known !== event && JSON.stringify(event) < JSON.stringify(known))) byId.set(event.eventId, event);
  }
  return [...byId.values()];
};

/** Nobody changes an event in place: the same one is read once, however often it is judged. */
const rows = byIdentity<EventRow, Row>();
export const rowOf = (event: EventRow): Row => {
  const known = rows.of(event);
  if (known) return known;
  const { eventId, name, agent, automated, link, enrolmentId, step, round } = event;
  const memo = { judged: undefined, stretch: undefined };
  const row: Row = {
    event,
    eventId,
    name,
    agent,
    automated,
    link,
    enrolmentId,
    step,
    round,
    epoch: toEpoch(event.at),
    mail: mailKey(event),
    memo,
  };
  rows.keep(event, row);
  return row;
};

type OfMail = Partial<Pick<MailFacts, 'enrolmentId' | 'step' | 'round'>>;
export const mailKey = ({ enrolmentId = '', step = '', round = 1 }: OfMail): string => `${enrolmentId} ${step} ${round}`;
export const byMail = (rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> => {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const ofOne = found.get(row.mail);
    if (ofOne) ofOne.push(row);
    else found.set(row.mail, [row]);
  }
  return found;
};

/** In seconds: how near to the invisible link is near, and what nobody's finger does. */
const decoyNearby = 120;
const sameMoment = { atLeast: 2, withinSeconds: 1 } as const;

/** Clicks that by their company are no reader's. */
export const sweepsIn = (clicks: readonly Row[], rules: HumanRules): ReadonlyMap<Row, readonly MachineReason[]> => {
  const found = new Map<Row, MachineReason[]>();
  if (clicks.length === 0) return found;
  const note = (rows: Iterable<Row>, sign: MachineReason) => {
    if (rules.ignoreSigns?.includes(sign)) return;
    for (const row of rows) found.set(row, [...(found.get(row) ?? []), sign]);
  };
  for (const ofOne of byMail(clicks).values()) {
    const decoys = ofOne.filter((it) => isDecoy(it, rules));
    note(decoys, 'decoy');
    note(besideDecoys(ofOne, decoys), 'decoy-nearby');
    const several = crowded(ofOne, rules.linksAtOnce, linkOf);
    note(several, 'links-at-once');
    const pairs = crowded(ofOne, sameMoment, linkOf);
    note(
      [...pairs].filter((it) => !several.has(it)),
      'two-at-once',
    );
  }
  // What SES tells twice under two ids has one link and one moment.
  note(
    crowded(clicks, rules.burst, (it) => `${it.mail} ${linkOf(it)} ${it.epoch}`),
    'burst',
  );
  return found;
};

const besideDecoys = (clicks: readonly Row[], decoys: readonly Row[]): readonly Row[] =>
  decoys.length === 0
    ? []
    : clicks.filter(
        (it) => !decoys.includes(it) && between(decoys, it.epoch - decoyNearby * 1000, it.epoch + decoyNearby * 1000).length > 0,
      );

const linkOf = ({ link }: Row): string => link ?? '';
const isDecoy = ({ link }: Row, { decoy }: HumanRules): boolean =>
  decoy !== undefined && link?.split(/[?#]/, 1)[0]?.replace(/\/$/, '') === decoy;

/** In seconds. A page that shows at once may be the scanner's own; people then go on. */
const goingOn = { from: 8, to: 1200, together: 10 } as const;

/** In seconds: no sign of those here, nor any in humans.ts, joins two events that lie further apart, but for what the rules say. */
export const farthestSign = Math.max(goingOn.to + goingOn.together, decoyNearby);

/** A trace speaks for the last click before it, and for those together with that: not for a sweep some time earlier. */
export const whoWentOn = (clicks: readonly Row[], traces: readonly Row[]): ReadonlySet<Row> => {
  const found = new Set<Row>();
  if (clicks.length === 0) return found;
  for (const { epoch } of traces) {
    const last = between(clicks, epoch - goingOn.to * 1000, epoch).at(-1)?.epoch;
    if (last === undefined || epoch - last < goingOn.from * 1000) continue;
    for (const it of between(clicks, last - goingOn.together * 1000, last)) found.add(it);
  }
  return found;
};
