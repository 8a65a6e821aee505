import type { Instant } from '#core/instant';

/** What may go wrong, and how it is told. */
export const faultKinds = {
  'dies-before': 'died before',
  'dies-after': 'died right after, its answer lost,',
  'timed-out': 'was still at work when its time was over, at',
  throttled: 'was throttled at',
  'asked-twice': 'lost the answer, and the SDK asked again, at',
  'ses-429': 'got 429 from SES, at',
  'ses-500': 'got 5xx from SES, which had not taken it, at',
  'ses-500-after': 'got 5xx from SES, which had taken it, at',
  'ses-timeout-after': 'heard nothing from SES, which had taken it, at',
  'queue-twice': 'a queue held two of',
  'queue-late': 'a queue was late, and out of order, with',
  'handled-again': 'was handled, and came again:',
  'event-lost': 'EventBridge lost',
  'event-twice': 'EventBridge told twice of',
  'timer-late': 'the schedule that ends a wait was late:',
  'timer-twice': 'the schedule that ends a wait ran twice:',
  'timer-never': 'the schedule that ends a wait never ran:',
  'clock-forward': 'the clock jumped forward during',
  'clock-skew': 'ran on a machine whose clock is wrong:',
  'ticks-late': 'recurring work came late:',
  aborted: 'somebody stopped the execution',
  restored: 'the table was restored from a backup of',
} as const;
export type FaultKind = keyof typeof faultKinds;

/** One that was injected. `id`: the same in every run of the seed that comes by there. */
export type Fault = { readonly id: string; readonly kind: FaultKind; readonly at: Instant; readonly what: string };
/** How likely each is, where it may happen. */
export type Rates = { readonly [Kind in FaultKind]?: number };

export type Faults = ReturnType<typeof createFaults>;

/**
 * Decides by the seed and a place's own name, never by the order of questions: so a fault can be left out, and the others stay where
 * they are as far as they can. `only`: no others than these.
 */
export const createFaults = (use: {
  readonly seed: number;
  readonly rates: Rates;
  readonly now: () => Instant;
  readonly only?: ReadonlySet<string> | undefined;
}) => {
  const injected: Fault[] = [];
  let isOn = true;
  return {
    injected: injected as readonly Fault[],
    get isOn() {
      return isOn;
    },
    end: (): void => {
      isOn = false;
    },
    /** Whether this goes wrong here; then it is on record. */
    happens: (kind: FaultKind, place: string, what: string): boolean => {
      const rate = use.rates[kind];
      if (!isOn || rate === undefined || rate <= 0) return false;
      const id = `${kind} ${place}`;
      if (drawOf(use.seed, id) >= rate || (use.only && !use.only.has(id))) return false;
      injected.push({ id, kind, at: use.now(), what });
      return true;
    },
    /** A number in [0, 1) that belongs to this place. */
    draw: (place: string): number => drawOf(use.seed, place),
  };
};

/** FNV-1a, mixed as by mulberry32: thousands a millisecond. */
export const drawOf = (seed: number, text: string): number => {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = (hash + 0x6d2b79f5) | 0;
  let mixed = Math.imul(hash ^ (hash >>> 15), 1 | hash);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

const severities = [0, 0.003, 0.012, 0.04] as const;

/** A seed's own weather: some runs see one kind of trouble only, some see all of it at once. */
export const ratesOf = (seed: number): Rates => {
  const pick = (what: string): number => severities[Math.floor(drawOf(seed, `rate of ${what}`) * severities.length)] ?? 0;
  const often = (what: string): number => pick(what) * 6;
  return {
    'dies-before': pick('dying') / 2,
    'dies-after': pick('dying') / 2,
    throttled: pick('throttling'),
    'asked-twice': pick('asking twice'),
    'ses-429': often('429'),
    'ses-500': often('5xx') / 2,
    'ses-500-after': often('5xx') / 2,
    'ses-timeout-after': often('time-outs'),
    'queue-twice': often('twice'),
    'queue-late': often('late'),
    'handled-again': often('again'),
    'event-lost': often('loss'),
    'event-twice': often('duplication'),
    'timer-late': often('late timers'),
    'timer-twice': often('timers twice'),
    'timer-never': often('lost timers'),
    'clock-forward': pick('jumps') / 4,
    'timed-out': 1,
    'clock-skew': pick('skew') > 0 ? 0.2 : 0,
    'ticks-late': 0.3,
    aborted: pick('aborts') > 0.01 ? 0.3 : 0,
    restored: drawOf(seed, 'restores') < 0.08 ? 1 : 0,
  };
};

/** For people. */
export const inWords = ({ kind, at, what }: Fault): string => {
  const [who = '', rest] = what.split(' | ');
  return rest === undefined ? `${at}  ${faultKinds[kind]} ${who}` : `${at}  ${who} ${faultKinds[kind]} ${rest}`;
};
