import * as z from 'zod/mini';
import type { Instant } from './instant.ts';

/** One permission, with the proof that the law asks for. */
export type Consent = {
  readonly given: boolean;
  readonly at: Instant;
  readonly source: string;
  /** Of the agreement itself, as far as known. */
  readonly proof?: ConsentProof;
  /** The owner of the mailbox pressed the button in a confirmation mail. */
  readonly confirmed?: { readonly at: Instant } & ConsentProof;
};

/** `ipHash`: HMAC, never the address itself. `text`: the words that were agreed to; `textVersion`: a short hash of them. */
export type ConsentProof = { readonly ipHash?: string; readonly text?: string; readonly textVersion?: string };

/**
 * Where a lead stands, from far to near. subscriber: an address and no more; engaged: does something with what we send; holding:
 * qualified, and sales has no room yet; mql: qualified, with sales; sal: sales accepted it; sql: there is a deal; recycled: sales gave it back for later.
 */
export const stages = ['subscriber', 'lead', 'engaged', 'recycled', 'holding', 'mql', 'sal', 'sql', 'lost', 'won'] as const;
export type Stage = (typeof stages)[number];
/** Only a handoff puts a lead here, or takes it away. */
export const handoffStages: readonly Stage[] = ['holding', 'mql'];
/** Sales has it: nothing is nurtured. */
export const salesStages: readonly Stage[] = ['mql', 'sal', 'sql'];
/** From here a lead may qualify. */
export const nurtureStages: readonly Stage[] = ['subscriber', 'lead', 'engaged', 'recycled'];

/** A qualification under way: set when the score first passes, cleared when it does not hold. */
export type Handoff = {
  readonly taskId: string;
  readonly since: Instant;
  /** The score must hold until then. */
  readonly until: Instant;
};

/** The fields that a marketer may use, kebab-case, e.g. `first-name`, `company`, `country`, `employees`. */
export type LeadFields = { readonly [field: string]: string | number | boolean };

/** The row LEAD#<leadId> / PROFILE. The only item, with sales tasks, that holds personal data. */
export type Lead = {
  readonly leadId: string;
  readonly email: string;
  readonly fields: LeadFields;
  /** When a field was last written, where that is another time than `createdAt`; `email`: the present address (core/update-fields.ts). */
  readonly fieldTimes?: { readonly [field: string]: Instant };
  readonly stage: Stage;
  /** The stage it began in, unless that was `lead`. */
  readonly startedAs?: Stage;
  readonly createdAt: Instant;
  /** By topic id. */
  readonly consents: { readonly [topic: string]: Consent };
  /** The enrolment that may run for each sequence id; stale once that enrolment has ended. */
  readonly active: { readonly [sequence: string]: string };
  readonly handoff?: Handoff;
  /** Handoffs that were begun and ended, confirmed or not; part of the next task's id, so that none starts under an old name. */
  readonly handoffs: number;
  /** The lead asked for no mail until then. */
  readonly pausedUntil?: Instant;
  /** Mail bounced for a reason that may pass: none until then. */
  readonly coolUntil?: Instant;
  /** An automatic answer said that the lead is away: no mail until then. */
  readonly awayUntil?: Instant;
  /** Sequences that the lead would be in, had it confirmed: the trigger, by sequence. */
  readonly waiting?: { readonly [sequence: string]: string };
  /** By sequence (core/entry-marks.ts). */
  readonly entries?: EntryMarks;
  /** Counts the writes to this row. */
  readonly revision?: number;
  /** HMAC id of the present address, once that is another one than the lead began with. */
  readonly addressId?: string;
  /** Former leads and further addresses that went into this lead, by id, with the time. Erasure must reach their rows too. */
  readonly absorbed?: { readonly [formerId: string]: Instant };
};

/**
 * What is remembered of the way into one sequence. `holds`: whether its condition under `when` did when it was last looked at, since
 * `at`; `edge`: how often it began to. `due`: when the lead enters by `day`; `entered`: the last day by which it did. `pending`:
 * triggers that are to be queued, written before they are and taken away once they are.
 */
export type EntryMark = {
  readonly holds?: boolean;
  readonly at?: Instant;
  readonly edge?: number;
  readonly due?: Instant;
  readonly day?: string;
  readonly entered?: string;
  readonly pending?: readonly string[];
};
export type EntryMarks = { readonly [sequence: string]: EntryMark };

/** Where mail goes, and the id of that address. */
export type PresentAddress = { readonly email: string; readonly addressId: string };

/** Id of the address that mail goes to now. */
export const addressIdOf = (lead: Pick<Lead, 'leadId' | 'addressId'>): string => lead.addressId ?? lead.leadId;

export const EmailAddress = z.email();
