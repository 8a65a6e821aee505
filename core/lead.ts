import * as z from 'zod';
import type { Instant } from './instant.ts';

/** One permission, with the proof that the law asks for. */
export type Consent = { readonly given: boolean; readonly at: Instant; readonly source: string };

export const stages = ['lead', 'mql', 'customer'] as const;
export type Stage = (typeof stages)[number];

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
  readonly stage: Stage;
  readonly createdAt: Instant;
  /** By topic id. */
  readonly consents: { readonly [topic: string]: Consent };
  /** The enrolment that may run for each sequence id; stale once that enrolment has ended. */
  readonly active: { readonly [sequence: string]: string };
  readonly handoff?: Handoff;
  /** Handoffs that were begun and ended, confirmed or not; part of the next task's id, so that none starts under an old name. */
  readonly handoffs: number;
};

export const EmailAddress = z.email();
