import type { SendLag } from './backpressure.ts';
import type { Allowance, BudgetNews } from './budget.ts';
import type { CountedMail } from './caps.ts';
import type { LiveConfig } from './config.ts';
import type { HandActName } from './console/access.ts';
import type { Card, CardList } from './console/cards.ts';
import type { LiveSlot, Move } from './console/moves.ts';
import type { AlarmState, ConsoleFile, DeadLook, Person, QueueState, Session, SimulationFile } from './console/outside.ts';
import type { CountChange, Sums } from './counters.ts';
import type { Desk } from './desk.ts';
import type { Answers, Enrolment, EnrolmentKey, Stop } from './enrolment.ts';
import type { ErasedEvent } from './erased-event.ts';
import type { Erasure } from './erasure.ts';
import type { EventRow, QueuedEvent } from './events.ts';
import type { Asked, ExperimentKey, ExperimentState, Figures, Published, Winners } from './experiments/rows.ts';
import type { CsvPlace, DropMessage, DropState, PlacedRow } from './imports/drop.ts';
import type { Instant } from './instant.ts';
import type { Consent, EntryMarks, Handoff, Lead, LeadFields, PresentAddress, Stage } from './lead.ts';
import type { StageMove } from './lifecycle.ts';
import type { AnswerMessage, EnrolMessage, HandoffInput, LegInput, NoticeMessage, WakeMessage } from './messages.ts';
import type { MetricName } from './metrics.ts';
import type { Problem } from './problems.ts';
import type { QueueName } from './queues.ts';
import type { Reason } from './reasons.ts';
import type { RecountSlice, RecountState } from './recount.ts';
import type { IncomingReply } from './replies/reply.ts';
import type { Cells } from './report/cells.ts';
import type { HandoffEvent } from './sales-events-schema.ts';
import type { SalesTask } from './sales-task.ts';
import type { MachineAnswer, SendKey, SendRecord } from './sending.ts';
import type { NextLeg } from './sequences/machine-writes.ts';
import type { Artifact } from './sequences/model.ts';
import type { SlackBlock } from './slack-blocks.ts';
import type { StoppedCompany } from './stop-list.ts';
import type { EndingWalk } from './switched-off.ts';
import type { Item, Reading } from './table.ts';
import type { FieldUpdate } from './update-fields.ts';

export type Clock = { now(): Instant };

/** Identities by HMAC with the key that never rotates. 26 characters, base32, lower case. */
export type Ids = {
  /** Of the normalised address. */
  leadId(email: string): string;
  enrolmentId(leadId: string, sequence: string, trigger: string): string;
  taskId(leadId: string, handoffNumber: number): string;
  /** Of a person as another system names them; an alias leads from it to the lead. */
  externalId(system: string, id: string): string;
  /** Proof of consent keeps this instead of the IP address. */
  ipHash(ip: string): string;
};

export type Leads = {
  find(leadId: string): Promise<Lead | undefined>;
  /** Creates the lead, or fills fields and consents in: empty never overwrites, a newer consent wins. Without `update` fields are overwritten. */
  upsert(
    lead: Pick<Lead, 'leadId' | 'email' | 'fields' | 'consents'> & { readonly update?: FieldUpdate },
    now: Instant,
  ): Promise<'created' | 'updated' | 'unchanged'>;
  /** The same for a lead that is there; nobody is created. */
  edit(
    leadId: string,
    change: { readonly fields: LeadFields; readonly consents: { readonly [topic: string]: Consent } },
    now: Instant,
  ): Promise<'updated' | 'unchanged' | 'gone'>;
  /** Written as they are; no newer one is looked at. */
  setConsents(leadId: string, consents: { readonly [topic: string]: Consent }): Promise<void>;
  /** No mail until then; undefined: mail again. */
  pause(leadId: string, until: Instant | undefined): Promise<void>;
  /** No mail until then; one that lasts longer stays. */
  coolDown(leadId: string, until: Instant): Promise<void>;
  /** The lead is away until then; one that lasts longer stays. */
  setAway(leadId: string, until: Instant): Promise<void>;
  /** Remembers what the lead would be in, had it confirmed. */
  awaitConfirmation(leadId: string, sequence: string, trigger: string): Promise<void>;
  /** Remembers the ways into sequences, as of this lead as it was read; refused when anybody wrote to it since. */
  markEntries(lead: Lead, entries: EntryMarks): Promise<'marked' | 'refused'>;
  /** Leads that enter a sequence by a day, due at or before `upTo`: their ids, soonest first. */
  entriesDue(
    shard: string,
    upTo: Instant,
    limit: number,
    after: string | undefined,
  ): Promise<{ readonly leadIds: readonly string[]; readonly next?: string }>;
  /** Refused when it stands elsewhere by now. */
  moveStage(leadId: string, from: Stage, to: Stage): Promise<'moved' | 'refused'>;
  /** Marks the enrolment that may run; refused when `expected` (undefined: none) is not what stands there, unless it is `enrolmentId` itself. */
  markActive(leadId: string, sequence: string, enrolmentId: string, expected: string | undefined): Promise<'marked' | 'refused'>;
  /** Begins a handoff unless one is under way or the stage is not `lead`. `before`: so many were there, if the lead does not know. */
  beginHandoff(leadId: string, handoff: Handoff, before?: number): Promise<'begun' | 'refused'>;
  /** Ends this handoff: to stage mql or holding, or back to what it was; counted either way. Repeatable; refused when another one is under way. */
  endHandoff(leadId: string, taskId: string, to: 'mql' | 'holding' | 'lead'): Promise<'ended' | 'refused'>;
};

/** The next leg of a row whose lead is known. */
export type NextLegOf = Omit<NextLeg, 'leg' | 'at' | 'partition'> & { readonly leg: number; readonly at: Instant };

export type Enrolments = {
  find(key: EnrolmentKey): Promise<Enrolment | undefined>;
  ofLead(leadId: string): Promise<readonly Enrolment[]>;
  create(enrolment: Enrolment): Promise<'created' | 'exists'>;
  /** Writes the stop unless a stronger or equal one stands. Returns the row as it is afterwards; undefined: no row. */
  stop(key: EnrolmentKey, stop: Stop): Promise<Enrolment | undefined>;
  /** Adds event keys; the time of the first stays. Returns the row as it is afterwards; undefined: no row. */
  see(key: EnrolmentKey, eventKeys: readonly string[], at: Instant): Promise<Enrolment | undefined>;
  /**
   * Parks the run in a wait that a timer ends. Repeatable. 'refused': there is a stop, another
   * leg, an end, or no row. 'late': a state that was entered later has parked.
   */
  park(key: EnrolmentKey, parking: TimedParking): Promise<'parked' | 'refused' | 'late'>;
  /** Ends the leg after its last e-mail; refused on a stop, on another leg, without a row. Repeatable. */
  complete(key: EnrolmentKey, leg: number, at: Instant): Promise<'ended' | 'refused'>;
  /** Records the version that this leg runs; nothing happens when another leg has the row. */
  recordVersion(key: EnrolmentKey, leg: number, version: string): Promise<void>;
  /** What webhooks answered so far; nothing happens when another leg has the row. */
  keepAnswers(key: EnrolmentKey, leg: number, answers: Answers): Promise<void>;
  /** Gives the run to its next leg (core/sequences/machine-writes.ts `nextLegWrite`). Returns the row as it is then. */
  nextLeg(key: EnrolmentKey, next: NextLegOf): Promise<Enrolment | 'refused'>;
  /** Rows that were created while everything was paused and have not begun, the oldest first. */
  held(shard: string, limit: number): Promise<readonly Enrolment[]>;
  /** Such a row is due from now on like any that is about to begin. Nothing happens when it is not held. */
  release(key: EnrolmentKey, now: Instant): Promise<void>;
  /** Ends a leg that no machine is there to end; of a failed one a recovery is asked for. Refused on another leg, and once it has ended. */
  close(
    key: EnrolmentKey,
    leg: number,
    how: { readonly at: Instant; readonly ending: 'completed' | 'stopped' | 'failed' },
  ): Promise<'ended' | 'refused'>;
  /** Parked rows due at or before `upTo`, whatever their wait's length: of each length a page of at most `limit`. */
  overdue(
    shard: string,
    upTo: Instant,
    limit: number,
    after?: OverdueFrom,
  ): Promise<{ readonly runs: readonly Enrolment[]; readonly next?: OverdueFrom }>;
};

export type TimedParking = {
  readonly token: string;
  readonly leg: number;
  readonly step: string;
  readonly version: string;
  /** When the state was entered that sits the wait out, and which attempt at it this is: the later one has the row. */
  readonly entered: string;
  readonly due: Instant;
  readonly speaks?: boolean;
};

/** Where the next page of each wait length begins. */
export type OverdueFrom = { readonly [seconds: number]: string };

export type Sends = {
  find(key: SendKey): Promise<SendRecord | undefined>;
  /** Conditional on the stored revision being one less (1: no record yet). */
  write(record: SendRecord): Promise<'written' | 'refused'>;
  /** Notes that it arrived, once; undefined: there is no such send. `isNews`: nobody had noted it. */
  noteDelivered(key: SendKey, at: Instant): Promise<{ readonly record: SendRecord; readonly isNews: boolean } | undefined>;
  ofLead(leadId: string): Promise<readonly SendRecord[]>;
  /** Records in state UNKNOWN whose call was at or before `upTo`. */
  unsettled(shard: string, upTo: Instant, limit: number): Promise<readonly SendRecord[]>;
};

export type MailCount = { readonly mails: readonly CountedMail[]; readonly own: readonly CountedMail[]; readonly revision: number };
/** Which e-mails of a lead count for its caps. */
export type CountedMails = {
  /** Those of former leads that went into it are among them. */
  ofLead(leadId: string): Promise<MailCount>;
  /** Gives this e-mail its place, and forgets those from before `since`. Refused when the count is not as it was at `before`. */
  take(leadId: string, mail: CountedMail, since: Instant, before: MailCount): Promise<'taken' | 'refused'>;
  /** It did not go after all. */
  giveBack(leadId: string, key: string): Promise<void>;
};

export type Events = {
  find(leadId: string, eventId: string): Promise<EventRow | undefined>;
  put(row: EventRow): Promise<void>;
  /** Writes it unless there is one of this event. */
  add(row: EventRow): Promise<'added' | 'known'>;
  ofLead(leadId: string): Promise<readonly EventRow[]>;
};

/** Moves from stage to stage, as they were made. */
export type Stages = {
  /** Written once: of two with one id the first stays. */
  record(leadId: string, move: StageMove): Promise<void>;
};

/** All rows of a lead's partition, by one read. */
export type History = {
  /** undefined: erased, or `mergedInto` another lead. */
  readonly lead?: Lead;
  readonly mergedInto?: string;
  readonly events: readonly EventRow[];
  readonly sends: readonly SendRecord[];
  readonly enrolments: readonly Enrolment[];
  readonly decisions: readonly Decision[];
  readonly moves: readonly StageMove[];
  readonly consents: readonly ConsentEntry[];
  /** Its places in the console's lists; absent: none. */
  readonly cards?: readonly Card[];
};
/** `eventual`: for who only counts, and may know a moment later. Whoever writes by what it read reads consistently. */
export type Histories = { ofLead(leadId: string, reading?: Reading): Promise<History> };

/** `arm:<name>`: that way was taken at a branch. `answered`: by a webhook. `next-leg`: the run goes on at this step, in another execution. */
export type DecisionOutcome = 'not-enrolled' | 'deferred' | 'skipped' | 'answered' | 'next-leg' | `arm:${string}`;
/** Why something did or did not happen. Row DECISION#<enrolmentId>#<step>#<round>#<attempt>. */
export type Decision = {
  readonly leadId: string;
  readonly enrolmentId: string;
  readonly step: string;
  readonly round: number;
  readonly attempt: number;
  readonly at: Instant;
  readonly outcome: DecisionOutcome;
  readonly reason?: Reason;
  /** not-enrolled: into what. */
  readonly sequence?: string;
  /** The condition that decided, in words, with what was met. */
  readonly rule?: string;
  /** What it was decided on: scores, hours, limits. A few, and short. */
  readonly inputs?: { readonly [name: string]: string | number };
  /** deferred: when it is tried again. not-enrolled: from when on it would be another answer. */
  readonly until?: Instant;
  readonly configHash: string;
};
export type Decisions = {
  record(decision: Decision): Promise<void>;
  ofLead(leadId: string): Promise<readonly Decision[]>;
};

/**
 * Why an address or a person gets no mail. GLOBAL: no mail of any kind, for good (a complaint, an imported opt-out). ALL and
 * TOPIC#<topic>: the person left; only its own confirmation, later than `at`, opens the way again. ADDRESS#<addressId>: that
 * address takes no mail; another address of the same person may.
 */
export type SuppressionScope = 'GLOBAL' | 'ALL' | `TOPIC#${string}` | `ADDRESS#${string}`;
export type Suppression = { readonly scope: SuppressionScope; readonly reason: string; readonly at: Instant };
/** Keyed by leadId, which is the HMAC of the address: it survives erasure. */
export type Suppressions = {
  ofLead(leadId: string): Promise<readonly Suppression[]>;
  /** Of two with one scope the later stays: who came back and leaves again has left. */
  add(leadId: string, suppression: Suppression): Promise<void>;
};

/** `leadId` goes into `into`: an address that no lead has, or a lead that is the same person. */
export type Join = { readonly into: string; readonly leadId: string };
/** To whom an address belongs, by its id. */
export type Aliases = {
  /** The lead that this id of an address or of a former lead belongs to now; the id itself when it is nobody's alias. */
  resolve(addressId: string): Promise<string>;
  /** Every id on the way there: the one asked for first, the one that `resolve` gives last. */
  trail(addressId: string): Promise<readonly string[]>;
  /** Written once: of two the first stays. */
  put(addressId: string, leadId: string): Promise<void>;
  /** One at a time, so that no two leads go into each other. Returns what is under way: this join, or another to finish first. */
  beginJoin(join: Join): Promise<Join>;
  endJoin(join: Join): Promise<void>;
};

/** What is left of a lead that went into another; `lead` as it was, until all of it is there. */
export type Former = { readonly leadId: string; readonly into: string; readonly at: Instant; readonly lead?: Lead };
export type FormerLeads = {
  find(leadId: string): Promise<Former | undefined>;
  /**
   * Closes this id in favour of another, whether a lead has it or not; the first such word stays. From then on `leads.find`
   * knows no such lead, and what is written to it goes to the other.
   */
  close(join: Join, at: Instant): Promise<void>;
  /**
   * Takes the former lead's profile into this one, once, and makes the address its present one, as of `at` (else: of the closing).
   * `refused`: there is no such lead now.
   */
  absorb(leadId: string, address: PresentAddress, former: Former | undefined, at?: Instant): Promise<'absorbed' | 'unchanged' | 'refused'>;
  /** Copies what happened, under the same sort keys; nothing is written over. Returns events that must be worked on again. */
  copyHistory(former: Former, leadId: string): Promise<readonly string[]>;
  /** Forgets the personal data of a former lead. */
  strip(former: Former): Promise<void>;
};

/** How far erasing a lead is (core/erasure.ts). `revision`: of the row as it was read. */
export type KeptErasure = Erasure & { readonly revision: number };
export type Erasures = {
  find(leadId: string): Promise<KeptErasure | undefined>;
  /** Refused when somebody else wrote since `before` was read (undefined: there was none). */
  save(before: KeptErasure | undefined, next: Erasure): Promise<KeptErasure | 'refused'>;
  /** Those to look at again until `upTo`, the longest due first. Eventually consistent. */
  due(upTo: Instant, limit: number): Promise<readonly KeptErasure[]>;
  /** Removes all rows under the id of a lead but those that are kept. Returns how many there were. */
  removeRows(id: string, isKept: (row: Item) => boolean): Promise<number>;
};

/** One change of consent, never changed again: what proves later who agreed to what, when and how. Row CONSENT#<at>#<topic>. */
export type ConsentEntry = Consent & { readonly topic: string };
export type ConsentLedger = {
  record(leadId: string, entry: ConsentEntry): Promise<void>;
  ofLead(leadId: string): Promise<readonly ConsentEntry[]>;
};

/** `who`: the name of whoever paused it by hand. */
export type LinePause = { readonly at: Instant; readonly by: 'stop-the-line' | 'hand'; readonly why: string; readonly who?: string };
/** What holds for all sending. `suppressions`: those of the tools used before were brought over, or there are none to bring. */
export type LineState = {
  /** Mail goes to real people: none before `suppressions` is settled (core/gate.ts). */
  readonly isProduction?: true;
  /** Outside production: who may get mail at all (core/allow-list.ts). */
  readonly allowedRecipients?: readonly string[];
  /** The table that these rows were written in, when it is not the one they are read from: a backup. */
  readonly restoredFrom?: string;
  /** By sequence; `core/pauses.ts` names what else may be. */
  readonly paused: { readonly [sequence: string]: LinePause };
  readonly suppressions?: { readonly how: 'imported' | 'declined'; readonly at: Instant; readonly note: string };
  /** The send queue is behind: enrolment slows (core/backpressure.ts). */
  readonly lag?: SendLag;
};
export type Line = {
  /** Up to half a minute old on AWS. */
  state(): Promise<LineState>;
  /** The first pause stays; the same one again is `paused` again, so that whoever was stopped in between can go on. */
  pause(sequence: string, pause: LinePause): Promise<'paused' | 'was-paused'>;
  resume(sequence: string): Promise<'resumed' | 'was-running'>;
  /** Somebody has looked at the restored table: mail may go from it. */
  acceptRestored(): Promise<void>;
  settleSuppressions(settled: NonNullable<LineState['suppressions']>): Promise<void>;
  /** The last one stays. */
  noteLag(lag: SendLag): Promise<void>;
  /** Takes one of a day's e-mails (local day, brand's zone), unless there are none left. */
  take(day: string, most: number): Promise<'taken' | 'full'>;
  /** How far the runs of switched-off sequences are ended (core/switched-off.ts). */
  endingWalk(): Promise<EndingWalk | undefined>;
  noteEndingWalk(walk: EndingWalk): Promise<void>;
  takenOn(day: string): Promise<number>;
  /**
   * Counts one e-mail of a month (local, brand's zone), unless there is no money left for it; an exempt one is counted and never
   * refused. `untold`: what somebody must be told of, and has not been.
   */
  spend(allowance: Allowance, isExempt: boolean): Promise<{ readonly outcome: 'spent' | 'refused'; readonly untold?: BudgetNews }>;
  spentIn(month: string): Promise<number>;
  noteTold(month: string, news: BudgetNews): Promise<void>;
};

export type Trouble = 'bounced' | 'complained';
export type HealthSums = { readonly delivered: number; readonly bounced: number; readonly complained: number };
/** How mail of a sequence fares, by UTC day. */
export type Health = {
  addDelivered(sequence: string, day: string, count: number): Promise<void>;
  /** Once for each event, however often it is told. */
  addTrouble(sequence: string, day: string, trouble: Trouble, eventId: string): Promise<void>;
  /** Sums of these days, both included; of the last start-over among them on, only what was told since. */
  sums(sequence: string, days: { readonly from: string; readonly upTo: string }): Promise<HealthSums>;
  /** Somebody looked into it: what was told until now, this day, counts no more. */
  startOver(sequence: string, day: string): Promise<void>;
};

/** A version of a sequence that something was counted of. */
export type StatsVersion = { readonly sequence: string; readonly version: string };
/** `asOf`: the last time that any of it was counted or made right. `recountedAt`: when the last whole recount began. */
export type CounterReport = { readonly sums: Sums; readonly asOf?: Instant; readonly recountedAt?: Instant };
/** Caches of what core/counts-of.ts says of each lead (docs/counters.md). */
export type Counters = {
  /** Each fact once, as long as it is remembered. Dropped where a recount that began to read after `since` may have seen it. */
  add(changes: readonly CountChange[], since: Instant, now: Instant): Promise<void>;
  versions(): Promise<readonly StatsVersion[]>;
  /** Sums of these UTC days, both included; of every version, unless one is named. */
  of(sequence: string, version: string | undefined, days: { readonly from: string; readonly upTo: string }): Promise<CounterReport>;
  /** Puts the truth of a day in the place of what was counted, where that was left alone since. Returns how many items it wrote. */
  replace(of: StatsVersion, day: string, truth: Sums, run: { readonly startedAt: Instant; readonly now: Instant }): Promise<number>;
};
/** What is compared, counted and decided of splits (docs/experiments.md). */
export type Experiments = {
  /** Of every split of the sequence that has a rule now. */
  of(sequence: string): Promise<readonly ExperimentState[]>;
  /** Published arms, of every design there ever was. */
  winners(sequence: string): Promise<Winners>;
  /** What is asked of a split from now on; undefined: nothing any more. The first time of a design is remembered. */
  ask(sequence: string, split: string, asked: Asked | undefined, now: Instant): Promise<void>;
  /** Replaced by newer ones only. */
  putFigures(key: ExperimentKey, figures: Figures): Promise<'written' | 'refused'>;
  /** Unless something was published before, also if it was withdrawn. */
  advise(key: ExperimentKey, arm: string, now: Instant): Promise<'advised' | 'refused'>;
  /** By its figures: once, and never again after somebody's hand. By hand: in the place of any other. */
  publish(key: ExperimentKey, published: Published): Promise<'published' | 'refused'>;
  withdraw(key: ExperimentKey, now: Instant): Promise<'withdrawn' | 'was-none' | 'changed-meanwhile'>;
};
/** How far the nightly recount is, what it found, and whom it walks. */
export type Recounts = {
  state(): Promise<RecountState | undefined>;
  /** Refused when somebody else wrote since `before` was read. */
  save(before: RecountState | undefined, next: RecountState): Promise<'written' | 'refused'>;
  /** Returns the number of the next row. */
  writeSlice(from: number, slice: RecountSlice): Promise<number>;
  slices(from: number, upTo: number): Promise<readonly RecountSlice[]>;
  /** What the last whole recount added up of all leads by week (core/report/week-cells.ts). */
  report(): Promise<{ readonly cells: Cells; readonly asOf: Instant } | undefined>;
  writeReport(cells: Cells, asOf: Instant): Promise<void>;
  /** What a recount under way has added up for the console so far; empty: nothing yet. */
  panes(at: RecountState['panes']): Promise<Cells>;
  /** Beside what was written before, which a call that dies leaves as it was. */
  writePanes(before: RecountState['panes'], cells: Cells): Promise<NonNullable<RecountState['panes']>>;
  /** Leads of a place by when they came, the last one first, before `after` (`<time>|<id>`). A moment old. */
  newestIn(
    place: { readonly stage: Stage; readonly shard: string },
    limit: number,
    after: string | undefined,
  ): Promise<readonly { readonly leadId: string; readonly at: Instant }[]>;
  /** What it added up of all leads that came within the last so many days (core/report/cells.ts). */
  window(days: number): Promise<{ readonly cells: Cells; readonly asOf: Instant } | undefined>;
  writeWindow(days: number, cells: Cells, asOf: Instant): Promise<void>;
  leadsIn(
    place: { readonly stage: Stage; readonly shard: string },
    limit: number,
    after: string | undefined,
  ): Promise<{ readonly leadIds: readonly string[]; readonly next?: string }>;
};

/** Leads by list, best score first (docs/console.md). */
export type Cards = {
  /** Whether there is a console that reads them, and all else that is kept for it. */
  areKept(): boolean;
  /** Makes a lead's places in lists these; `before`: as they are on record. Returns how many were written; 'gone': the lead was erased. */
  put(leadId: string, before: readonly Card[], after: readonly Card[]): Promise<number | 'gone'>;
  /** Empty: it was taken out of its list. */
  find(leadId: string, name: string): Promise<{ readonly card?: Card } | undefined>;
  /** `atLeast`: of fit and engagement together. */
  page(
    list: CardList,
    limit: number,
    after: string | undefined,
    atLeast?: number,
  ): Promise<{ readonly cards: readonly Card[]; readonly next?: string }>;
};
/** What moved since the last recounts, put together from the stream of the table (docs/decisions/0085). */
export type LiveCounts = {
  /** Whether anybody tells of moves. */
  areKept(): boolean;
  /** The sums that changes of this shard are in. */
  slot(shardId: string): Promise<LiveSlot>;
  /** Over the revision that was read. */
  save(shardId: string, before: LiveSlot, next: LiveSlot): Promise<'written' | 'refused'>;
  /** Keeps who moved while the recount of then walks; the same again changes nothing. */
  noteMoves(startedAt: Instant, shardId: string, moves: readonly Move[]): Promise<void>;
  moves(startedAt: Instant): Promise<readonly Move[]>;
};
/** `mails`: of the last 28 days; the days before `asOf`. */
export type RunSummary = {
  readonly sequence: string;
  readonly asOf: Instant;
  readonly running: number;
  readonly entered: number;
  readonly ended: number;
  readonly mails: { readonly [metric: string]: number };
};
/** What runs of sequences came to, as the last whole recount found them (core/console/run-cells.ts). */
export type RunFigures = {
  all(): Promise<{
    readonly asOf?: Instant;
    /** The newest move that is in stages and in who is running; absent: all is as of `asOf`. */
    readonly movedAt?: Instant;
    readonly stages: { readonly [stage: string]: number };
    readonly sequences: readonly RunSummary[];
  }>;
  ofSequence(sequence: string): Promise<{ readonly cells: Cells; readonly asOf: Instant; readonly movedAt?: Instant } | undefined>;
  write(sequence: string, figures: { readonly cells: Cells; readonly asOf: Instant; readonly summary: RunSummary }): Promise<void>;
  writeAll(stages: { readonly [stage: string]: number }, asOf: Instant): Promise<void>;
};

/** `by`: the id of the person; `who`: the name that others know them by. `what`: a sequence, a queue, `sends`, days; never of a lead. */
export type HandAct = {
  readonly at: Instant;
  readonly by: string;
  readonly who: string;
  readonly act: HandActName;
  /** Absent: in the console. */
  readonly via?: 'command-line';
  readonly leadId?: string;
  readonly what?: string;
};
/** What people did by hand, in the console or on the command line. */
export type Acts = {
  note(act: HandAct): Promise<void>;
  /** The latest first; a moment old. */
  lately(limit: number): Promise<readonly HandAct[]>;
};
/** Who looks at the console. On AWS by Cognito: authorization code with PKCE. */
export type SignIn = {
  /** Where a browser goes to sign in, and comes back from to `back`. */
  url(given: { readonly back: string; readonly state: string; readonly challenge: string }): string;
  /** undefined: the code is not one, or was used before. */
  exchange(code: string, verifier: string, back: string): Promise<Session | undefined>;
  /** undefined: it is over, or was taken back. */
  refresh(refreshToken: string): Promise<Session | undefined>;
  /** Nobody goes on by it any more. failed: nobody answered, or it is none. */
  revoke(refreshToken: string): Promise<'revoked' | 'failed'>;
  /** undefined: forged, of another pool or client, or expired. */
  personOf(idToken: string): Promise<Person | undefined>;
  signOutUrl(back: string): string;
};
/** The page itself, by path. */
export type ConsoleFiles = { find(path: string): Promise<ConsoleFile | undefined> };
/** Rehearsals that somebody kept for the console. */
export type Simulations = {
  list(): Promise<readonly Pick<SimulationFile, 'name' | 'at' | 'leads' | 'days' | 'sequences'>[]>;
  find(name: string): Promise<SimulationFile | undefined>;
};
/** What `check` said of what is deployed. */
export type Checked = { problems(): Promise<readonly Problem[]> };
export type QueueStates = {
  all(): Promise<readonly QueueState[]>;
  /** Some of its dead letters, at most ten; they stay where they are. */
  look(queue: QueueName): Promise<DeadLook>;
  /** Lets what is dead go back to where it came from. none: nothing is dead there. */
  redrive(queue: QueueName): Promise<'begun' | 'none' | 'under-way'>;
  /** This one alone. none: it is not among them, or too far back to be found at once. */
  redriveOne(queue: QueueName, messageId: string): Promise<'begun' | 'none'>;
};
/** undefined: there are none to ask. */
export type AlarmStates = { all(): Promise<readonly AlarmState[] | undefined> };

/** Who got the digest of a week: short hashes, no address. */
export type DigestState = {
  readonly sentTo: readonly string[];
  readonly leaseUntil: Instant;
  readonly doneAt?: Instant;
  readonly revision: number;
};
/** `name`: the Monday of the week. */
export type Digests = {
  find(name: string): Promise<DigestState | undefined>;
  /** Takes it on until then; undefined: it is done, or somebody else is at it. */
  claim(name: string, now: Instant, until: Instant): Promise<DigestState | undefined>;
  /** undefined: somebody else wrote since. */
  save(name: string, before: DigestState, next: DigestState): Promise<DigestState | undefined>;
};

/** A handoff that has, or should have, a machine. `leg`: which of its machines, 1 for the first. */
export type Watched = { readonly taskId: string; readonly leadId: string; readonly leg: number; readonly lookAt: Instant };

export type SalesTasks = {
  find(taskId: string): Promise<SalesTask | undefined>;
  create(task: SalesTask): Promise<'created' | 'exists'>;
  markQueued(taskId: string, at: Instant): Promise<void>;
  markNotified(taskId: string, at: Instant): Promise<void>;
  /** Notes that a rep was told, by what way: the first time stays. */
  markTold(taskId: string, key: string, at: Instant): Promise<void>;
  /** Refused when the task is another rep's, or stands elsewhere, than `before` says. */
  answer(task: Pick<SalesTask, 'taskId' | 'rep' | 'status'>, next: Pick<SalesTask, 'status' | 'answers'>): Promise<'written' | 'refused'>;
  /** So many answers have had their effect; never fewer than before. */
  markApplied(taskId: string, count: number): Promise<void>;
  /** Writes over exactly this task: same status, same turn, which it raises. `undefined` removes. Returns the task as it is then. */
  change(before: SalesTask, changes: { readonly [Name in keyof SalesTask]?: SalesTask[Name] | undefined }): Promise<SalesTask | 'refused'>;
  /** It is closed for whom it was open; nothing else changes. */
  leaveIndex(task: Pick<SalesTask, 'taskId' | 'rep'>): Promise<void>;
  /** Makes the machine look, or not park if it is about to. Returns its token, if it has parked before. */
  wake(taskId: string): Promise<string | undefined>;
  /** How often it was woken: a machine parks only where nobody woke it since. */
  wakes(taskId: string): Promise<number>;
  /** Forgets all of the lead that the task tells; one that nobody answered is cancelled. Returns whether there was such a task. */
  strip(taskId: string): Promise<boolean>;
  /** Tasks of a rep: open ones by when they were made, the first one first; others by when they were answered, the last one first. A moment old. */
  ofRep(
    rep: string,
    which: 'open' | 'accepted' | 'done',
    limit: number,
    after?: string,
  ): Promise<{ readonly tasks: readonly SalesTask[]; readonly next?: string }>;
  /** From then on the watchdog asks whether the handoff has a machine. Written before there is one; `had-one`: under this id there was. */
  watchFrom(handoff: Pick<Watched, 'taskId' | 'leadId'>, at: Instant): Promise<'watched' | 'had-one'>;
  /** Handoffs to look at, the longest due first. A moment old. */
  toWatch(shard: string, upTo: Instant, limit: number): Promise<readonly Watched[]>;
  /** Looks again then; undefined: never. */
  lookAgain(watched: Watched, at: Instant | undefined): Promise<void>;
  /** The next machine of this handoff is to be started, by whoever is told its number. */
  nextMachine(watched: Watched, lookAt: Instant): Promise<number | 'refused'>;
  /** Tasks that wait for room, best first. A moment old. */
  held(limit: number, after?: string): Promise<{ readonly tasks: readonly SalesTask[]; readonly next?: string }>;
};

/** What the team has on its desks, and which rep has a company. */
export type Desks = {
  read(): Promise<Desk>;
  /** Over the revision that was read; the next one is written. */
  write(desk: Desk): Promise<'written' | 'refused'>;
  companyRep(companyId: string): Promise<string | undefined>;
  /** The first rep of a company stays, unless it is `instead` who has left. */
  keepCompany(companyId: string, rep: string, instead?: string): Promise<void>;
};

/** Companies of whose people none reaches sales. */
export type StopList = {
  find(domain: string): Promise<StoppedCompany | undefined>;
  /** The first word on a domain stays. */
  add(company: StoppedCompany): Promise<'added' | 'known'>;
  remove(domain: string): Promise<'removed' | 'unknown'>;
  all(): Promise<readonly StoppedCompany[]>;
};

export type Artifacts = {
  /** Throws PermanentError when there is none. */
  get(sequence: string, version: string): Promise<Artifact>;
  /** The deployed version of every sequence that takes new leads. */
  current(): Promise<readonly Artifact[]>;
  /** The deployed version of this sequence; undefined once it has retired. Costs no reads of other sequences. */
  newest(sequence: string): Promise<Artifact | undefined>;
};

export type Config = { live(): Promise<LiveConfig> };

export type OutgoingEmail = {
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly tags: { readonly [name: string]: string };
};
/** One call, never retried. `throttled`: not sent. `circuit`: nothing can be sent now. `unknown`: it may have been. */
export type MailResult =
  | { readonly result: 'accepted'; readonly messageId: string }
  | { readonly result: 'throttled'; readonly reason: string }
  | { readonly result: 'rejected'; readonly reason: string }
  | { readonly result: 'circuit'; readonly reason: string }
  | { readonly result: 'unknown'; readonly reason: string };
export type Mail = { send(email: OutgoingEmail): Promise<MailResult> };

/** Fills Liquid, escaped by default in html. Throws PermanentError with the template's own message, without values. */
/** `id`: the same for every attempt, so that the receiver can tell a repeat. `body`: JSON. */
export type WebhookCall = {
  readonly id: string;
  readonly at: Instant;
  readonly url: string;
  readonly body: string;
  readonly timeOutSeconds: number;
};
/** `answer`: undefined unless it was JSON. not-public: the host is, or leads to, no public address. */
export type WebhookResult =
  | { readonly status: number; readonly answer?: unknown }
  | { readonly failed: 'time-out' | 'connection' | 'not-public' | 'too-long' };
/** Calls another system, signed by Standard Webhooks. Never throws for what the other side does. */
export type Webhooks = { call(call: WebhookCall): Promise<WebhookResult> };
/** `no-channel`: there is none of this name. Throws RetryableError when it could not be posted now. */
export type TeamChat = {
  /** `blocks`: shown in the place of the text, which is then what notifications say. */
  post(channel: string, text: string, blocks?: readonly SlackBlock[]): Promise<'posted' | 'no-channel' | 'refused'>;
};
/** Tells the bus of handoffs. May tell it twice: the id is the same. */
export type SalesEvents = {
  emit(event: HandoffEvent): Promise<void>;
  /** Tells it that a lead was erased. */
  erased(event: ErasedEvent): Promise<void>;
};

export type Templates = { fill(template: string, data: Record<string, unknown>, as: 'html' | 'text'): string };

/** `visit`: says on the brand's own site who came. */
export type LinkPurpose = 'unsubscribe' | 'preferences' | 'confirm' | 'visit';
/** `locale`: language of the mail that the link stands in, so that its page speaks the same. */
export type LinkClaims = { readonly leadId: string; readonly topic: string; readonly expiresAt: Instant; readonly locale: string };
export type Links = {
  sign(purpose: LinkPurpose, claims: LinkClaims): string;
  /** undefined: forged, for another purpose, or expired at `now`. */
  verify(purpose: LinkPurpose, token: string, now: Instant): LinkClaims | undefined;
  /** In the brief: who may answer for which task. */
  signAnswer(claims: AnswerClaims): string;
  /** undefined: forged. Whether it expired is for the caller to say. */
  verifyAnswer(token: string): AnswerClaims | undefined;
  /** Of the part before the `@` of an address that answers come to; undefined: this lead's id is none of ours. */
  signReply(send: SendKey): string | undefined;
  /** undefined: forged. `sendMark`: of the send that was answered (`sendMarkOf`). */
  verifyReply(token: string): ReplyClaims | undefined;
  /** Tells the sends of one lead apart, whoever the lead is by now. */
  sendMarkOf(send: Omit<SendKey, 'leadId'>): string;
};
export type AnswerClaims = { readonly taskId: string; readonly rep: string; readonly expiresAt: Instant };
export type ReplyClaims = { readonly leadId: string; readonly sendMark: string };

/** What a reply is read from: headers and text of one mail as it came. `isCut`: it was longer than what is read of one. */
export type ReceivedMail = IncomingReply & { readonly isCut: boolean };
/** Mail that came in, as it is kept for some days. undefined: it is kept no longer. */
export type ReplyMail = {
  read(key: string): Promise<ReceivedMail | undefined>;
  /** Removes it for good; nothing happens when there is none. */
  remove(key: string): Promise<void>;
};

/** A system that sends us leads and events: its name, and how many requests a minute it may make, if that is not the usual. */
export type Caller = { readonly source: string; readonly perMinute?: number; readonly paths?: readonly string[] };
export type SignedMessage = { readonly id: string; readonly timestamp: string; readonly signatures: string; readonly body: string };
/** Compared in constant time. */
export type ApiKeys = {
  identify(key: string, now: Instant): Caller | undefined;
  /** By the Standard Webhooks scheme; undefined: signed by nobody we know, or too long ago. */
  verifyWebhook(message: SignedMessage, now: Instant): Caller | undefined;
};
/** How often something may be done in a minute, by all processes together. */
export type Limits = {
  /** Takes one of this minute's; a number: there are none left, ask again in so many seconds. */
  take(name: string, now: Instant, most: number): Promise<'taken' | number>;
};

/** A file in the drop folder, as it was when it was told of. */
export type DropFile = Pick<DropMessage, 'key' | 'etag'>;
/** Lists that other systems put into a folder, and the reports beside them. */
export type Drops = {
  /** Its rows from a place on, as they are read. gone: no such file, or none that may be read. replaced: by another one of that name. */
  rows(file: DropFile, from: CsvPlace | undefined): Promise<AsyncIterable<PlacedRow> | 'gone' | 'replaced'>;
  /** Empty when there is none yet. */
  report(key: string): Promise<string>;
  putReport(key: string, text: string): Promise<void>;
};

/** How far imports of dropped files came. Row DROP#<dropId>. */
export type DropStates = {
  find(dropId: string): Promise<DropState | undefined>;
  /** Takes the import on until `until`, unless it has ended or somebody works on it at `now`. */
  claim(dropId: string, now: Instant, until: Instant): Promise<DropState | 'busy' | 'ended'>;
  /** Lets go of it as well; refused when somebody else took it on since. */
  record(dropId: string, state: DropState): Promise<'recorded' | 'refused'>;
};

export type ImportQueue = { push(message: DropMessage): Promise<void> };
export type EnrolQueue = { push(message: EnrolMessage): Promise<void> };
export type WakeQueue = { push(message: WakeMessage): Promise<void> };
export type EventQueue = { push(event: QueuedEvent): Promise<void> };
export type AnswerQueue = { push(message: AnswerMessage): Promise<void> };
export type SalesQueue = { push(task: SalesTask): Promise<void> };
export type NoticeQueue = { push(notice: NoticeMessage): Promise<void> };

export type Machines = {
  /** Runs exactly this version, whatever was deployed since. A repeat (ExecutionAlreadyExists) is success. Name: `<enrolmentId>-<leg>`. */
  startLeg(sequence: string, version: string, input: LegInput): Promise<void>;
  /** Name: the task's id; of a later leg `<taskId>-<leg>`. */
  startHandoff(input: HandoffInput, leg?: number): Promise<void>;
  /** `since`: when the leg began. An execution of before that bears its name was of somebody who was erased and is back: `broken`. */
  legState(sequence: string, enrolmentId: string, leg: number, since: Instant): Promise<ExecutionState>;
  handoffState(taskId: string, leg: number): Promise<ExecutionState>;
};
/** `none`: never started, or so long ago that nobody knows. `broken`: it failed, was aborted, or ran out of time. */
export type ExecutionState = 'none' | 'running' | 'ended' | 'broken';

/** A token that is dead, timed out or invalid is benign: 'gone'. */
export type Tokens = {
  succeed(
    token: string,
    answer: MachineAnswer | WaitOver | { readonly woken: 'event'; readonly keys: readonly string[] },
  ): Promise<'told' | 'gone'>;
  fail(token: string, error: 'Halt' | 'Defer' | 'Elsewhere' | 'Apart' | 'PermanentError', cause: string): Promise<'told' | 'gone'>;
};

/** What the state of an e-mail is told once the wait after it is over. */
export type WaitOver = { readonly waited: true };

/** `at`: whole minutes may pass until it is told. */
export type Timer = {
  readonly enrolmentId: string;
  readonly leg: number;
  readonly step: string;
  readonly token: string;
  readonly at: Instant;
};
/** Tells a state at a moment to come that its wait is over. */
export type Timers = {
  /** Once for each token, however often it is asked. Throws when it could not be kept. A token that is dead by then is left alone. */
  set(timer: Timer): Promise<void>;
};

/** Ids and constants only: never an address, a name, a token or a payload. */
export type Log = {
  info(message: string, keys?: Record<string, string | number | boolean>): void;
  warn(message: string, keys?: Record<string, string | number | boolean>): void;
  error(message: string, keys?: Record<string, string | number | boolean>): void;
};

/** What is counted of how things go; never an id. `publish`: at the end of each call, by whoever runs the handler. */
export type Metrics = {
  /** 1 without a value. */
  add(name: MetricName, value?: number): void;
  /** The last one of a call stays. */
  set(name: MetricName, value: number): void;
  publish(): void;
};
/** What the mail service lets the account send in 24 hours; without `most`: any number. */
export type MailQuota = { read(): Promise<{ readonly sent: number; readonly most?: number }> };

export type Ports = {
  clock: Clock;
  drops: Drops;
  dropStates: DropStates;
  importQueue: ImportQueue;
  ids: Ids;
  leads: Leads;
  enrolments: Enrolments;
  sends: Sends;
  countedMails: CountedMails;
  events: Events;
  stages: Stages;
  histories: Histories;
  decisions: Decisions;
  suppressions: Suppressions;
  aliases: Aliases;
  formerLeads: FormerLeads;
  consents: ConsentLedger;
  erasures: Erasures;
  line: Line;
  health: Health;
  counters: Counters;
  recounts: Recounts;
  cards: Cards;
  runFigures: RunFigures;
  liveCounts: LiveCounts;
  checked: Checked;
  signIn: SignIn;
  acts: Acts;
  consoleFiles: ConsoleFiles;
  simulations: Simulations;
  queueStates: QueueStates;
  alarmStates: AlarmStates;
  experiments: Experiments;
  digests: Digests;
  salesTasks: SalesTasks;
  desks: Desks;
  stopList: StopList;
  artifacts: Artifacts;
  config: Config;
  mail: Mail;
  templates: Templates;
  webhooks: Webhooks;
  teamChat: TeamChat;
  salesEvents: SalesEvents;
  links: Links;
  replyMail: ReplyMail;
  apiKeys: ApiKeys;
  limits: Limits;
  enrolQueue: EnrolQueue;
  wakeQueue: WakeQueue;
  eventQueue: EventQueue;
  salesQueue: SalesQueue;
  answerQueue: AnswerQueue;
  noticeQueue: NoticeQueue;
  machines: Machines;
  tokens: Tokens;
  timers: Timers;
  metrics: Metrics;
  mailQuota: MailQuota;
  log: Log;
};
