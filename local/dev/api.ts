import type { AgentKind } from '#core/events';
import type { Instant } from '#core/instant';
import type { TaskStatus } from '#core/sales-task';
import type { Inside } from '#core/sequences/model';

/** What `baton dev` answers in JSON; the page under web/dev reads exactly these. */
export type Speed = 'paused' | 'real' | 'hour' | 'day';

export type Status = {
  readonly now: Instant;
  readonly speed: Speed;
  /** Until when it is running ahead on a button's word. */
  readonly runningTo?: Instant;
  readonly zone: string;
  readonly company: string;
  readonly leads: number;
  readonly mails: number;
  readonly tasks: number;
  readonly running: number;
  readonly deadLetters: number;
  /** Sequences that send nothing for now. */
  readonly paused: readonly string[];
  /** `everything` or `sends`, while they are. */
  readonly wholePauses: readonly { readonly what: string; readonly at: Instant; readonly why: string }[];
  /** Of the sample list, and whether it was imported already. */
  readonly sample: { readonly file: string; readonly importing: boolean; readonly imported: boolean; readonly people: boolean };
  /** Grows with everything that changes what a page shows. */
  readonly revision: number;
};

export type MailRow = {
  readonly messageId: string;
  readonly at: Instant;
  readonly to: string;
  readonly subject: string;
  /** notice: to the owner of a sequence. */
  readonly kind: 'lead' | 'sales' | 'notice';
  readonly sequence?: string;
  readonly step?: string;
  readonly opened: boolean;
  readonly clicked: boolean;
};
export type MailList = { readonly total: number; readonly mails: readonly MailRow[] };
export type MailEvent = {
  readonly at: Instant;
  readonly kind: string;
  readonly link?: string;
  readonly agent?: AgentKind;
  /** No person did it: why we think so. */
  readonly machine?: string;
};
export type MailDetail = MailRow & {
  readonly from: string;
  readonly leadId?: string;
  readonly text: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly tags: Readonly<Record<string, string>>;
  readonly events: readonly MailEvent[];
  readonly links: readonly { readonly url: string; readonly words: string }[];
  /** Where the mail's unsubscribe page stands on this server; none: the mail cannot be left. */
  readonly leavePath?: string;
  /** Our own pages that the mail links to, on this server. */
  readonly pages: readonly { readonly path: string; readonly words: string }[];
};

export type LeadRow = {
  readonly leadId: string;
  readonly email: string;
  readonly name: string;
  readonly company: string;
  readonly stage: string;
  readonly fit: number;
  readonly engagement: number;
  readonly where: string;
};
export type LeadList = { readonly total: number; readonly leads: readonly LeadRow[] };
export type TimelineEntry = {
  readonly at: Instant;
  readonly kind: 'lead' | 'mail' | 'event' | 'decision' | 'stop' | 'sales' | 'start' | 'end';
  readonly what: string;
  readonly why?: string;
  readonly messageId?: string;
};
export type LeadDetail = LeadRow & {
  readonly fields: Readonly<Record<string, string>>;
  readonly zone: string;
  readonly actsAlone: boolean;
  /** Every run of a sequence, with the version it is on (or finished on) and its leg. */
  readonly runs: readonly { readonly sequence: string; readonly version: string; readonly leg: number; readonly isRunning: boolean }[];
  readonly consents: readonly {
    readonly topic: string;
    readonly given: boolean;
    readonly at: Instant;
    readonly source: string;
    readonly state: 'agreed' | 'confirmed' | 'unconfirmed' | 'refused';
  }[];
  /** As `baton explain` says it: whether it is enough, and what it would take. */
  readonly score: readonly string[];
  readonly scoreLines: readonly {
    readonly because: string;
    readonly points: number;
    readonly now: number;
    readonly at?: Instant;
    /** What fits; or why it earned nothing. */
    readonly why: string;
  }[];
  readonly next: readonly { readonly at?: Instant; readonly what: string }[];
  readonly timeline: readonly TimelineEntry[];
};

export type SequenceView = {
  readonly sequence: string;
  readonly version: string;
  readonly svg: string;
  readonly entered: number;
  readonly running: number;
  readonly endings: readonly { readonly ending: string; readonly words: string; readonly leads: number }[];
  readonly paused?: PauseView;
  /** Switched off in sequence.yaml, and what becomes of those in it. */
  readonly off?: Inside;
  readonly experiments: readonly ExperimentShown[];
};
/** A split with a rule for its winner, in words. */
export type ExperimentShown = {
  readonly title: string;
  readonly arms: readonly { readonly arm: string; readonly isAhead: boolean; readonly words: string }[];
  readonly words: string;
};
/** `byItself`: too many of its mails bounced or were reported as spam. */
export type PauseView = { readonly at: Instant; readonly byItself: boolean; readonly why: string };

export type TaskView = {
  readonly taskId: string;
  readonly leadId: string;
  readonly email: string;
  readonly name: string;
  readonly company: string;
  readonly createdAt: Instant;
  readonly rep: string;
  readonly routedBecause: string;
  readonly fit: number;
  readonly engagement: number;
  readonly reasons: readonly string[];
  readonly touches: readonly { readonly at: Instant; readonly what: string }[];
  readonly status: TaskStatus;
  /** The rep must have answered by then, while it is open. */
  readonly acceptBy?: Instant;
  readonly doNotEmail?: true;
  readonly passedOver: readonly { readonly rep: string; readonly because: string }[];
  /** What happened to it since, in words. */
  readonly timeline: readonly { readonly at: Instant; readonly words: string; readonly because: string }[];
  readonly answers: readonly { readonly at: Instant; readonly words: string }[];
  /** The page where its rep answers. */
  readonly answerPath?: string;
  readonly messageId?: string;
};

/** Something that could not be handled, however often it was tried. */
export type DeadLetter = {
  readonly id: string;
  readonly queue: string;
  readonly sentAt: Instant;
  readonly receives: number;
  readonly body: string;
};

/** What can be done as a lead. `click` names a link of the mail. */
export type MailAct = { readonly do: 'open' | 'click' | 'unsubscribe' | 'complain' | 'bounce'; readonly link?: string };
export type LeadAct = { readonly visit: string } | { readonly event: string };
export type NewLead = {
  readonly email: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Topics that the lead agrees to. */
  readonly topics: readonly string[];
  /** A sequence's trigger: the event that happens now, or the list it comes with. */
  readonly start: { readonly event: string } | { readonly imported: string } | undefined;
};
/** What the page offers to choose from. */
export type Choices = {
  readonly topics: readonly { readonly topic: string; readonly label: string }[];
  readonly starts: readonly { readonly sequence: string; readonly start: { readonly event: string } | { readonly imported: string } }[];
  readonly events: readonly string[];
  readonly paths: readonly string[];
};
