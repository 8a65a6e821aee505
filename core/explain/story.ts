import type { LiveConfig } from '#core/config';
import type { Enrolment } from '#core/enrolment';
import type { EventRow } from '#core/events';
import { machineReasons } from '#core/humans';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { StageMove } from '#core/lifecycle';
import type { ConsentEntry, Decision, History, Suppression } from '#core/ports';
import { reasons } from '#core/reasons';
import { type SalesTask, taskEventInWords } from '#core/sales-task';
import { type JudgedEvent, judgedInOrder } from '#core/scoring';
import type { SendRecord } from '#core/sending';
import type { Artifact } from '#core/sequences/model';
import { contentKept } from '#core/sequences/newest-content';
import type { StoppedCompany } from '#core/stop-list';
import { endingOf, sentenceFor } from './endings.ts';

/** One thing that happened, or was decided, in a plain sentence without its subject: the lead. `code`: of core/reasons.ts. */
export type Happening = {
  readonly at: Instant;
  readonly kind: 'lead' | 'event' | 'start' | 'decision' | 'mail' | 'sales' | 'stop' | 'end';
  readonly what: string;
  readonly why?: string;
  readonly code?: string;
  /** The condition that decided, in words, with what was met. */
  readonly rule?: string;
  /** What it was decided on. */
  readonly inputs?: Decision['inputs'];
  /** Put off until then. */
  readonly until?: Instant;
  readonly messageId?: string;
  readonly sequence?: string;
  readonly step?: string;
  readonly enrolmentId?: string;
  /** No person did it, and how sure that is: 0 to 1. */
  readonly byMachine?: number;
};

export type StoryParts = {
  readonly lead: Lead;
  readonly history: History;
  readonly suppressions: readonly Suppression[];
  readonly tasks: readonly SalesTask[];
  readonly live: Pick<LiveConfig, 'brand' | 'scoring'>;
  readonly artifactOf?: (sequence: string, version: string) => Pick<Artifact, 'splits'> | undefined;
  /** Its company never reaches sales. */
  readonly stopped?: StoppedCompany;
};

export const becameKnown = 'became known';

/** Everything that is known of a lead, oldest first. Pure. */
export const storyOf = ({ lead, history, suppressions, tasks, live, artifactOf, stopped }: StoryParts): readonly Happening[] => {
  const { enrolments, sends, decisions, consents, moves } = history;
  const label = (topic: string) => live.brand.topics[topic]?.label ?? topic;
  const happenings: readonly Happening[] = [
    { at: lead.createdAt, kind: 'lead', what: becameKnown },
    ...suppressions.map((it) => ofSuppression(it, label)),
    ...enrolments.flatMap((run) => ofEnrolment(run, artifactOf?.(run.sequence, run.version)?.splits)),
    ...sends.flatMap(ofSend),
    ...judgedInOrder(history, live.scoring).flatMap(ofEvent),
    ...decisions.map((it) => ofDecision(it, enrolments)),
    ...consents.flatMap((it) => ofConsent(it, label)),
    ...moves.map(ofMove),
    ...tasks.flatMap(ofTask),
    ...(stopped ? [ofStopped(stopped)] : []),
    ...(lead.handoff
      ? [{ at: lead.handoff.since, kind: 'sales' as const, what: 'qualified: the score must hold before sales hears of it' }]
      : []),
  ];
  return withSequences(
    happenings.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : rank[one.kind] - rank[other.kind])),
  );
};

/** Where two sequences of the lead have a step of one name, it says whose. */
const withSequences = (story: readonly Happening[]): readonly Happening[] => {
  const sequences = new Map<string, string>();
  const shared = new Set<string>();
  for (const { step, sequence } of story) {
    if (step === undefined || sequence === undefined) continue;
    if ((sequences.get(step) ?? sequence) !== sequence) shared.add(step);
    sequences.set(step, sequence);
  }
  return story.map((it) =>
    it.step !== undefined && it.sequence !== undefined && shared.has(it.step)
      ? { ...it, what: it.what.replace(`“${it.step}”`, `“${it.step}” of ${it.sequence}`) }
      : it,
  );
};

/** Of the same moment, what came of the other stands after it. */
const rank: { readonly [kind in Happening['kind']]: number } = {
  lead: 0,
  event: 1,
  start: 2,
  decision: 3,
  mail: 4,
  sales: 5,
  stop: 6,
  end: 7,
};

/** The sentence of a reason, with its code. */
export const because = (code: string | undefined): { readonly why?: string; readonly code?: string } =>
  code === undefined ? {} : { why: sentenceFor(code), ...(code in reasons && { code }) };

const ofEnrolment = (run: Enrolment, splits: Artifact['splits'] = {}): readonly Happening[] => {
  const { sequence, version, enrolledAt, trigger, zone, stop, endedAt } = run;
  const entered: Happening = {
    at: enrolledAt,
    kind: 'start',
    what: `entered ${sequence}`,
    why: triggerInWords(trigger),
    inputs: { version, ...armsInWords(run, splits), ...(zone && { zone: `${zone.zone}, ${guessedFrom[zone.because]}` }) },
    sequence,
  };
  const stopped: readonly Happening[] = stop
    ? [{ at: stop.at, kind: 'stop', what: `${sequence} was stopped`, ...because(stop.reason), sequence }]
    : [];
  const ended: readonly Happening[] =
    endedAt === undefined || stop ? [] : [{ at: endedAt, kind: 'end', what: `${sequence} ended`, why: endOf(run), sequence }];
  return [entered, ...stopped, ...ended];
};

/** Each split with its arm, and why it is that one. */
const armsInWords = ({ arms, trials = {} }: Enrolment, splits: Artifact['splits']): { readonly [split: string]: string } =>
  Object.fromEntries(
    Object.entries(arms).map(([split, arm]) => {
      const winner = trials[split]?.winner;
      const isHeldOut = splits[split]?.some((it) => it.name === arm && it.holdout) || (winner !== undefined && winner !== arm);
      if (isHeldOut) return [split, `${arm} (a holdout, by chance${winner === undefined ? '' : '; a winner changes nothing for it'})`];
      return [split, `${arm} (${winner === arm ? 'the published winner' : 'by chance'})`];
    }),
  );

const guessedFrom = {
  own: 'as the lead says',
  country: 'for its country',
  brand: 'as brand.yaml says, for nothing is known of the lead',
} as const;

const endOf = (run: Enrolment): string =>
  `${sentenceFor(endingOf(run))}${run.endedBy === undefined ? '' : `, “${run.endedBy}”`}${run.failure === undefined ? '' : ` (${run.failure})`}`;

const triggerInWords = (trigger: string): string => {
  if (trigger.startsWith('imported:')) return `came with the list “${trigger.slice('imported:'.length)}”`;
  return trigger.startsWith('consent:') ? 'an agreement must be confirmed' : 'an event of the lead opened it';
};

const ofSend = (record: SendRecord): readonly Happening[] => {
  const { step, sequence, state, sentAt, calledAt, claimedAt, deliveredAt, messageId, reason } = record;
  const at = sentAt ?? calledAt ?? claimedAt;
  const mail = { at, kind: 'mail' as const, sequence, step, enrolmentId: record.enrolmentId };
  switch (state) {
    case 'SENT':
      return [
        {
          ...mail,
          what: `got “${step}”${deliveredAt === undefined ? '' : ', which arrived'}`,
          ...wordsOf(record),
          ...(messageId !== undefined && { messageId }),
        },
      ];
    case 'UNKNOWN':
    case 'ASSUMED_SENT':
      return [
        { ...mail, what: `“${step}”: nobody knows whether it went`, why: 'the mail service did not answer; it is not sent a second time' },
      ];
    case 'FAILED':
      return [{ ...mail, what: `“${step}” could not be sent`, ...because(reason) }];
    case 'CLAIMED':
    case 'CALLING':
    case 'SKIPPED':
    case 'CANCELLED':
    case 'RELEASED':
      return [];
  }
};

/** Whose words went, where a newer version has others. */
const wordsOf = ({ contentVersion, contentKept: kept }: SendRecord): { readonly why?: string } => {
  if (contentVersion !== undefined) return { why: `in the words of version ${contentVersion}, published since it entered` };
  return kept === undefined ? {} : { why: `in the words of the version it entered: the newest ${contentKept[kept]}` };
};

/** How a mail travelled is told on the mail; here stands what the lead did. */
const silent: readonly string[] = ['sent', 'delivered', 'delayed', 'subscription'];

const ofEvent = (event: JudgedEvent): readonly Happening[] => {
  const { name, at, step = '', sequence, verdict, reply } = event;
  if (silent.includes(name)) return [];
  const common = { at, kind: 'event' as const, ...(sequence !== undefined && { sequence }), ...(step !== '' && { step }) };
  if (verdict.by === 'machine')
    return [
      {
        ...common,
        what: `a machine ${whatItDid(event)}`,
        why: verdict.because.map((it) => machineReasons[it]).join('; '),
        byMachine: verdict.machine,
      },
    ];
  if (name === 'auto-replied')
    return [
      {
        ...common,
        what:
          reply?.kind === 'left-company'
            ? 'works there no longer, a robot says'
            : 'answered by a robot' + (reply?.backOn ? `: back on ${reply.backOn}` : ''),
      },
    ];
  return [{ ...common, what: whatItDid(event), ...(event.link !== undefined && { why: event.link }) }];
};

/** Also for sales: the same words everywhere. */
export const whatItDid = ({ name, step = '', path }: Pick<EventRow, 'name' | 'step' | 'path'>): string => {
  const words: { readonly [name: string]: string } = {
    opened: `opened “${step}”`,
    clicked: `followed a link in “${step}”`,
    visited: `looked at ${path ?? 'the site'}`,
    bounced: `“${step}” bounced`,
    complained: `reported “${step}” as spam`,
    rejected: `“${step}” was refused by the mail service`,
    'rendering-failed': `“${step}” could not be made`,
    replied: 'answered',
  };
  return words[name] ?? `did ${name}`;
};

const ofDecision = (decision: Decision, enrolments: readonly Enrolment[]): Happening => {
  const { at, outcome, reason, step, enrolmentId, rule, inputs, until } = decision;
  const sequence = decision.sequence ?? enrolments.find((it) => it.enrolmentId === enrolmentId)?.sequence;
  const common = {
    at,
    kind: 'decision' as const,
    ...because(reason),
    step,
    ...(sequence !== undefined && { sequence }),
    enrolmentId,
    ...(rule !== undefined && { rule }),
    ...(inputs !== undefined && { inputs }),
    ...(until !== undefined && { until }),
  };
  if (outcome === 'next-leg') return { ...common, ...nextLegInWords(inputs ?? {}) };
  if (outcome === 'not-enrolled') return { ...common, what: `did not enter ${sequence ?? 'a sequence'}` };
  if (outcome.startsWith('arm:')) return { ...common, what: `“${step}” took the way “${outcome.slice(4)}”` };
  return { ...common, what: outcome === 'deferred' ? `“${step}” was put off` : `“${step}” was ${outcome}` };
};

/** `step` says where it goes on, not that it is about a leg. */
const nextLegInWords = ({ leg = '', version = '', at = '', wait }: NonNullable<Decision['inputs']>) => ({
  step: String(at),
  inputs: { version },
  what: `leg ${leg} began ${wait === undefined ? '' : `in what is left of “${wait}”, then `}${at === '' ? 'at the first step' : `at “${at}”`}`,
});

/** Leaving is told by its suppression. */
const ofConsent = ({ topic, given, at, source, confirmed }: ConsentEntry, label: (topic: string) => string): readonly Happening[] => {
  if (!given) return [];
  if (confirmed && confirmed.at !== at)
    return [{ at: confirmed.at, kind: 'lead', what: `confirmed “${label(topic)}”`, why: 'by the button behind the link' }];
  return [{ at, kind: 'lead', what: `agreed to “${label(topic)}”`, why: source }];
};

/** Of what others report the word that they gave stands as it is. */
const suppressedBecause: { readonly [reason: string]: string } = {
  complained: 'a mail was reported as spam',
  bounced: 'a mail bounced for good',
  'soft-bounces': 'mail bounced too often',
  'on-account-suppression-list': 'the mail service knows that nothing arrives there',
  'left-company': 'its owner works there no longer, a robot says',
  cleaned: 'the tool used before had given it up',
};

const ofSuppression = ({ scope, reason, at }: Suppression, label: (topic: string) => string): Happening => {
  const happening = (what: string): Happening => ({
    at,
    kind: 'stop',
    what,
    ...(reason !== 'unsubscribed' && { why: suppressedBecause[reason] ?? reason }),
  });
  if (scope === 'GLOBAL') return happening('gets no more mail at all');
  if (scope === 'ALL') return happening('left everything');
  return happening(scope.startsWith('ADDRESS#') ? 'its address takes no more mail' : `left “${label(scope.slice('TOPIC#'.length))}”`);
};

const movers: { readonly [by in StageMove['by']]: string } = {
  rule: 'by rule',
  sales: 'by sales',
  sequence: 'by a sequence',
  api: 'by another system',
};
const ofMove = ({ at, from, to, by, because: why }: StageMove): Happening => ({
  at,
  kind: 'lead',
  what: `went from ${from} to ${to}, ${movers[by]}`,
  why,
});

const ofStopped = ({ domain, at, by, reason }: StoppedCompany): Happening => ({
  at,
  kind: 'sales',
  what: `is of ${domain}, which is on the stop list since then: none of its people reaches sales`,
  why: `${by}: ${reason}. Taken back with npx baton stop-list --remove ${domain}`,
});

/** A task without a log was given to a rep at once. */
const ofTask = ({ createdAt, rep, reasons: given, routedBecause, log }: SalesTask): readonly Happening[] => {
  const whyNow = given.join('; ');
  if (!log) return [{ at: createdAt, kind: 'sales', what: `handed to ${rep}`, why: `${whyNow}. Why ${rep}: ${routedBecause}` }];
  return log.map((it) => {
    const why = it.what === 'assigned' ? `${whyNow}. Why ${it.rep}: ${it.because}` : it.because;
    return { at: it.at, kind: 'sales' as const, what: taskEventInWords(it), why };
  });
};
