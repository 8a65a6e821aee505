import type { Budget } from './budget.ts';
import type { CapRules } from './caps.ts';
import type { Condition } from './condition.ts';
import type { Form } from './forms.ts';
import type { Holidays } from './holidays.ts';
import type { HumanRules } from './humans.ts';
import type { Mapping } from './imports/mapping.ts';
import type { Instant } from './instant.ts';
import type { Stage } from './lead.ts';
import type { PredictionRules } from './predict/blend.ts';
import type { Retention } from './retention.ts';
import type { Inside } from './sequences/model.ts';

/** brand.yaml, parsed. Live: read at each decision, which records `hash`. */
export type Brand = {
  readonly company: string;
  readonly postalAddress: string;
  readonly sender: { readonly name: string; readonly address: string; readonly replyTo?: string };
  /** Origin of unsubscribe and preference pages, https, no trailing slash. */
  readonly links: string;
  /** Origins of the brand's own sites: links to them say who follows them, and their visits and forms are taken. */
  readonly sites?: readonly string[];
  readonly timeZone: string;
  /** Language of e-mails without a locale in their name. */
  readonly locale: string;
  /** Minutes of the local day between which no windowless e-mail goes; `from` may be after `to` (overnight). */
  readonly quietHours?: { readonly fromMinute: number; readonly toMinute: number };
  readonly topics: { readonly [topic: string]: Topic };
  readonly consent: ConsentRules;
  readonly softBounces: SoftBounceRule;
  readonly stopTheLine: StopTheLine;
  readonly warmUp?: WarmUp;
  /** Of all mail of a month; what somebody waits for goes in any case. */
  readonly budget?: Budget;
  /** How much mail a person gets from all sequences together. */
  readonly caps?: CapRules;
  /** Public holidays: no business days, and no days for e-mails with a window. */
  readonly holidays?: Holidays;
  readonly replies?: ReplyRules;
  /** What ends every run of every sequence but those that go by their own exits only. */
  readonly exits?: readonly GlobalExit[];
  /** Sequences that are switched off (`enabled: false`), and what becomes of the leads in them. */
  readonly off?: { readonly [sequence: string]: Inside };
  /** When sequences for new leads only were written, as baton.lock.json says. */
  readonly since?: { readonly [sequence: string]: Instant };
  /** Absent: leads are kept until somebody erases them. */
  readonly retention?: Retention;
};

/** `when`: about the lead itself, so that its profile alone tells. */
export type GlobalExit = { readonly as: 'goal' | 'exit' } & ({ readonly on: string } | { readonly when: Condition });

/** Answers come to this domain; `forwardTo`: who reads them, where nobody of sales has the lead. */
export type ReplyRules = { readonly at: string; readonly forwardTo?: string };

/** `labels`: the same in other languages, by locale. */
export type Topic = {
  readonly label: string;
  readonly labels?: { readonly [locale: string]: string };
  readonly consent: 'opt-in' | 'double-opt-in';
};

export type ConsentRules = {
  /** Countries (two letters, and `unknown`) in which every topic needs double opt-in. */
  readonly doubleOptIn: readonly string[];
  /** The link in a confirmation mail works so long; an agreement older than this is not asked about. */
  readonly confirmWithinSeconds: number;
};

/** Transient bounces: each makes mail wait; so many within so long suppress the address. */
export type SoftBounceRule = { readonly atMost: number; readonly perSeconds: number; readonly coolDownSeconds: number };

/** A sequence pauses itself above these shares (0 to 1) of what was delivered or bounced within the last days. */
export type StopTheLine = { readonly bounces: number; readonly complaints: number; readonly overDays: number };

/** Ceilings of e-mails a day, from that local day (YYYY-MM-DD, brand's zone) on; after the last there is none. */
export type WarmUp = { readonly start: string; readonly perDay: readonly number[] };

const day = 86_400;

/** What brand.yaml means when it does not say. Below the limits of mailbox providers (0.1 % complaints) and SES (5 % bounces). */
export const brandDefaults = {
  consent: { doubleOptIn: [], confirmWithinSeconds: 7 * day },
  softBounces: { atMost: 3, perSeconds: 30 * day, coolDownSeconds: 3 * day },
  stopTheLine: { bounces: 0.03, complaints: 0.0008, overDays: 7 },
} as const satisfies Partial<Brand>;

export type FitRule = { readonly id: string; readonly if: Condition; readonly points: number; readonly because: string };
export type EngagementRule = {
  readonly id: string;
  /** `visited`, `opened`, `clicked` or an event name. */
  readonly on: string;
  readonly path?: string;
  readonly points: number;
  readonly atMostPerDay?: number;
  /** What is left of all its hits is never more than this. */
  readonly atMostPoints?: number;
  readonly once: boolean;
  readonly because: string;
};

/** A move of the lifecycle: when the condition begins to hold, or when a person causes this event. */
export type StageRule = {
  readonly id: string;
  readonly from: readonly Stage[];
  readonly to: Stage;
  readonly because: string;
} & ({ readonly when: Condition } | { readonly on: string });

/** scoring.yaml, parsed. */
export type Scoring = {
  readonly fit: readonly FitRule[];
  /** Whoever one of these holds for never goes to sales. */
  readonly disqualify: readonly FitRule[];
  /** Least points for A, B, C (below: D) and for 1, 2, 3 (below: 4). */
  readonly grades?: { readonly fit: readonly number[]; readonly engagement: readonly number[] };
  readonly humans: HumanRules;
  readonly stages: readonly StageRule[];
  /** Lists that conditions name, in lower case. */
  readonly lists: { readonly [name: string]: readonly string[] };
  readonly engagement: {
    readonly halfLifeSeconds: number;
    /** Points a day, in brand.yaml's zone. */
    readonly atMostPerDay?: number;
    readonly rules: readonly EngagementRule[];
  };
  /** Whoever qualified goes on doing so down to `hysteresis` points below what it takes. */
  readonly qualified: { readonly if: Condition; readonly holdSeconds: number; readonly hysteresis: number };
  /** Absent: nothing is said of it, and there is no marketing/prediction.json. */
  readonly prediction?: PredictionRules;
};

/** Local dates (YYYY-MM-DD), both included. */
export type DateRange = { readonly from: string; readonly upTo: string };
/** Minutes of the local day, in the rep's zone; days: Monday is 1. */
export type WorkHours = { readonly days: readonly number[]; readonly fromMinute: number; readonly toMinute: number };

/** sales.yaml, parsed. */
export type Rep = {
  readonly rep: string;
  readonly email: string;
  readonly timeZone: string;
  /** Absent: `salesDefaults.hours`. */
  readonly hours?: WorkHours;
  readonly countries: readonly string[];
  /** Two letters, lower case. */
  readonly languages?: readonly string[];
  /** What a lead's field may be for this rep, by field. */
  readonly takes?: { readonly [field: string]: readonly string[] };
  readonly weight: number;
  /** Tasks that wait for an answer at the same time. Absent: any number. */
  readonly atMostOpen?: number;
  readonly away?: readonly DateRange[];
  /** Whose public holidays this rep has, a key of `Sales.holidays`. */
  readonly holidays?: string;
  readonly role: 'rep' | 'manager';
};

/** `field`: reps whose `takes` names the lead's value. at-work: reps within their hours now. weighted: everybody, by weight. */
export type RouteRule = 'existing-owner' | 'company-owner' | 'country' | 'language' | 'at-work' | 'weighted' | { readonly field: string };

/** What is done when a rep has not answered in time: each once, in this order, a further `acceptWithin` apart. */
export type BreachAction = { readonly do: 'remind' } | { readonly do: 'reassign' } | { readonly do: 'escalate'; readonly to?: string };

/** What becomes of an MQL while sales has no room for it. */
export type Holding = {
  /** gently: with `caps` beside brand.yaml's own. */
  readonly nurture: 'as-before' | 'gently' | 'pause';
  readonly caps?: CapRules;
  /** Held longer than this, it goes to the manager, or back to nurture. */
  readonly longestSeconds: number;
  readonly afterwards: 'manager' | 'nurture';
};

export type NotifyBy = { readonly by: 'email' } | { readonly by: 'slack'; readonly channel: string };
export const briefParts = [
  'score-reasons',
  'last-10-touches',
  'pages',
  'answers-given',
  'company',
  'suggested-opener',
  'local-time',
  'links',
] as const;
export type BriefPart = (typeof briefParts)[number];

export type Sales = {
  readonly team: readonly Rep[];
  readonly route: readonly RouteRule[];
  readonly answers: SalesAnswers;
  /** Public holidays of the regions that reps name; worked out ahead. */
  readonly holidays?: Holidays;
  /** What an MQL is, in words that both teams agreed on; scoring.yaml's `qualified` decides. */
  readonly mql?: string;
  /** Tasks a day (brand's zone), for the whole team; the best are released first. Absent: any number. */
  readonly atMostPerDay?: number;
  /** Absent: `salesDefaults.holding`. */
  readonly holding?: Holding;
  /** Seconds of the rep's working time. Absent: nobody is reminded. */
  readonly acceptWithinSeconds?: number;
  readonly onBreach?: readonly BreachAction[];
  /** Absent: keep, with a mark on the task. */
  readonly onUnsubscribe?: 'keep' | 'drop';
  /** Absent: by e-mail. */
  readonly notify?: readonly NotifyBy[];
  /** Absent: all of it. */
  readonly brief?: readonly BriefPart[];
  /** Liquid: how a rep may begin, in the place of our own words. */
  readonly opener?: string;
  /** Absent: both. */
  readonly outcomes?: readonly ('won' | 'lost')[];
  /** Who gets the weekly mail with the figures of both teams. */
  readonly digest?: DigestRules;
};
/** `to`: addresses, `sales` (its team) or `owners` (of the sequences). `weekday`: 1 is Monday; in the brand's zone. */
export type DigestRules = { readonly to: readonly string[]; readonly weekday: number; readonly minute: number };
/** What is left of a lead's engagement when sales gives it back. */
export const scoreRules = ['keep', 'half', 'reset'] as const;
export type ScoreRule = (typeof scoreRules)[number];
/**
 * What sales may answer, with the reasons to choose from. reject: `to`, where the lead stands then; recycle: `into`, the sequence
 * that it goes on in when its time has come, `at`, the step there. `stopList`: reasons that keep its company from sales for good.
 */
export type SalesAnswers = {
  readonly reject: {
    readonly reasons: readonly string[];
    readonly to: Stage;
    readonly score: ScoreRule;
    readonly stopList: readonly string[];
  };
  readonly recycle: { readonly reasons: readonly string[]; readonly into?: string; readonly at?: string; readonly score: ScoreRule };
  readonly lost: { readonly reasons: readonly string[]; readonly stopList: readonly string[] };
  /** The link in a brief works so long. */
  readonly linkSeconds: number;
};
/** What sales.yaml means when it does not say. */
export const salesDefaults = {
  answers: {
    reject: {
      reasons: ['wrong-size', 'wrong-role', 'competitor', 'student', 'bad-data'],
      to: 'lead',
      score: 'reset',
      stopList: ['competitor'],
    },
    recycle: { reasons: ['no-budget-yet', 'wrong-time'], score: 'reset' },
    lost: { reasons: ['price', 'competitor', 'no-decision', 'missing-feature'], stopList: [] },
    linkSeconds: 30 * day,
  },
  /** Monday to Friday, 9 to 17 o'clock. */
  hours: { days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020 },
  holding: { nurture: 'as-before', longestSeconds: 14 * day, afterwards: 'manager' },
  notify: [{ by: 'email' }],
  onBreach: [{ do: 'remind' }, { do: 'reassign' }, { do: 'escalate' }],
} as const satisfies Partial<Sales> & { readonly hours: WorkHours };

/** The live part of `marketing/`, with a hash of its content that decisions record. */
export type LiveConfig = {
  readonly brand: Brand;
  readonly scoring: Scoring;
  readonly sales: Sales;
  /** `marketing/pages/<locale>.yaml`: words of the pages that leads see, instead of ours. */
  readonly pages?: { readonly [locale: string]: { readonly [key: string]: string } };
  /** `marketing/imports/<name>.yaml`: how the columns of a source become leads. Not part of `hash`. */
  readonly imports?: { readonly [name: string]: Mapping };
  /** `marketing/forms/<id>.yaml`. */
  readonly forms?: { readonly [id: string]: Form };
  readonly hash: string;
};
