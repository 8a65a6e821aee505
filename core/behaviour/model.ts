import { type SalesBehaviour, usualSales } from './sales-model.ts';

/** How people behave: marketing/behaviour.yaml, read. Chances are from 0 to 1. */
export type Behaviour = {
  /** None: the usual ones. */
  readonly personas: readonly Persona[];
  /** What the first, second, … e-mail that a person gets makes of the chance to open; the last holds for all after it. */
  readonly byPosition: readonly number[];
  /** How likely each local hour of the day is, among the 24, for a mail to be read. */
  readonly byHour: readonly number[];
  readonly readsWithinSeconds: number;
  /** Companies whose mail security opens every mail and follows its links. */
  readonly scanners: { readonly share: number; readonly links: number; readonly decoy: boolean };
  /** People whose mailbox provider fetches pictures for them. */
  readonly imageProxy: number;
  readonly bounces: { readonly dead: number; readonly full: number; readonly whileFull: number };
  /** Of those who are asked to confirm. */
  readonly confirms: number;
  readonly sales: SalesBehaviour;
};

export type Persona = {
  readonly name: string;
  readonly share: number;
  /** Of the mails that arrive. */
  readonly opens: number;
  /** Of the mails that are opened. */
  readonly clicks: number;
  readonly replies: number;
  readonly unsubscribes: number;
  /** Of the mails that arrive. */
  readonly complains: number;
  /** Pages, and the chance that somebody who clicked looks at them. */
  readonly visits: readonly { readonly path: string; readonly chance: number; readonly times: number }[];
  readonly events: readonly BehaviourEvent[];
  readonly byPosition?: readonly number[];
};

/** Something that a person does in the product. */
export type BehaviourEvent = {
  readonly name: string;
  /** `arrive`: when the lead comes in; `open`, `click`: any mail, or that of one e-mail; or another event, e.g. `trial.started`. */
  readonly on: string;
  readonly email?: string;
  readonly chance: number;
  readonly afterSeconds: number;
  readonly withinSeconds: number;
};

const day = 86_400;
const office = [1, 1, 1, 1, 1, 2, 6, 12, 18, 20, 18, 14, 12, 12, 14, 14, 12, 10, 8, 8, 8, 6, 3, 2];

/** Without a behaviour.yaml. `entries`: the events on which sequences begin. */
export const usualBehaviour = (entries: readonly string[]): Behaviour => {
  const begins = (chance: number): readonly BehaviourEvent[] =>
    entries.map((name) => ({ name, on: 'arrive', chance, afterSeconds: 600, withinSeconds: 10 * day }));
  const one = (
    name: string,
    share: number,
    [opens, clicks, prices]: readonly [number, number, number],
    [unsubscribes, begin]: readonly [number, number],
  ): Persona => ({
    name,
    share,
    opens,
    clicks,
    replies: 0.002,
    unsubscribes,
    complains: name === 'annoyed' ? 0.003 : 0.0002,
    visits: [
      { path: '/', chance: 0.8, times: 1 },
      { path: '/pricing', chance: prices, times: 3 },
    ],
    events: begins(begin),
  });
  return {
    personas: [
      one('keen', 16, [0.85, 0.5, 0.8], [0.002, 0.9]),
      one('curious', 34, [0.55, 0.16, 0.35], [0.008, 0.6]),
      one('quiet', 44, [0.24, 0.04, 0.1], [0.01, 0.5]),
      one('annoyed', 6, [0.4, 0.01, 0], [0.3, 0.5]),
    ],
    byPosition: [1, 0.95, 0.9, 0.87, 0.85, 0.83],
    byHour: office,
    readsWithinSeconds: 2 * day,
    scanners: { share: 0.12, links: 5, decoy: true },
    imageProxy: 0.3,
    bounces: { dead: 0.014, full: 0.02, whileFull: 0.12 },
    confirms: 0.7,
    sales: usualSales,
  };
};
