import * as z from 'zod';
import { readAnswerForm, reasonsOf, untilBounds } from '#core/answer-form';
import type { BriefFacts } from '#core/brief/facts';
import type { Row } from '#core/brief/parts';
import type { Rep } from '#core/config';
import type { AnswerChoice, BriefPartView, TaskList, TaskRow, TaskView } from '#core/console/views';
import { usualCurrencies } from '#core/currencies';
import type { Lead } from '#core/lead';
import { answerInWords, isOrphaned } from '#core/sales-answers';
import { type AnswerKind, answerKinds, type SalesTask, taskEventInWords } from '#core/sales-task';
import { isAtWork, workSecondsBetween } from '#core/working-hours';
import { giveAnswer } from '#lambdas/give-answer';
import { factsWith } from '#lambdas/sales/compose-brief';
import { type Answer, type Asked, fromCursor, oneOf, Refusal, toCursor } from './asked.ts';
import { aboutOf } from './leads.ts';

/** So many of a rep's open tasks are put in order; whoever has more has more than anybody can do. */
const mostOpen = 100;
const pageSize = 25;

/** One query, and two reads for each task of the page: its lead, and whom it went into. */
export const taskList = async (asked: Asked): Promise<Answer> => {
  const { use, query } = asked;
  const status = oneOf(query('status'), ['open', 'accepted', 'done', 'held'] as const, 'open');
  const rep = repAsked(asked, status === 'accepted');
  const after = fromCursor(query('after'));
  const page =
    status === 'held'
      ? await use.salesTasks.held(pageSize, after)
      : await use.salesTasks.ofRep(rep, status, status === 'open' ? mostOpen : pageSize, after);
  const tasks = status === 'open' ? page.tasks.toSorted(bestFirst) : page.tasks;
  const leads = await Promise.all(tasks.map((it) => leadOf(asked, it)));
  const view: TaskList = { rep, status, tasks: tasks.map((task, at) => rowOf(asked, task, leads[at])), ...toCursor(page.next) };
  return { json: view };
};

/** What somebody had taken on who left is everybody's. */
const repAsked = ({ who, query, live }: Asked, isTakenOn: boolean): string => {
  const own = who.rep?.rep ?? '';
  const asked = query('rep') || own;
  if (isTakenOn && asked !== '' && !namesOf(live).includes(asked)) return asked;
  if (asked === own || mayLookAtAll({ who }))
    return oneOf(
      asked,
      live.sales.team.map((it) => it.rep),
      own || (live.sales.team[0]?.rep ?? ''),
    );
  throw new Refusal(403, 'these are the tasks of somebody else');
};
const mayLookAtAll = ({ who }: Pick<Asked, 'who'>): boolean => who.groups.includes('marketing') || who.rep?.role === 'manager';

/** Of equals the one that has waited longest. */
const bestFirst = (one: SalesTask, other: SalesTask): number =>
  other.fit + other.engagement - (one.fit + one.engagement) || (one.createdAt < other.createdAt ? -1 : 1);

const leadOf = async ({ use }: Asked, { leadId }: SalesTask): Promise<Lead | undefined> =>
  (await use.leads.find(leadId)) ?? use.leads.find(await use.aliases.resolve(leadId));

const rowOf = (asked: Asked, task: SalesTask, lead: Lead | undefined): TaskRow => {
  const { taskId, status, rep: name, fit, engagement, grade, createdAt, releasedAt, acceptBy, doNotEmail, reasons } = task;
  const rep = repNamed(asked, name);
  const { sales, brand } = asked.live;
  const isDue = status === 'open' && acceptBy !== undefined;
  return {
    taskId,
    leadId: lead?.leadId ?? task.leadId,
    name: lead ? aboutOf(lead).name : '',
    company: lead ? aboutOf(lead).company : '',
    status,
    rep: name,
    fit,
    engagement,
    ...(grade !== undefined && { grade }),
    createdAt,
    ...(releasedAt !== undefined && { releasedAt }),
    ...(isDue && { acceptBy, ...(rep && { secondsLeft: workSecondsBetween(rep, sales, asked.now, acceptBy) }) }),
    isWorkTime: rep !== undefined && isAtWork(rep, sales, asked.now),
    zone: rep?.timeZone ?? brand.timeZone,
    doNotEmail: doNotEmail === true,
    reasons,
  };
};
const repNamed = ({ live }: Asked, name: string): Rep | undefined => live.sales.team.find((it) => it.rep === name);

/** A read for the task and its lead, one query of the lead's rows. */
export const taskView = async (asked: Asked): Promise<Answer> => {
  const task = await taskAsked(asked);
  const { use, live } = asked;
  const lead = await leadOf(asked, task);
  const rep = repNamed(asked, task.rep) ?? asked.who.rep ?? live.sales.team[0];
  const facts =
    lead && rep
      ? factsWith(
          use,
          { task, lead, live, history: await use.histories.ofLead(lead.leadId, 'eventual'), notice: 'new', rep },
          `/console/tasks/${task.taskId}`,
        )
      : undefined;
  const view: TaskView = {
    ...rowOf(asked, task, lead),
    email: lead?.email ?? '',
    from: facts?.from ?? task.from,
    routedBecause: task.routedBecause,
    passedOver: task.route?.passedOver ?? [],
    brief: facts ? briefOf(facts) : [],
    log: (task.log ?? []).map((it) => ({ at: it.at, words: taskEventInWords(it), because: it.because })),
    answers: task.answers.map((it) => ({ at: it.at, words: answerInWords(it) })),
    mayAnswer: choicesOf(asked, task),
  };
  return { json: view };
};

const taskAsked = async ({ use, who, params, live }: Asked): Promise<SalesTask> => {
  const task = await use.salesTasks.find(params.taskId ?? '');
  if (!task) throw new Refusal(404, 'there is no such task');
  const isNobodys = task.status === 'holding' || (who.rep && isOrphaned(task, namesOf(live)));
  if (task.rep !== who.rep?.rep && !isNobodys && !mayLookAtAll({ who }))
    throw new Refusal(403, `this task is with ${task.rep || 'nobody'}`);
  return task;
};

const briefOf = (facts: BriefFacts): readonly BriefPartView[] => {
  const rows = (all: readonly Row[]) => all.map(({ label, value }) => `${label}: ${value}`);
  const part = (title: string, lines: readonly string[], links: BriefPartView['links'] = []): readonly BriefPartView[] =>
    lines.length + links.length === 0 ? [] : [{ title, lines, links }];
  const linked = facts.rows.flatMap(({ value, url }) => (url === undefined ? [] : [{ words: value, url }]));
  return [
    ...part(
      'Who',
      [...rows(facts.rows.filter((it) => it.url === undefined)), ...(facts.localTime ? [`there it is: ${facts.localTime}`] : [])],
      linked,
    ),
    ...part(`Why now (${facts.score})`, [...facts.reasons, ...(facts.prediction === undefined ? [] : [facts.prediction])]),
    ...part('You could begin with', facts.opening ? [facts.opening.words, facts.opening.advice] : []),
    ...part('Last touches, in their time', rows(facts.touches)),
    ...part('Pages', rows(facts.pages)),
    ...part('What they told us', rows(facts.given)),
  ];
};

const namesOf = ({ sales }: Pick<Asked['live'], 'sales'>): readonly string[] => sales.team.map((it) => it.rep);

/** As sales.yaml has it; only of who has the task, or, where they took it on and left, of anybody in the team. */
const choicesOf = ({ who, live, now }: Asked, task: SalesTask): readonly AnswerChoice[] => {
  const { rep } = who;
  if (!rep || !who.groups.includes('sales') || (task.rep !== rep.rep && !isOrphaned(task, namesOf(live)))) return [];
  const outcomes = live.sales.outcomes ?? (['won', 'lost'] as const);
  const open: readonly AnswerKind[] = task.status === 'open' ? ['accept', 'reject', 'recycle'] : [];
  const kinds = task.status === 'accepted' ? outcomes : open;
  return kinds.map((answer) => ({
    answer,
    ...((answer === 'reject' || answer === 'recycle' || answer === 'lost') && { reasons: reasonsOf(live.sales.answers, answer) }),
    ...(answer === 'recycle' && { until: untilBounds({ now, madeAt: task.createdAt, zone: rep.timeZone }) }),
    ...(answer === 'won' && { asksAmount: true as const, currencies: usualCurrencies }),
  }));
};

export const AnswerBody = z.strictObject({
  answer: z.enum(answerKinds),
  reason: z.string().max(80).optional(),
  until: z.iso.date().optional(),
  amount: z.number().min(0).max(1e12).optional(),
  currency: z.string().max(3).optional(),
});

/** The same rules and the same one write as the page behind a brief's link. */
export const answerTask = async (asked: Asked): Promise<Answer> => {
  const { use, who, live, now } = asked;
  const task = await taskAsked(asked);
  if (!who.rep) throw new Refusal(403, 'your address is none of the team’s in sales.yaml: ask who looks after it to add you');
  const { amount, ...said } = asked.body as z.output<typeof AnswerBody>;
  const form = Object.fromEntries(Object.entries({ ...said, ...(amount !== undefined && { amount: String(amount) }) }));
  const known = readAnswerForm(form, live.sales.answers, { now, madeAt: task.createdAt, zone: who.rep.timeZone });
  if ('problems' in known) throw new Refusal(422, 'the answer is not complete', known.problems);
  const given = known.given.amount === undefined || amount === undefined ? known.given : { ...known.given, amount };
  const answered = await giveAnswer(use, task.taskId, given, { by: who.rep.rep, via: 'page' });
  if (!answered) throw new Refusal(404, 'there is no such task');
  const { decision } = answered;
  if (decision.do === 'refuse') throw new Refusal(409, refusals[decision.why]);
  if (decision.do === 'told' && !decision.isSame)
    throw new Refusal(409, `answered before: ${answerInWords(decision.standing)}. Nothing was changed`);
  const standing = answered.task.answers.at(-1);
  return { json: { said: standing ? answerInWords(standing) : 'taken' } };
};

const refusals = {
  reassigned: 'the task is with another rep by now',
  'not-out': 'nobody has the task yet: it waits until sales has room',
  'accept-first': 'won and lost come after accept',
  cancelled: 'the task was cancelled',
  left: 'you are in the team of sales.yaml no longer: ask who looks after it',
} as const;
