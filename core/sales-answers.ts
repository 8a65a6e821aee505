import type { SalesTask, TaskAnswer, TaskStatus } from './sales-task.ts';

/** What is said, before it is known by whom and when. */
export type GivenAnswer = Pick<TaskAnswer, 'answer' | 'reason' | 'until' | 'amount' | 'currency'>;

/**
 * reassigned: another rep has it. not-out: nobody has it yet. accept-first: a deal is won or lost by who took the lead on. left: whoever
 * asks is in the team no longer.
 */
export type Refusal = 'reassigned' | 'not-out' | 'accept-first' | 'cancelled' | 'left';
export type AnswerDecision =
  | { readonly do: 'write'; readonly status: TaskStatus; readonly answers: readonly TaskAnswer[] }
  /** Somebody answered before; `isSame`: it was this answer, by this rep. */
  | { readonly do: 'told'; readonly standing: TaskAnswer; readonly isSame: boolean }
  | { readonly do: 'refuse'; readonly why: Refusal };

/**
 * What becomes of an answer: the first one to a question stays. Accept, reject and recycle answer one question, won and lost another,
 * which only an accepted lead raises. `team`: who is in it by now. A link in a mailbox outlives its rep's time in the team: it answers
 * nothing then, and how it ended may be said by whoever is there. Pure; the write is conditional on the status and the rep that were read.
 */
export const decideAnswer = (
  task: Pick<SalesTask, 'status' | 'rep' | 'answers'>,
  given: GivenAnswer,
  who: Pick<TaskAnswer, 'at' | 'by' | 'via'>,
  team: readonly string[],
): AnswerDecision => {
  if (who.via === 'page' && !team.includes(who.by)) return { do: 'refuse', why: 'left' };
  if (task.status === 'cancelled') return { do: 'refuse', why: 'cancelled' };
  const standing = standingFor(task, isOutcome(given));
  if (standing) return { do: 'told', standing, isSame: isSame(standing, given, who.by) };
  if (task.rep === '' || task.status === 'holding') return { do: 'refuse', why: 'not-out' };
  if (task.rep !== who.by && !(team.includes(who.by) && mayEndFor(task, given, team))) return { do: 'refuse', why: 'reassigned' };
  if (isOutcome(given) && task.status !== 'accepted') return { do: 'refuse', why: 'accept-first' };
  return { do: 'write', status: statusAfter[given.answer], answers: [...task.answers, { ...given, ...who }] };
};

/** Of a lead that somebody took on who has left since, any of the team may say how it ended. */
const mayEndFor = ({ status, rep }: Pick<SalesTask, 'status' | 'rep'>, given: GivenAnswer, team: readonly string[]): boolean =>
  isOutcome(given) && isOrphaned({ status, rep }, team);

/** Taken on by somebody who is in the team no longer: open ones pass to others, these stay where they are. */
export const isOrphaned = ({ status, rep }: Pick<SalesTask, 'status' | 'rep'>, team: readonly string[]): boolean =>
  status === 'accepted' && !team.includes(rep);

const isOutcome = ({ answer }: Pick<TaskAnswer, 'answer'>): boolean => answer === 'won' || answer === 'lost';

/** A lead that went back has no deal: what ended the task is the answer to that too. */
const standingFor = ({ answers }: Pick<SalesTask, 'answers'>, asksForOutcome: boolean): TaskAnswer | undefined =>
  answers.find((it) => isOutcome(it) === asksForOutcome) ?? (asksForOutcome ? answers.find((it) => it.answer !== 'accept') : undefined);

const isSame = (standing: TaskAnswer, given: GivenAnswer, by: string): boolean =>
  standing.by === by &&
  (['answer', 'reason', 'until', 'amount', 'currency'] as const).every((it) => (standing[it] ?? undefined) === (given[it] ?? undefined));

const statusAfter = { accept: 'accepted', reject: 'rejected', recycle: 'recycled', won: 'won', lost: 'lost' } as const;

/** `ruth gave it back until 1 September 2026: no-budget-yet`. */
export const answerInWords = ({ answer, by, reason, until, amount, currency }: GivenAnswer & { readonly by: string }): string => {
  const why = reason === undefined ? '' : `: ${reason}`;
  switch (answer) {
    case 'accept':
      return `${by} took it on`;
    case 'reject':
      return `${by} did not want it${why}`;
    case 'recycle':
      return `${by} gave it back${until === undefined ? '' : ` until ${until.slice(0, 10)}`}${why}`;
    case 'won':
      return `${by} won it${amount === undefined ? '' : `: ${amount} ${currency ?? ''}`.trimEnd()}`;
    case 'lost':
      return `${by} lost it${why}`;
  }
};
