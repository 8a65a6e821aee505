import { between, crowded } from './click-patterns.ts';
import type { EventRow } from './events.ts';
import type { HumanRules, MachineReason, MailFacts } from './humans.ts';
import { toEpoch } from './instant.ts';

export type Row = EventRow & { readonly epoch: number };

/** By time, each once. Should two differ under one id, the same one is taken whatever comes first. */
export const inOrder = (events: readonly EventRow[]): readonly Row[] => {
  const byId = new Map<string, EventRow>();
  for (const event of events) {
    const known = byId.get(event.eventId);
    if (!known || (known !== event && JSON.stringify(event) < JSON.stringify(known))) byId.set(event.eventId, event);
  }
  return [...byId.values()].map((it) => ({ ...it, epoch: toEpoch(it.at) })).sort((one, other) => one.epoch - other.epoch);
};

type OfMail = Partial<Pick<MailFacts, 'enrolmentId' | 'step' | 'round'>>;
export const mailKey = ({ enrolmentId = '', step = '', round = 1 }: OfMail): string => `${enrolmentId} ${step} ${round}`;
export const byMail = (rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> => {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const ofOne = found.get(mailKey(row));
    if (ofOne) ofOne.push(row);
    else found.set(mailKey(row), [row]);
  }
  return found;
};

/** In seconds: how near to the invisible link is near, and what nobody's finger does. */
const decoyNearby = 120;
const sameMoment = { atLeast: 2, withinSeconds: 1 } as const;

/** Clicks that by their company are no reader's. */
export const sweepsIn = (clicks: readonly Row[], rules: HumanRules): ReadonlyMap<Row, readonly MachineReason[]> => {
  const found = new Map<Row, MachineReason[]>();
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
    crowded(clicks, rules.burst, (it) => `${mailKey(it)} ${linkOf(it)} ${it.epoch}`),
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

const linkOf = ({ link }: EventRow): string => link ?? '';
const isDecoy = ({ link }: EventRow, { decoy }: HumanRules): boolean =>
  decoy !== undefined && link?.split(/[?#]/, 1)[0]?.replace(/\/$/, '') === decoy;

/** In seconds. A page that shows at once may be the scanner's own; people then go on. */
const goingOn = { from: 8, to: 1200, together: 10 } as const;

/** A trace speaks for the last click before it, and for those together with that: not for a sweep some time earlier. */
export const whoWentOn = (clicks: readonly Row[], traces: readonly Row[]): ReadonlySet<Row> => {
  const found = new Set<Row>();
  for (const { epoch } of traces) {
    const last = between(clicks, epoch - goingOn.to * 1000, epoch).at(-1)?.epoch;
    if (last === undefined || epoch - last < goingOn.from * 1000) continue;
    for (const it of between(clicks, last - goingOn.together * 1000, last)) found.add(it);
  }
  return found;
};
