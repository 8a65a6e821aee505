import type { Condition } from './condition.ts';

/** brand.yaml, parsed. Live: read at each decision, which records `hash`. */
export type Brand = {
  readonly company: string;
  readonly postalAddress: string;
  readonly sender: { readonly name: string; readonly address: string; readonly replyTo?: string };
  /** Origin of unsubscribe and preference pages, https, no trailing slash. */
  readonly links: string;
  readonly timeZone: string;
  /** Language of e-mails without a locale in their name. */
  readonly locale: string;
  /** Minutes of the local day between which no windowless e-mail goes; `from` may be after `to` (overnight). */
  readonly quietHours?: { readonly fromMinute: number; readonly toMinute: number };
  readonly topics: { readonly [topic: string]: { readonly label: string; readonly consent: 'opt-in' } };
};

export type FitRule = { readonly id: string; readonly if: Condition; readonly points: number; readonly because: string };
export type EngagementRule = {
  readonly id: string;
  /** `visited`, `opened`, `clicked` or an event name. */
  readonly on: string;
  readonly path?: string;
  readonly points: number;
  readonly atMostPerDay?: number;
  readonly once: boolean;
  readonly because: string;
};

/** scoring.yaml, parsed. */
export type Scoring = {
  readonly fit: readonly FitRule[];
  readonly engagement: {
    readonly halfLifeSeconds: number;
    /** Points a day, in brand.yaml's zone. */
    readonly atMostPerDay?: number;
    readonly rules: readonly EngagementRule[];
  };
  readonly qualified: { readonly if: Condition; readonly holdSeconds: number };
};

/** sales.yaml, parsed. */
export type Rep = {
  readonly rep: string;
  readonly email: string;
  readonly timeZone: string;
  readonly countries: readonly string[];
  readonly weight: number;
  readonly role: 'rep' | 'manager';
};
export type Sales = { readonly team: readonly Rep[]; readonly route: readonly ('country' | 'weighted')[] };

/** The live part of `marketing/`, with a hash of its content that decisions record. */
export type LiveConfig = { readonly brand: Brand; readonly scoring: Scoring; readonly sales: Sales; readonly hash: string };
