import type { EventRow } from './events.ts';

/** Stands in until the signals are there. */
export type MachineReason = 'automated';
export type Verdict = { readonly by: 'human' | 'machine'; readonly machine: number; readonly because: readonly MachineReason[] };
export type MailFacts = {
  readonly enrolmentId: string;
  readonly step: string;
  readonly round: number;
  readonly sentAt?: string;
  readonly deliveredAt?: string;
};
export type HumanRules = { readonly machineFrom: number };
export const defaultHumanRules: HumanRules = { machineFrom: 0.7 };

export const judge = (events: readonly EventRow[], _mails: readonly MailFacts[], _rules: HumanRules): ReadonlyMap<string, Verdict> =>
  new Map(events.filter((it) => it.automated).map((it) => [it.eventId, { by: 'machine', machine: 1, because: ['automated'] }] as const));
