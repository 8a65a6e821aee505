import type { EventKey } from '#core/condition';
import type { Ending } from '#core/enrolment';
import type { Condition, Update, Value } from '#core/table';

/** What a machine writes on its enrolment row, as data: the compiler turns it into ASL, tests into plain updates. */
export type MachineWrite = { readonly update: Update; readonly condition: Condition };

/** Everything that says where a machine is parked. */
const parked = ['token', 'awaiting', 'sinceHere', 'gsi1pk', 'gsi1sk', 'waitSeconds', 'speaks'] as const;

export type Parking = {
  readonly token: Value;
  readonly leg: Value;
  readonly step: string;
  readonly version: string;
  /** The row is due `plusSeconds` after `from`; `partition` is its due partition. */
  readonly due: { readonly partition: Value; readonly from: Value; readonly plusSeconds: number };
  /** An e-mail that counts follows directly. */
  readonly speaks?: boolean;
  readonly awaits?: { readonly key: EventKey; readonly since: 'enrolment' | 'here' };
};

/** Parks: refused on a stop, on another leg, without a row, and when the awaited event has been seen already. */
export const parkWrite = ({ token, leg, step, version, due, speaks, awaits }: Parking): MachineWrite => ({
  update: {
    set: {
      token,
      step,
      version,
      gsi1pk: due.partition,
      gsi1sk: due.from,
      waitSeconds: due.plusSeconds,
      ...(speaks && { speaks: true }),
      ...(awaits && { awaiting: [awaits.key] }),
      ...(awaits?.since === 'here' && { sinceHere: true }),
    },
    remove: [...(speaks ? [] : ['speaks']), ...(awaits ? [] : ['awaiting']), ...(awaits?.since === 'here' ? [] : ['sinceHere'])],
  },
  condition: {
    exists: true,
    equals: { leg },
    absent: ['stop'],
    ...(awaits?.since === 'enrolment' && { absentIn: { seen: [awaits.key] } }),
  },
});

export type EndOfLeg = {
  readonly leg: Value;
  readonly endedAt: Value;
  readonly ending: Ending;
  readonly endedBy?: string;
  readonly endedAs?: 'goal' | 'exit';
  readonly failure?: Value;
};

/** Ends the leg. Natural ends are refused on a stop: the stop's own end outranks them. */
export const endWrite = ({ leg, ...how }: EndOfLeg): MachineWrite => ({
  update: { set: { ...how }, remove: [...parked] },
  condition: {
    exists: true,
    equals: { leg },
    ...((how.ending === 'completed' || how.ending === 'exited') && { absent: ['stop'] }),
  },
});
