import type { EventKey } from '#core/condition';
import type { Ending, LegReason } from '#core/enrolment';
import type { Instant } from '#core/instant';
import type { Condition, Update, Value } from '#core/table';

/** What a machine writes on its enrolment row, as data: the compiler turns it into ASL, tests into plain updates. */
export type MachineWrite = { readonly update: Update; readonly condition: Condition };

/** Everything that says where a machine is parked. */
const parked = ['token', 'awaiting', 'sinceHere', 'gsi1pk', 'gsi1sk', 'waitSeconds', 'speaks', 'timed', 'entered'] as const;

export type Parking = {
  readonly token: Value;
  readonly leg: Value;
  readonly step: Value;
  readonly version: string;
  /** When the state that parks was entered: of two, the later one has the row. */
  readonly entered: Value;
  /** A timer of ours ends it, not the machine: parked by the sender, who may come again and late. */
  readonly timed?: true;
  /** The row is due `plusSeconds` after `from`; `partition` is its due partition. */
  readonly due: { readonly partition: Value; readonly from: Value; readonly plusSeconds: number };
  /** An e-mail that counts follows directly. */
  readonly speaks?: boolean;
  readonly awaits?: { readonly keys: readonly EventKey[]; readonly since: 'enrolment' | 'here' };
};

/**
 * Parks: refused on a stop, on another leg, without a row, and when the awaited event has been seen already; where it is timed, also
 * once the run has ended or a later state has parked.
 */
export const parkWrite = ({ token, leg, step, version, entered, timed, due, speaks, awaits }: Parking): MachineWrite => ({
  update: {
    set: {
      token,
      step,
      version,
      entered,
      gsi1pk: due.partition,
      gsi1sk: due.from,
      waitSeconds: due.plusSeconds,
      ...(speaks && { speaks: true }),
      ...(awaits && { awaiting: awaits.keys }),
      ...(awaits?.since === 'here' && { sinceHere: true }),
      ...(timed && { timed }),
    },
    remove: [
      ...(speaks ? [] : ['speaks']),
      ...(awaits ? [] : ['awaiting']),
      ...(awaits?.since === 'here' ? [] : ['sinceHere']),
      ...(timed ? [] : ['timed']),
    ],
  },
  condition: {
    exists: true,
    equals: { leg },
    absent: ['stop', ...(timed ? ['endedAt'] : [])],
    ...(awaits?.since === 'enrolment' && { absentIn: { seen: awaits.keys } }),
    ...(timed && { either: notLaterThan(entered) }),
  },
});

/** Of a state that was tried twice the last attempt has the row: the token of the one before is dead. */
const notLaterThan = (entered: Value): readonly Condition[] => [
  { absent: ['entered'] },
  { below: { entered: entered as string } },
  { equals: { entered } },
];

export type EndOfLeg = {
  readonly leg: Value;
  readonly endedAt: Value;
  readonly ending: Ending;
  readonly endedBy?: string;
  readonly endedAs?: 'goal' | 'exit';
  readonly failure?: Value;
  /** Failed: the index partition in which a recovery looks for it. */
  readonly gsi1pk?: Value;
};

/**
 * Ends the leg. Natural ends are refused on a stop: the stop's own end outranks them. A failure leaves where it was parked and
 * until when, so that a later leg can go on from there.
 */
export const endWrite = ({ leg, ...how }: EndOfLeg): MachineWrite => ({
  update: { set: { ...how }, remove: how.ending === 'failed' ? ['token', 'speaks'] : [...parked] },
  condition: {
    exists: true,
    equals: { leg },
    ...((how.ending === 'completed' || how.ending === 'exited') && { absent: ['stop'] }),
  },
});

export type NextLeg = {
  /** The leg that ends with this. */
  readonly leg: Value;
  readonly at: Value;
  /** Due partition without a length: the watchdog starts what nobody started. */
  readonly partition: Value;
  /** Step of the version at which the leg begins; '': the first. */
  readonly startAt: string;
  /** What is left of a wait that had begun: the leg sits it out first. */
  readonly rest?: { readonly step: string; readonly until: Instant };
  /** Absent: the version stays. */
  readonly version?: string;
  /** Absent: they stay. */
  readonly arms?: { readonly [split: string]: string };
  readonly because?: LegReason;
  /** The token and the awaited keys as they were read: refused when the machine has gone on or was woken since. */
  readonly parkedAs?: { readonly token: string; readonly awaiting: readonly string[] };
  /** It was parked nowhere when it was read: refused when it has parked since, for nobody would wake that machine. */
  readonly isUnparked?: boolean;
  /** The run ended by a fault, or its execution is gone: begins again, at most so often. */
  readonly revives?: { readonly ending: 'failed' | 'none'; readonly most: number };
};

/**
 * Gives the run to its next leg, in one write: from here on nothing that the old leg writes is taken. Due at once. Refused on a
 * stop, on another leg, without a row, and when the run has ended (but for a failed one that is to be revived).
 */
export const nextLegWrite = ({
  leg,
  at,
  partition,
  startAt,
  rest,
  version,
  arms,
  because,
  parkedAs,
  isUnparked,
  revives,
}: NextLeg): MachineWrite => {
  const isEnded = revives?.ending === 'failed';
  return {
    update: {
      set: {
        startAt,
        legStartedAt: at,
        gsi1pk: partition,
        gsi1sk: at,
        waitSeconds: 0,
        ...(rest && { rest }),
        ...(version !== undefined && { version }),
        ...(arms && { arms }),
        ...(because && { legBecause: because }),
        ...(parkedAs && { formerToken: parkedAs.token }),
      },
      remove: [
        ...['token', 'step', 'awaiting', 'sinceHere', 'speaks', 'timed', 'entered'],
        ...(rest ? [] : ['rest']),
        ...(because ? [] : ['legBecause']),
        // Of a leg that never began: the one before it may not have been told yet.
        ...(parkedAs || isUnparked ? [] : ['formerToken']),
        ...(isEnded ? ['ending', 'endedAt', 'failure'] : []),
      ],
      increase: { leg: 1, ...(revives && { recoveries: 1 }) },
    },
    condition: {
      exists: true,
      equals: { leg, ...(isEnded && { ending: 'failed' }), ...(parkedAs && { token: parkedAs.token }) },
      absent: ['stop', ...(isEnded ? [] : ['endedAt']), ...(isUnparked ? ['token'] : [])],
      ...(parkedAs && parkedAs.awaiting.length > 0 && { absentIn: { seen: parkedAs.awaiting } }),
      ...(revives && { either: [{ absent: ['recoveries'] }, { below: { recoveries: revives.most } }] }),
    },
  };
};
