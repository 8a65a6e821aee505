import type { ExperimentView } from '#core/experiments/view';
import type { Instant } from '#core/instant';
import type { Stage } from '#core/lead';
import type { Column, ReportBars, Value } from '#core/report/tables';
import type { AnswerKind, TaskStatus } from '#core/sales-task';
import type { NodeKind } from '#core/sequences/diagram';
import type { HandActName } from './access.ts';

/**
 * What the console's server answers, and what it takes: the contract of the page (web/console) and the server (lambdas/console). All of
 * it stands under /console/api. Types only.
 *
 * - GET changes nothing. Every answer has an `ETag`; `If-None-Match` with the same one is answered by 304: ask again every few seconds.
 * - POST takes `Content-Type: application/json`, from our own page only (`Origin`). It answers `Done`, unless said otherwise.
 * - What is refused or fails answers `Failure`, whatever its status: 400 wrong, 401 not signed in (go to `signInPath`), 403 not for this
 *   group, 404 no such thing, 409 somebody was faster, 413 too long, 415 no JSON, 422 incomplete (`problems` by field), 429 too often
 *   (`Retry-After`), 503 try again.
 * - Instants are UTC; the page says them in `zone` and `locale` of `Me`. Shares are 0 to 1.
 */
export const apiPath = '/console/api';
/** GET: leads to the sign-in page of Cognito, and back to `?to=` (a path under /console). In `baton dev` nobody signs in. */
export const signInPath = '/console/sign-in';
/** POST with {}: the session is taken back and the cookies are gone after it. Answers `SignedOut`. */
export const signOutPath = '/console/api/sign-out';
/** `to`: where the browser must go to leave Cognito too. `warning`: the session could not be taken back; the cookies are gone all the same. */
export type SignedOut = { readonly to: string; readonly warning?: string };
/** In `baton dev` only: a request with this header is a request of that rep (`?`-less, so that no link carries it). */
export const asRepHeader = 'x-baton-rep';

export const groups = ['marketing', 'sales'] as const;
export type Group = (typeof groups)[number];

export type Failure = {
  /** What is wrong and what to do about it, as a sentence for the person. */
  readonly error: string;
  readonly problems?: readonly { readonly field: string; readonly what: string; readonly allowed?: readonly string[] }[];
};
/** `said`: what happened, as a sentence. */
export type Done = { readonly said: string };

/** GET /me */
export type Me = {
  readonly name: string;
  readonly groups: readonly Group[];
  /** Short name in sales.yaml, by the address that they signed in with. Absent: no rep, and no tasks of their own. */
  readonly rep?: string;
  /** The rep's zone; else the brand's. IANA. */
  readonly zone: string;
  /** BCP 47, of the brand; the page may prefer the browser's. */
  readonly locale: string;
  readonly now: Instant;
  readonly company: string;
  readonly isDev: boolean;
  /** Dev only: whom one may look as. */
  readonly reps?: readonly string[];
  /** What this person may look at: the others answer 403. */
  readonly sees: readonly ViewName[];
  /** What this person may do, so that the page offers nothing that is refused. */
  readonly may: readonly Act[];
};
const viewNames = ['sequences', 'simulations', 'leads', 'tasks', 'team', 'report', 'operations'] as const;
export type ViewName = (typeof viewNames)[number];
/** Acts as they are named in `Me.may`. */
export const acts = [
  'pause-sequence',
  'resume-sequence',
  'pause-lead',
  'resume-lead',
  'exit-lead',
  'erase-lead',
  'answer-task',
  'redrive',
] as const;
export type Act = (typeof acts)[number];

// ---------------------------------------------------------------------------------------------------------------- sequences

/** GET /sequences */
export type SequenceList = {
  /** Runs are counted at night (in `baton dev`: now); mails are counted as they happen. Absent: not yet. */
  readonly runsAsOf?: Instant;
  /** Who is under way counts moves until then on top; absent: all is as of `runsAsOf`. */
  readonly movedAt?: Instant;
  readonly sequences: readonly SequenceRow[];
};
/** `who`: absent where nobody said, and where it paused itself. */
export type Pause = { readonly at: Instant; readonly byItself: boolean; readonly why: string; readonly who?: string };
export type SequenceRow = {
  readonly sequence: string;
  readonly topic: string;
  readonly owner: string;
  /** Of the deployed version. */
  readonly version: string;
  readonly enters: string;
  readonly steps: number;
  readonly emails: number;
  readonly paused?: Pause;
  /** Switched off, and what becomes of leads inside. */
  readonly off?: 'hold' | 'finish' | 'exit';
  readonly runs?: { readonly running: number; readonly entered: number; readonly ended: number };
  /** Of the last 28 UTC days. */
  readonly mails: MailCounts;
  /** Of `check`: errors and warnings that concern this sequence. */
  readonly problems: number;
  readonly experiments: number;
};
export type MailCounts = {
  readonly sent: number;
  readonly delivered: number;
  readonly opened: number;
  readonly clicked: number;
  readonly bounced: number;
  readonly complained: number;
  readonly unsubscribed: number;
  readonly replied: number;
  readonly qualified: number;
  readonly won: number;
};

/** What a page may be about: the last so many days. */
export const sequenceDays = [7, 28, 91] as const;
export type SequenceDays = (typeof sequenceDays)[number];
export const reportDays = [28, 91, 364] as const;
export type ReportDays = (typeof reportDays)[number];

/** GET /sequences/:id?version=&days=&compare= — `days`: of `sequenceDays`; usual: 28. */
export type SequenceView = {
  readonly sequence: string;
  readonly topic: string;
  readonly owner: string;
  /** The version that is shown. */
  readonly version: string;
  readonly versions: readonly VersionRow[];
  readonly days: SequenceDays;
  readonly paused?: Pause;
  readonly off?: 'hold' | 'finish' | 'exit';
  /** Absent: runs are not counted yet. But for `here`, they are those that began in these days before it. */
  readonly runsAsOf?: Instant;
  /** `here` counts moves until then on top. */
  readonly movedAt?: Instant;
  /** When mails were last counted. */
  readonly mailsAsOf?: Instant;
  readonly diagram: DiagramView;
  readonly endings: readonly { readonly ending: string; readonly words: string; readonly runs: number }[];
  readonly experiments: readonly ExperimentShown[];
  /** In the order of the file. */
  readonly emails: readonly EmailRow[];
  readonly problems: readonly ProblemRow[];
  /** With `compare`: what this version changes against that one, in words. The other diagram is a request of its own. */
  readonly differences?: { readonly against: string; readonly words: readonly string[] };
};
export type VersionRow = {
  readonly version: string;
  readonly isCurrent: boolean;
  /** Runs on it now. */
  readonly running: number;
};
/** Laid out: left to right is x, top to bottom is y, in units of one CSS pixel; x and y of a node are its middle. */
export type DiagramView = {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
};
export type NodeView = {
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  readonly detail: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Runs that are at this step now, whenever they began. */
  readonly here?: number;
  /** Runs of the time range that came by, and their part of all that entered. */
  readonly came?: number;
  readonly share?: number;
  /** E-mail steps: of the time range. */
  readonly mails?: MailCounts;
};
export type EdgeView = {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Where the label stands; absent: there is none. */
  readonly labelAt?: { readonly x: number; readonly y: number };
  /** Runs of the time range that went this way, and their part of those that left its node. */
  readonly runs?: number;
  readonly share?: number;
};
export type ExperimentShown = ExperimentView & {
  readonly title: string;
  /** Each arm in a sentence, in the order of `arms`. */
  readonly armWords: readonly string[];
};
export type EmailRow = {
  readonly step: string;
  readonly subject: string;
  readonly preheader: string;
  readonly locales: readonly string[];
  /** GET: a page of its own for a sandboxed frame, without scripts and requests: /console/api/sequences/:id/emails/:step?version=&locale= */
  readonly path: string;
};
export type ProblemRow = {
  readonly severity: 'error' | 'warning';
  readonly what: string;
  readonly where?: string;
  readonly hint?: string;
};

// POST /sequences/:id/pause { why }      POST /sequences/:id/resume {}      marketing
export type PauseBody = { readonly why: string };

// -------------------------------------------------------------------------------------------------------------- simulations

/** GET /simulations: those that `baton simulate --console` left, newest first. */
export type SimulationList = { readonly simulations: readonly SimulationRow[] };
export type SimulationRow = {
  readonly name: string;
  readonly at: Instant;
  readonly leads: number;
  readonly days: number;
  readonly sequences: readonly string[];
};
/** GET /simulations/:name?sequence= — one frame a day, the first at the end of day 1. The diagram has no figures: frames have them. */
export type SimulationView = SimulationRow & {
  readonly sequence: string;
  readonly diagram: DiagramView;
  readonly frames: readonly SimulationFrame[];
};
export type SimulationFrame = {
  readonly day: number;
  readonly date: string;
  /** Since the beginning. */
  readonly entered: number;
  readonly ended: number;
  readonly sent: number;
  readonly qualified: number;
  /** By node id: leads there at the end of the day, and leads that came by since the beginning. */
  readonly here: { readonly [node: string]: number };
  readonly came: { readonly [node: string]: number };
};

// -------------------------------------------------------------------------------------------------------------------- leads

/** POST /leads/search — changes nothing; a POST so that no address stands in a URL. 404 `Failure`: nobody has it. */
export type SearchBody = { readonly email: string };
export type SearchAnswer = { readonly leadId: string };

/**
 * GET /leads?stage=&sequence=&step=&owner=&score=&sort=&after= — by a stage; a sequence and a step (`step` absent: anywhere in it); an
 * owner; or by several of them. None of them: stage lead. `score`: fit and engagement together are at least that. `sort`: `score` (usual;
 * in the order of `asOf`), or `newest` (by stage alone; as it is now). 25 a page; by several, the leads of one list are looked through for
 * those that fit the rest: a page has what `looked` of them gave, which may be none.
 */
export type LeadList = {
  readonly leads: readonly LeadRow[];
  /** Opaque; absent: that was the last page. */
  readonly next?: string;
  readonly sort: 'score' | 'newest';
  /** So many were looked through for this page; absent: all of the list fit. */
  readonly looked?: number;
  /** Leads of the stage; on AWS as of the last night, with what moved since. */
  readonly total?: number;
  /** sort `score`: who came or changed since then may be missing, or stand elsewhere (every night; in `baton dev`: now). */
  readonly asOf?: Instant;
  /** What may be asked for. */
  readonly choices: {
    readonly stages: readonly { readonly stage: Stage; readonly leads?: number }[];
    readonly sequences: readonly { readonly sequence: string; readonly steps: readonly string[] }[];
    readonly owners: readonly string[];
  };
};
export type LeadRow = {
  readonly leadId: string;
  readonly name: string;
  readonly company: string;
  readonly stage: Stage;
  readonly fit: number;
  /** Absent in lists by `newest`: nobody has counted it yet. */
  readonly engagement?: number;
  readonly grade?: string;
  readonly owner?: string;
  /** Running ones; by `newest` those that may still run. */
  readonly runs: readonly { readonly sequence: string; readonly step?: string }[];
};

/** GET /leads/:id — of a lead that went into another, the other. 404 with `error` that says whether it was erased. */
export type LeadView = LeadRow & {
  readonly email: string;
  readonly createdAt: Instant;
  /** Where the lead is, and why we think so. */
  readonly zone: { readonly zone: string; readonly because: 'own' | 'country' | 'brand' };
  readonly fields: readonly { readonly name: string; readonly value: string; readonly at?: Instant }[];
  readonly pausedUntil?: Instant;
  /** Why nothing goes to this address, in words; empty: mail may go. */
  readonly held: readonly string[];
  readonly timeline: readonly TimelineRow[];
  /** There were more than are shown: older ones are left out. */
  readonly isCut: boolean;
  readonly score: ScoreView;
  readonly consents: readonly ConsentRow[];
  readonly next: readonly { readonly at?: Instant; readonly what: string; readonly sequence?: string }[];
  readonly enrolments: readonly RunRow[];
  readonly tasks: readonly { readonly taskId: string; readonly status: TaskStatus; readonly rep: string; readonly createdAt: Instant }[];
  /** An erasure that was asked for and is under way. */
  readonly erasing?: { readonly askedAt: Instant };
};
/** Newest first. `why`: the reason, the rule and the figures of a decision, in words. */
export type TimelineRow = {
  readonly at: Instant;
  readonly kind: 'lead' | 'event' | 'start' | 'decision' | 'mail' | 'sales' | 'stop' | 'end';
  readonly what: string;
  readonly why?: string;
  readonly sequence?: string;
  readonly step?: string;
  /** No person did it. */
  readonly byMachine: boolean;
};
export type ScoreView = {
  readonly fit: number;
  readonly engagement: number;
  readonly grade?: string;
  readonly qualifies: boolean;
  /** Whether it is enough, what it would take, and the rule, in sentences. */
  readonly words: readonly string[];
  /** Engagement over time, by day (the end of it; the last one is now). `fit` is as it is now all along. */
  readonly curve: readonly { readonly at: Instant; readonly engagement: number }[];
  /** Lines across the curve: what the rule asks of engagement, and the grades. */
  readonly thresholds: readonly { readonly at: number; readonly what: string }[];
  /** What made it, newest first; fit lines have no `at`. `now`: what is left of it; `why`: why it is worth less or nothing. */
  readonly lines: readonly {
    readonly because: string;
    readonly points: number;
    readonly now: number;
    readonly at?: Instant;
    readonly why: string;
  }[];
};
export type ConsentRow = {
  readonly topic: string;
  readonly label: string;
  readonly state: 'agreed' | 'confirmed' | 'unconfirmed' | 'refused';
  readonly at: Instant;
  readonly source: string;
};
export type RunRow = {
  readonly sequence: string;
  readonly enrolmentId: string;
  readonly version: string;
  readonly leg: number;
  readonly enrolledAt: Instant;
  readonly step?: string;
  readonly isRunning: boolean;
  readonly ending: string;
  readonly arms: { readonly [split: string]: string };
};

// POST /leads/:id/pause { days }     no mail for so many days (1 to 365); it may be resumed          marketing
// POST /leads/:id/resume {}                                                                          marketing
// POST /leads/:id/exit { sequence }  ends its run of this sequence, as an exit                       marketing
// POST /leads/:id/erase { email }    the address again, typed; 422 when it is another one             marketing
export type PauseLeadBody = { readonly days: number };
export type ExitBody = { readonly sequence: string };
export type EraseBody = { readonly email: string };

// -------------------------------------------------------------------------------------------------------------------- sales

/** GET /tasks?rep=&status=&after= — rep: absent is `Me.rep`; another one's only for marketing and a manager; what somebody who left had accepted: for all. status: `open` (usual), `accepted`, `done`, `held` (the team's). */
export type TaskList = {
  readonly rep: string;
  readonly status: 'open' | 'accepted' | 'done' | 'held';
  /** open and held: best first. accepted, done: newest first. */
  readonly tasks: readonly TaskRow[];
  readonly next?: string;
};
export type TaskRow = {
  readonly taskId: string;
  readonly leadId: string;
  /** '' once the lead was erased. */
  readonly name: string;
  readonly company: string;
  readonly status: TaskStatus;
  readonly rep: string;
  readonly fit: number;
  readonly engagement: number;
  readonly grade?: string;
  readonly createdAt: Instant;
  readonly releasedAt?: Instant;
  /** open: by then, and the seconds of the rep's working time that are left (negative: over). The page counts on between two answers
   *  only while `isWorkTime`. */
  readonly acceptBy?: Instant;
  readonly secondsLeft?: number;
  /** Now is within the rep's hours. */
  readonly isWorkTime: boolean;
  readonly zone: string;
  readonly doNotEmail: boolean;
  /** Strongest first. */
  readonly reasons: readonly string[];
};
/** GET /tasks/:id — of sales: own tasks, held ones, and for a manager all. Marketing may look at all, and answer none. */
export type TaskView = TaskRow & {
  readonly email: string;
  readonly from: readonly string[];
  readonly routedBecause: string;
  readonly passedOver: readonly { readonly rep: string; readonly because: string }[];
  /** The brief, part by part, as the mail has it. */
  readonly brief: readonly BriefPartView[];
  readonly log: readonly { readonly at: Instant; readonly words: string; readonly because: string }[];
  readonly answers: readonly { readonly at: Instant; readonly words: string }[];
  /** What this person may answer now, and what each takes. Empty: nothing (not theirs, or over). */
  readonly mayAnswer: readonly AnswerChoice[];
};
export type BriefPartView = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly links: readonly { readonly words: string; readonly url: string }[];
};
export type AnswerChoice = {
  readonly answer: AnswerKind;
  /** reject, recycle, lost: one of these must be given. */
  readonly reasons?: readonly string[];
  /** recycle: a day between these, YYYY-MM-DD, in the rep's zone. */
  readonly until?: { readonly first: string; readonly last: string };
  /** won: amount in whole units, and a currency. */
  readonly asksAmount?: true;
  readonly currencies?: readonly string[];
};
// POST /tasks/:id/answers — the same rules as the page behind a brief's link. 200/202 Done; 409: somebody answered first.   sales
export type AnswerBody = {
  readonly answer: AnswerKind;
  readonly reason?: string;
  readonly until?: string;
  readonly amount?: number;
  readonly currency?: string;
};

/** GET /team */
export type TeamView = {
  readonly reps: readonly RepRow[];
  /** In sales.yaml no longer, with leads they had taken on: anybody of the team may say how those ended. Of the last year, as of last night. */
  readonly left: readonly { readonly rep: string; readonly accepted: number }[];
  readonly held: number;
  readonly releasedToday: number;
  /** Tasks a day for the whole team; absent: any number. */
  readonly atMostPerDay?: number;
  /** The days shown, YYYY-MM-DD: four weeks from this Monday on. */
  readonly days: readonly string[];
};
export type RepRow = {
  readonly rep: string;
  readonly role: 'rep' | 'manager';
  readonly zone: string;
  readonly open: number;
  readonly atMostOpen?: number;
  readonly weight: number;
  /** Since when the longest waits. */
  readonly oldestAt?: Instant;
  readonly isWorkTime: boolean;
  /** One for each of `days`. */
  readonly calendar: readonly ('works' | 'free' | 'away' | 'holiday')[];
};

// ------------------------------------------------------------------------------------------------------------------- report

/** GET /report?days= — of `reportDays`; usual: 91. CSV: GET /report/<table id>.csv?days= (`ReportTableView.csv` is that path). */
export type ReportView = {
  readonly days: ReportDays;
  /** UTC days, both included. */
  readonly from: string;
  readonly to: string;
  /** Absent: nothing is counted yet (the first night makes it). */
  readonly asOf?: Instant;
  readonly agreement: readonly string[];
  readonly sections: readonly ReportSection[];
};
export type ReportSection = {
  readonly id: string;
  readonly title: string;
  readonly takeaway: string;
  readonly tables: readonly ReportTableView[];
};
export type ReportTableView = {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  readonly bars?: ReportBars;
  /** currency of `amount` columns, ISO 4217; absent: none, or several. */
  readonly currency?: string;
  readonly csv: string;
};

// --------------------------------------------------------------------------------------------------------------- operations

/** GET /operations */
export type OperationsView = {
  readonly health: readonly HealthRow[];
  readonly queues: readonly QueueRow[];
  /** Empty with `alarmsUnknown` where there are none to ask (baton dev). */
  readonly alarms: readonly AlarmRow[];
  readonly alarmsUnknown?: true;
  readonly pauses: readonly PauseRow[];
  readonly budget?: BudgetView;
  readonly recount: { readonly asOf?: Instant; readonly isRunning: boolean };
  readonly deadLetters: readonly DeadLetterRow[];
  /** The latest first. */
  readonly acts: readonly ActRow[];
};
/** Who did what by hand. `what`: a sequence, a queue, `sends`, `3 days`. The lead may be erased by now. `via` absent: in the console. */
export type ActRow = {
  readonly at: Instant;
  readonly who: string;
  readonly act: HandActName;
  readonly via?: 'command-line';
  readonly what?: string;
  readonly leadId?: string;
};
/** Of the last days that stop-the-line looks at. */
export type HealthRow = {
  readonly sequence: string;
  readonly delivered: number;
  readonly bounced: number;
  readonly complained: number;
  readonly bounceShare: number;
  readonly complaintShare: number;
  /** Above these it pauses itself. */
  readonly mostBounces: number;
  readonly mostComplaints: number;
  readonly says: 'good' | 'watch' | 'bad' | 'too few to say';
};
export type QueueRow = {
  readonly queue: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly dead: number;
  /** Of the longest waiting message. Absent: nothing waits, or nobody knows. */
  readonly oldestSeconds?: number;
  /** Your own systems read it, or nobody does. */
  readonly isForOthers?: true;
};
export type AlarmRow = {
  readonly name: string;
  readonly state: 'ok' | 'alarm' | 'no-data';
  readonly means: string;
  readonly since?: Instant;
};
/** `what`: a sequence; `everything` and `sends` are for all of them. */
export type PauseRow = Pause & { readonly what: string; readonly kind: 'sequence' | 'everything' | 'sends' };
export type BudgetView = {
  readonly month: string;
  readonly usd: number;
  readonly spentEmails: number;
  readonly mostEmails: number;
  readonly warnFromEmails: number;
  readonly spentUsd: number;
  /** When marketing mail that waits for money goes on. */
  readonly nextMonthAt: Instant;
};
/** Ids only; the body may be looked at in `baton dev` alone. */
export type DeadLetterRow = { readonly queue: string; readonly count: number };

// POST /operations/pause { what, why }    what: a sequence, `everything`, or `sends`                                            marketing
// POST /operations/resume { what }                                                                    marketing
// POST /operations/redrive { queue, messageId? }  its dead letters go back, to be tried again; or this one alone      marketing
export type OperationsPauseBody = { readonly what: string; readonly why: string };
export type OperationsResumeBody = { readonly what: string };
// POST /operations/dead-letters { queue } what lies there, at most ten; changes nothing. Answers DeadLetters marketing
export type LettersBody = { readonly queue: string };
export type RedriveBody = LettersBody & { readonly messageId?: string };
/** Ids only: no address, nothing that somebody wrote. */
export type DeadLetters = {
  readonly letters: readonly {
    readonly messageId: string;
    readonly sentAt: Instant;
    readonly receives: number;
    readonly ids: { readonly [name: string]: string | number };
    /** The name of the last error that its function logged, when, and what that stands for; absent: none is known. */
    readonly error?: string;
    readonly failedAt?: Instant;
    readonly means?: string;
  }[];
  /** Why it is not known of all of them why they failed. */
  readonly note?: string;
};
