import type { Condition, EventKey } from '#core/condition';
import type { Fact } from '#core/entry-facts';
import type { LeadFields, Stage } from '#core/lead';

/** A parsed and checked sequence: schema defaults applied, durations in seconds, windows as data. Written by parse.ts. */

/** Days 1 (Monday) to 7; minutes of the local day; `zone` 'lead' or an IANA zone. */
export type SendWindow = {
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly zone: 'lead' | string;
};
/** Business days are Monday to Friday, in the lead's zone. */
export type WaitLength = { readonly seconds: number } | { readonly businessDays: number } | { readonly until: DateWait };
/** Until a day that a field of the lead names, in the lead's zone. Planned again when it ends, should the field have changed. */
export type DateWait = {
  readonly field: string;
  /** Negative: before the day. */
  readonly plusDays: number;
  readonly atMinute: number;
  /** The same day of each year, such as a birthday. */
  readonly yearly: boolean;
  /** A day that is farther away counts as none. */
  readonly atMostSeconds: number;
  /** What becomes of a run when there is no such day ahead. */
  readonly otherwise: 'go-on' | 'exit';
};

export type StepBase = {
  readonly id: string;
  readonly was?: string;
  /** Where it does not hold, the lead goes past this step. */
  readonly onlyIf?: Condition;
  /** Set where the machine is cut (legs.ts): a leg ends before this step, so nothing that comes before can plan it. */
  readonly startsLeg?: true;
};
export type EmailStep = StepBase & {
  readonly kind: 'email';
  readonly email: string;
  readonly atOnce: boolean;
  readonly window?: SendWindow;
  /** What the lead waits for: caps do not hold it back, and it does not count. */
  readonly transactional?: true;
  /** Its words also go to leads who are on older versions (newest-content.ts). */
  readonly contentLatest?: true;
};
export type WaitStep = StepBase & { readonly kind: 'wait'; readonly length: WaitLength };
export type WaitForStep = StepBase & {
  readonly kind: 'wait-for';
  /** What happens first decides; a wait for one thing has one arm, `happened`. */
  readonly arms: readonly AwaitedArm[];
  readonly atMostSeconds: number;
  readonly since: 'enrolment' | 'here';
  readonly timedOut: readonly Step[];
};
export type AwaitedArm = { readonly name: string; readonly awaits: EventKey; readonly steps: readonly Step[] };
export type BranchArm = { readonly name: string; readonly if?: Condition; readonly steps: readonly Step[] };
/** The last arm has no `if`: it takes everyone else. */
export type BranchStep = StepBase & { readonly kind: 'branch'; readonly arms: readonly BranchArm[] };
/** Answered for a branch whose `only-if` does not hold; no name that an arm may have. */
export const pastArm = '(past)';
export type SplitArm = { readonly name: string; readonly share: number; readonly holdout: boolean; readonly steps: readonly Step[] };
export type SplitStep = StepBase & { readonly kind: 'split'; readonly arms: readonly SplitArm[]; readonly winner?: WinnerRule };
/** When an arm of a split has won (docs/experiments.md). */
export type WinnerRule = {
  readonly by: 'goal' | 'click' | 'reply';
  /** Leads that every arm but holdouts must have had for long enough. */
  readonly leadsPerArm: number;
  readonly notBeforeSeconds: number;
  /** What a lead does later after it entered does not count. */
  readonly withinSeconds: number;
  /** click, reply: e-mail steps that count; absent: those in the arms. */
  readonly mails?: readonly string[];
  /** In percent; the rest is how likely an arm may win that is not the best. */
  readonly confidence: number;
  /** automatic: new leads get the winner; advisory: somebody is told, and decides. */
  readonly mode: 'automatic' | 'advisory';
};
/**
 * A split with a rule for its winner. `design`: names what is compared; with another one counting starts anew. `under`: arms of the
 * splits around it, without which nobody comes here. `events`: those that are the goal.
 */
export type Experiment = {
  readonly design: string;
  readonly rule: WinnerRule;
  readonly under: { readonly [split: string]: string };
  readonly mails: readonly string[];
  readonly events: readonly string[];
};
export type ExitStep = StepBase & { readonly kind: 'exit'; readonly as: 'goal' | 'exit' };
/** A tag is a field `tag-<name>` that says true or false. */
export type UpdateStep = StepBase & { readonly kind: 'update' } & LeadChange;
export type LeadChange = {
  readonly stage?: Stage;
  readonly fields?: LeadFields /** Topics that the lead leaves. */;
  readonly leave?: readonly string[];
};
/** Tells the team: in a channel of its chat, by mail (`owner`: of the sequence), or both. `says` is Liquid. */
export type NotifyStep = StepBase & { readonly kind: 'notify' } & Telling;
export type Telling = { readonly says: string; readonly slack?: string; readonly email?: readonly ('owner' | string)[] };
export type EnrolInStep = StepBase & { readonly kind: 'enrol-in'; readonly sequence: string };
/** Asks another system. `keeps`: names of its answer that conditions may ask for; `into`: lead fields, each filled from a name of it. */
export type WebhookStep = StepBase & { readonly kind: 'webhook' } & Asking;
export type Asking = {
  readonly url: string;
  /** Lead fields that it is told; `email` among them only if the marketer names it. */
  readonly sends: readonly string[];
  readonly keeps: readonly string[];
  readonly into: { readonly [field: string]: string };
  readonly timeOutSeconds: number;
};
/** Its steps, from top to bottom, so many times; before every time but the first it may be enough. In a machine the rounds are written out (rounds.ts). */
export type RepeatStep = StepBase & {
  readonly kind: 'repeat';
  readonly times: number;
  readonly until?: Condition;
  readonly steps: readonly Step[];
};
export type Step = EmailStep | WaitStep | WaitForStep | BranchStep | SplitStep | RepeatStep | ActingStep | ExitStep;
/** Done by a handler, which also asks their `only-if`. */
export type ActingStep = UpdateStep | NotifyStep | EnrolInStep | WebhookStep;

/**
 * What lets a lead in. `when`: a condition that begins to hold; `reads`: what it goes by, so that nobody asks it for another
 * reason. `date`: a day that a field names. `api`: POST /enrol. `consent`: an agreement to this topic that must be confirmed;
 * only the confirmation mails have it.
 */
export type EntryTrigger =
  | { readonly event: string }
  | { readonly imported: string }
  | { readonly when: Condition; readonly reads: readonly Fact[] }
  | { readonly date: EntryDate }
  | { readonly api: true }
  | { readonly consent: string };
export type EntryDate = Pick<DateWait, 'field' | 'plusDays' | 'atMinute' | 'yearly'>;
export type Enter = {
  readonly on: EntryTrigger;
  /** Further ways in. */
  readonly also?: readonly EntryTrigger[];
  /** Only those who came after the sequence did; absent: everyone. */
  readonly who?: 'new-leads-only';
  readonly if?: Condition;
  /** `after-exit`: if every run before ended by an exit. */
  readonly again: 'never' | 'always' | 'after-exit' | { readonly afterSeconds: number };
};
/** What becomes of the leads in a sequence that is switched off: they wait, go on to the end, or leave. */
export const insideWords = ['hold', 'finish', 'exit'] as const;
export type Inside = (typeof insideWords)[number];

/**
 * Why this sequence may mail: `consent` asks for an agreement; `legitimate-interest` and `contract` do without (of these two only
 * `contract` also where double opt-in is the rule); `confirmation` is the mail that asks. Who left gets none of them.
 */
const lawfulBases = ['consent', 'legitimate-interest', 'contract', 'confirmation'] as const;
export type LawfulBasis = (typeof lawfulBases)[number];

export type Sequence = {
  readonly id: string;
  readonly owner: string;
  readonly topic: string;
  readonly lawfulBasis: LawfulBasis;
  readonly priority: number;
  /** Of the sequences of one group only one speaks to a lead at a time. */
  readonly group?: string;
  /** What becomes of an e-mail that the lead's other mail leaves no room for; absent: it is put off. */
  readonly whenCapped?: 'skip';
  readonly enter: Enter;
  /** Takes nobody in; live, no part of the version. */
  readonly off?: Inside;
  /** The exits of brand.yaml do not concern it. */
  readonly ownExitsOnly?: true;
  readonly exits: readonly { readonly event: string; readonly as: 'goal' | 'exit' }[];
  /** Deferred e-mails are skipped after this. */
  readonly giveUpAfter: { readonly seconds: number; readonly deferrals: number };
  /** An e-mail whose moment is longer ago than this is planned anew, or skipped; absent: planned anew after a day. */
  readonly late?: LateRule;
  readonly window?: SendWindow;
  /** Whom `baton migrate` moves to this version, and where steps of other names go on; no part of the version itself. */
  readonly migrate?: { readonly from: 'all' | readonly string[]; readonly steps: { readonly [step: string]: string } };
  readonly steps: readonly Step[];
};

export type LateRule = { readonly seconds: number; readonly isSkipped?: true };
export const usualLate: LateRule = { seconds: 86_400 };

/** An e-mail ready to fill: Liquid left in place, everything else compiled. */
export type CompiledEmail = {
  readonly subject: string;
  readonly preheader: string;
  readonly html: string;
  readonly text: string;
  /** The same e-mail in other languages, by locale (`welcome.de.md`, `welcome.pt-BR.md`). */
  readonly locales?: { readonly [locale: string]: CompiledEmail };
  readonly sender?: { readonly name: string; readonly address: string; readonly replyTo?: string };
};

/**
 * A wait that a Lambda must plan: state name, what to wait, and the window that its end must lie in.
 * `length` absent: only the window counts (a hold before an e-mail).
 */
export type PlannedWait = {
  readonly state: string;
  readonly length?: WaitLength;
  readonly window?: SendWindow;
  readonly forEmail?: boolean;
  /** Caps do not concern the e-mails behind it. */
  readonly uncapped?: true;
};

/** A wait that the state of the e-mail before it sits out. `timeOutSeconds`: of that state; a wait that may end later has its own. */
export type FusedWait = { readonly wait: string; readonly speaks?: true; readonly timeOutSeconds: number };

/** Step that comes once a wait is over, by how it went; absent: the end. */
export type Onward = { readonly next?: string; readonly happened?: string; readonly timedOut?: string };

/**
 * What handlers need of one version; immutable, addressed by content hash. `plans[state]` lists the planned waits that
 * directly follow an answering state: an e-mail step's id, `Plan <step>`, or `<branch>/<arm>`. Of a step that comes round again,
 * `stepIds`, `branches`, `onward`, `soonestMail`, `lastEmails`, `fused` and `plans` know every round (rounds.ts), the others only the step.
 */
export type Artifact = {
  readonly format: 1;
  readonly sequence: string;
  readonly version: string;
  readonly topic: string;
  readonly lawfulBasis: LawfulBasis;
  readonly owner: string;
  readonly priority: number;
  readonly group?: string;
  /** Absent: defer. */
  readonly whenCapped?: 'skip';
  readonly giveUpAfter: { readonly seconds: number; readonly deferrals: number };
  /** Absent: `usualLate`. */
  readonly late?: LateRule;
  /** The slowest path through its slowest leg, with slack; what an execution may last beyond that is left for pauses. */
  readonly longestSeconds: number;
  readonly enter: Enter;
  readonly exits: Sequence['exits'];
  /** Absent: those of brand.yaml end its runs too. */
  readonly ownExitsOnly?: true;
  /** Every event key that a wait-for awaits or a condition asks for. */
  readonly tracks: readonly string[];
  /** Seconds of every wait that no Lambda plans: the partitions of the due index (docs/decisions/0004). */
  readonly waitLengths: readonly number[];
  /** Steps that a next leg may begin at. */
  readonly stepIds: readonly string[];
  /** A repeat that comes first, and the first step in it: they begin alike. Absent: no other step begins where the first does. */
  readonly begins?: readonly string[];
  /** Waits and wait-fors: where a leg goes on that takes over from one that was parked there. */
  readonly onward: { readonly [step: string]: Onward };
  /** Seconds from each step until an e-mail may go at the earliest; absent: none comes any more. */
  readonly soonestMail: { readonly [step: string]: number };
  /** E-mails with nothing after them: their sender ends the run. */
  readonly lastEmails: readonly string[];
  /** E-mails whose sender parks the run in the wait that follows (docs/decisions/0046). Absent: there is none. */
  readonly fused?: { readonly [step: string]: FusedWait };
  readonly emails: { readonly [step: string]: { readonly step: EmailStep; readonly content: CompiledEmail } };
  readonly branches: { readonly [step: string]: readonly { readonly name: string; readonly if?: Condition }[] };
  /** By step, of those that a handler asks about; e-mails have their own. Absent: none has a condition. */
  readonly conditions?: { readonly [step: string]: Condition };
  /** Wait-fors of several things. Absent: there is none. */
  readonly firsts?: { readonly [step: string]: Pick<WaitForStep, 'since'> & { readonly arms: readonly Omit<AwaitedArm, 'steps'>[] } };
  readonly splits: { readonly [step: string]: readonly { readonly name: string; readonly share: number; readonly holdout: boolean }[] };
  /** Splits with a rule for their winner. Absent: there is none. */
  readonly experiments?: { readonly [split: string]: Experiment };
  /** The step that each repeat begins with. Absent: there is none. */
  readonly repeats?: { readonly [step: string]: string };
  /** Absent: no step of that kind. */
  readonly updates?: { readonly [step: string]: LeadChange };
  readonly tellings?: { readonly [step: string]: Telling };
  /** The sequence that the lead enters. */
  readonly enrolsIn?: { readonly [step: string]: string };
  readonly webhooks?: { readonly [step: string]: Asking };
  readonly plans: { readonly [answeringState: string]: readonly PlannedWait[] };
  /** The steps as the marketer wrote them, for `baton plan`; no handler reads it. Absent: compiled before there was one. */
  readonly outline?: readonly OutlinedStep[];
};

/** `in`: the list it stands in, e.g. `/first-project/happened`; '' is the sequence's own. `content`: its settings as JSON, no nested steps. */
export type OutlinedStep = {
  readonly id: string;
  readonly kind: string;
  readonly was?: string;
  readonly in: string;
  readonly content: string;
};

export type CompiledSequence = {
  readonly artifact: Artifact;
  /** ASL as data, with `${TableName}`, `${SendQueueUrl}`, `${PlanStepArn}`, `${EvaluateBranchArn}`, `${ActOnLeadArn}`, `${CallWebhookArn}` left open. */
  readonly asl: Record<string, unknown>;
};
