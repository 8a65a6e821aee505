import { meantHint } from '#core/did-you-mean';
import type { Report, YamlPath } from '#core/problems';
import { goalsOf } from './experiments.ts';
import { located } from './located.ts';
import type { Sequence, SplitStep, Step, WinnerRule } from './model.ts';
import { everyStep } from './plan.ts';

type Ruled = SplitStep & { readonly winner: WinnerRule };

/** A rule for a winner must be one that an arm can win by. */
export const checkWinners = (sequence: Sequence, report: Report): void => {
  for (const { step, path } of located(sequence.steps)) {
    if (step.kind !== 'split' || !step.winner) continue;
    const ruled: Ruled = { ...step, winner: step.winner };
    const at = [...path, 'winner'];
    checkRivals(ruled, at, report);
    if (step.winner.by === 'goal') checkGoal(ruled, sequence, at, report);
    else checkMails(ruled, sequence, at, report);
    checkTime(ruled, sequence, at, report);
  }
};

const checkRivals = ({ arms }: Ruled, at: YamlPath, report: Report): void => {
  if (arms.filter((it) => !it.holdout).length >= 2) return;
  report(at, {
    code: 'too-few-rivals',
    what: 'a winner needs at least two arms that are no holdout; a holdout cannot win',
    hint: 'the lift against the holdout is shown by `baton stats` where there are two arms beside it',
    at: 'key',
  });
};

const checkGoal = ({ arms }: Ruled, sequence: Sequence, at: YamlPath, report: Report): void => {
  const isGoal = (step: Step) => step.kind === 'exit' && step.as === 'goal';
  if (goalsOf(sequence).length === 0 && !everyStep(sequence.steps).some(isGoal))
    report([...at, 'by'], {
      code: 'no-goal',
      what: 'this sequence has no goal, so no arm could win by it',
      got: 'goal',
      allowed: '`exit: [ { on: <event>, as: goal } ]`, or by: click or by: reply',
    });
  for (const step of arms.flatMap((it) => everyStep(it.steps)).filter(isGoal))
    report([...at, 'by'], {
      code: 'goal-in-an-arm',
      what: `an arm that says itself that the goal is reached ("${step.id}") would always win`,
    });
};

const checkMails = ({ arms, winner }: Ruled, sequence: Sequence, at: YamlPath, report: Report): void => {
  const isMail = (step: Step) => step.kind === 'email';
  const known = everyStep(sequence.steps)
    .filter(isMail)
    .map((it) => it.id);
  (winner.mails ?? []).forEach((it, index) => {
    if (known.includes(it)) return;
    const what = '"mails" must name e-mail steps of this sequence';
    report([...at, 'mails', index], { code: 'unknown-email-step', what, got: it, allowed: known.join(', '), ...meantHint(it, known) });
  });
  const without = arms.filter((it) => !it.holdout && !everyStep(it.steps).some(isMail));
  if (winner.mails || without.length === 0) return;
  report([...at, 'by'], {
    code: 'arm-without-mail',
    what: `nobody can ${winner.by === 'click' ? 'click in' : 'answer'} an arm without an e-mail: ${without.map((it) => it.name).join(', ')}`,
    got: winner.by,
    allowed: 'an e-mail in each arm that is no holdout, or `mails: [ … ]` with the steps after the split that count',
  });
};

/** Who comes to the split only after its time is over adds nothing but noise. */
const checkTime = ({ id, winner }: Ruled, { steps }: Sequence, at: YamlPath, report: Report): void => {
  const soonest = soonestTo(steps, id) ?? 0;
  if (soonest < winner.withinSeconds) return;
  report(at, {
    code: 'within-too-short',
    what: `leads come to "${id}" after ${Math.floor(soonest / 86_400)} days at the earliest, when their time for the experiment is over`,
    allowed: 'within: <longer>; it counts from when a lead enters the sequence',
    at: 'key',
  });
};

/** Seconds from the beginning until a lead can come to a step. undefined: it is not among these. */
const soonestTo = (steps: readonly Step[], id: string): number | undefined => {
  let passed = 0;
  for (const step of steps) {
    if (step.id === id) return passed;
    const inside = innerLists(step).flatMap(({ after, list }) => {
      const found = soonestTo(list, id);
      return found === undefined ? [] : [after + found];
    });
    if (inside.length > 0) return passed + Math.min(...inside);
    passed += soonestThrough(step);
  }
  return undefined;
};

const soonestThrough = (step: Step): number => {
  if (step.onlyIf) return 0;
  if (step.kind === 'wait') {
    if ('until' in step.length) return 0;
    return 'seconds' in step.length ? step.length.seconds : (step.length.businessDays - 1) * 86_400;
  }
  const ways = innerLists(step).map(({ after, list }) => after + list.reduce((sum, it) => sum + soonestThrough(it), 0));
  return ways.length > 0 ? Math.min(...ways) : 0;
};

const innerLists = (step: Step): readonly { readonly after: number; readonly list: readonly Step[] }[] => {
  const atOnce = (list: readonly Step[]) => ({ after: 0, list });
  switch (step.kind) {
    case 'wait-for':
      return [...step.arms.map((it) => atOnce(it.steps)), { after: step.atMostSeconds, list: step.timedOut }];
    case 'branch':
    case 'split':
      return step.arms.map((it) => atOnce(it.steps));
    case 'repeat':
      return [atOnce(step.steps)];
    default:
      return [];
  }
};
