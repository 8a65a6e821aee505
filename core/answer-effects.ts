import type { SalesAnswers, ScoreRule } from './config.ts';
import type { Stage } from './lead.ts';
import type { AnswerFacts, StageMove } from './lifecycle.ts';
import { answerInWords } from './sales-answers.ts';
import type { SalesTask, TaskAnswer } from './sales-task.ts';

const kept: { readonly [rule in ScoreRule]: number } = { keep: 1, half: 0.5, reset: 0 };

/** The move that an answer makes. Its id is the task's and the answer's, so that a repeat writes the same row. */
export const moveBy = (task: Pick<SalesTask, 'taskId'>, answer: TaskAnswer, from: Stage, rules: SalesAnswers): StageMove => ({
  id: `${task.taskId}:${answer.answer}`,
  at: answer.at,
  from,
  to: stageAfter(answer, rules),
  by: 'sales',
  because: answerInWords(answer),
  answer: factsOf(task, answer, rules),
});

const stageAfter = ({ answer }: TaskAnswer, rules: SalesAnswers): Stage => {
  switch (answer) {
    case 'accept':
      return 'sal';
    case 'reject':
      return rules.reject.to;
    case 'recycle':
      return 'recycled';
    case 'won':
    case 'lost':
      return answer;
  }
};

const factsOf = ({ taskId }: Pick<SalesTask, 'taskId'>, answer: TaskAnswer, rules: SalesAnswers): AnswerFacts => {
  const { at: _at, by: rep, via: _via, ...said } = answer;
  const rule = answer.answer === 'reject' ? rules.reject.score : answer.answer === 'recycle' ? rules.recycle.score : undefined;
  return { taskId, rep, ...said, ...(rule !== undefined && { keeps: kept[rule] }) };
};

/** Whether this answer keeps the lead's company from sales. */
export const stopsCompany = ({ answer, reason }: TaskAnswer, rules: SalesAnswers): boolean => {
  if (reason === undefined) return false;
  if (answer === 'reject') return rules.reject.stopList.includes(reason);
  return answer === 'lost' && rules.lost.stopList.includes(reason);
};
