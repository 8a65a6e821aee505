import type { AgentKind } from '#core/events';
import type { Instant } from '#core/instant';

/** What only `baton dev` answers in JSON, beside the console's own (core/console/views.ts); the page under web/console/dev reads exactly these. */
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
