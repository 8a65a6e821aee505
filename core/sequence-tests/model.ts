import type { Instant } from '#core/instant';
import type { LeadFields } from '#core/lead';
import type { YamlPath } from '#core/problems';

/** A moment, or a stretch of time (`to` not included), at which something is expected. */
export type Span = { readonly from: Instant; readonly to: Instant };

/** What the lead does, or what becomes known of it. */
export type Act =
  | { readonly do: 'did'; readonly event: string; readonly times: number }
  | { readonly do: 'visited'; readonly page: string; readonly times: number }
  | MailAct
  | { readonly do: 'imported'; readonly list: string }
  | { readonly do: 'set'; readonly fields: LeadFields };

/** What becomes of the last e-mail of a step. */
export type MailAct = { readonly do: 'opened' | 'clicked' | 'bounced' | 'complained' | 'unsubscribed'; readonly step: string };

export type Moment = { readonly at: Instant; readonly act: Act; readonly path: YamlPath };
export type ExpectedMail = { readonly step: string; readonly when: Span; readonly path: YamlPath };

/** sequences/<id>/tests/<name>.yaml, parsed: one lead, what it does, and what must come of it. */
export type SequenceTest = {
  readonly name: string;
  readonly email: string;
  readonly fields: LeadFields;
  readonly consents: readonly string[];
  /** Arm by split: the lead falls into these. */
  readonly arms: { readonly [split: string]: string };
  /** How webhooks answer, by step: with these values, not at all, or with a refusal. A step that is not named gets an empty answer. */
  readonly answers?: { readonly [step: string]: WebhookAnswer };
  readonly timeline: readonly Moment[];
  readonly until: Instant;
  /** Absent: nothing is said of the e-mails. Otherwise these and no others. */
  readonly sent?: readonly ExpectedMail[];
  readonly notSent: readonly { readonly step: string; readonly path: YamlPath }[];
  /** `no`: it must not happen. */
  readonly handedOff?: { readonly when: Span | 'no'; readonly to?: string; readonly path: YamlPath };
  readonly ended?: { readonly how: string; readonly path: YamlPath };
  readonly stage?: { readonly stage: string; readonly path: YamlPath };
};

/** What came of it in virtual time. */
export type Outcome = {
  readonly sent: readonly { readonly step: string; readonly at: Instant }[];
  /** Why e-mails did not go, or not yet, in words. */
  readonly notes: readonly { readonly step: string; readonly at: Instant; readonly what: string }[];
  readonly task?: { readonly at: Instant; readonly rep: string };
  /** `not-enrolled`, or how the run ended (core/explain/endings.ts). */
  readonly ended: string;
  readonly why?: string;
  readonly stage: string;
};

/** `expected`, `got`: for people, in the lead's time. */
export type Mismatch = { readonly path: YamlPath; readonly what: string; readonly expected: string; readonly got: string };

export type WebhookAnswer = { readonly [name: string]: string | number | boolean } | 'silent' | 'refused';
