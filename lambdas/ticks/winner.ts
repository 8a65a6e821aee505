import { judgeExperiment } from '#core/experiments/judge';
import { type Asked, type ExperimentState, type Running, runningIn } from '#core/experiments/rows';
import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import { canonicalJson } from '#core/sequences/canonical-json';
import { onTick } from '#lambdas/runtime';

type Handler = Use<'winner'>;

/** Looks at each experiment as often as it likes: the test is made for that. Whoever won is published, once, or advised. */
export const winner = (use: Handler) => async (): Promise<void> => {
  for (const artifact of await use.artifacts.current()) {
    const { sequence } = artifact;
    const known = await use.experiments.of(sequence);
    const running = runningIn([artifact]);
    for (const { split } of known)
      if (!running.some((it) => it.split === split)) await use.experiments.ask(sequence, split, undefined, use.clock.now());
    for (const it of running)
      await look(
        use,
        it,
        known.find(({ split }) => split === it.split),
      );
  }
};

const look = async (use: Handler, running: Running, before: ExperimentState | undefined): Promise<void> => {
  const { sequence, split } = running;
  const now = use.clock.now();
  const asked = askedOf(running);
  if (!before?.verdict || canonicalJson(askedOf(before)) !== canonicalJson(asked)) {
    await use.experiments.ask(sequence, split, asked, now);
    if (before?.design !== asked.design) return;
  }
  await decide(use, { ...before, ...asked }, now);
};

const decide = async (use: Handler, state: ExperimentState, now: Instant): Promise<void> => {
  const { sequence, split, rule, verdict } = state;
  if (!verdict || verdict.published || verdict.withdrawnAt !== undefined) return;
  const judgement = judgeExperiment(state, now);
  if (judgement.state === 'uneven') use.log.warn('experiment uneven', { sequence, split });
  if (judgement.state !== 'won') return;
  const { arm } = judgement;
  const isPublished = rule.mode === 'automatic';
  if (!isPublished && verdict.advised?.arm === arm) return;
  // Told first: should this process die in between, the owner is told again at the next look. Twice is better than never.
  await use.noticeQueue.push({ kind: isPublished ? 'winner-published' : 'winner-advised', sequence, step: split, why: arm, at: now });
  const done = isPublished
    ? await use.experiments.publish(state, { arm, at: now, by: 'rule' })
    : await use.experiments.advise(state, arm, now);
  if (done !== 'refused') use.log.info(isPublished ? 'winner published' : 'winner advised', { sequence, split, arm });
};

const askedOf = ({ design, rule, arms }: Asked): Asked => ({ design, rule, arms });

export const handler = onTick(winner);
