import type { LiveConfig, Scoring } from '#core/config';
import type { Instant } from '#core/instant';
import type { SalesTask, TaskAnswer } from '#core/sales-task';
import type { Mark, TaskFacts } from './facts.ts';

type Around = {
  /** When the lead's next task was made. */
  readonly next: Instant | undefined;
  readonly marks: readonly Mark[];
  readonly live: Pick<LiveConfig, 'scoring'>;
  readonly now: Instant;
};

/** What became of one task; what happened to the lead until its next one is this one's. */
export const taskFactsOf = (task: SalesTask, { next, marks, live, now }: Around): TaskFacts => {
  const { createdAt: at, status, rep, answers } = task;
  const verdict = answers.find(isVerdict);
  const lostAnswer = answers.find((it) => it.answer === 'lost');
  const own = marks.filter((it) => it.at >= at && (next === undefined || it.at < next));
  const first = (to: Mark['to']): Instant | undefined => own.find((it) => it.to === to)?.at;
  const steps = { mql: task.releasedAt, sal: first('sal'), sql: first('sql'), won: first('won') };
  const lost = first('lost');
  return {
    at,
    rep: rep === '' ? 'nobody' : rep,
    status,
    reached: Object.fromEntries(Object.entries(steps).filter(([, when]) => when !== undefined)),
    ...(lost !== undefined && { lost }),
    ...(verdict && { verdict: verdict.answer, verdictAt: verdict.at }),
    ...(verdict?.reason !== undefined && { reason: verdict.reason }),
    ...(lostAnswer?.reason !== undefined && { lostReason: lostAnswer.reason }),
    sla: slaOf(task, verdict, now),
    sequences: [...new Set(task.from.map((it) => it.split(' at ', 1)[0] ?? it))].sort(),
    rules: rulesIn(task.reasons, live.scoring),
  };
};

type Verdict = TaskAnswer & { readonly answer: 'accept' | 'reject' | 'recycle' };
const isVerdict = (it: TaskAnswer): it is Verdict => it.answer === 'accept' || it.answer === 'reject' || it.answer === 'recycle';

/** By the moment that the task named first: one that sales was reminded of, or that went on to somebody else for it, was late. */
const slaOf = ({ acceptBy, status, breaches = {} }: SalesTask, verdict: Verdict | undefined, now: Instant): TaskFacts['sla'] => {
  if (acceptBy === undefined || status === 'holding') return 'none';
  if (Object.keys(breaches).length > 0) return 'missed';
  if (verdict) return verdict.at <= acceptBy ? 'kept' : 'missed';
  if (status === 'cancelled') return 'none';
  return now > acceptBy ? 'missed' : 'open';
};

/** Rules that gave points, found again by their words; a rule whose words changed since goes by the old ones. */
const rulesIn = (reasons: readonly string[], scoring: Scoring): readonly string[] => {
  const known = [...scoring.fit, ...scoring.engagement.rules].map((it) => it.because).sort((one, other) => other.length - one.length);
  const found = reasons.flatMap((reason) => {
    const [, words = reason, points = '1'] = /^(.*) \((-?\d+) points?\)$/.exec(reason) ?? [];
    if (Number(points) <= 0) return [];
    return [known.find((it) => words === it || words.startsWith(`${it}: `) || isTimes(words, it)) ?? words];
  });
  return [...new Set(found)].sort();
};

const isTimes = (words: string, because: string): boolean => words.startsWith(because) && / \d+ times?$/.test(words.slice(because.length));
