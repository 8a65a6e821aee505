import type { Context } from 'hono';
import { type AnswerForm, answerFields, readAnswerForm } from '#core/answer-form';
import { nameOf } from '#core/brief/facts';
import type { LiveConfig } from '#core/config';
import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import type { AnswerClaims } from '#core/ports';
import { decideAnswer } from '#core/sales-answers';
import type { SalesTask } from '#core/sales-task';
import { findPresentLead } from '#lambdas/aliases';
import { giveAnswer } from '#lambdas/give-answer';
import { acceptedForms, type Filled, openForms } from './answer-forms.ts';
import { expiredPage, leftPage, linkSentPage, savedPage, standsPage, toldPage } from './answer-words.ts';
import { lostPage, voiceOf } from './layout.ts';

type Handler = Use<'answer-page'>;

/** All that the page is made of. `who`: the lead, as the brief calls it. */
export type Asked = {
  readonly live: LiveConfig;
  readonly claims: AnswerClaims;
  readonly task: SalesTask;
  readonly who: string;
  readonly zone: string;
  readonly now: Instant;
};

/** GET: what can be answered. POST: answered, once; whoever comes later is told who answered and when. */
export const answerTask = (use: Handler) => ({
  show: async (c: Context) => {
    const asked = await look(use, c);
    if (!asked) return lost(use, c);
    if (hasLeft(asked)) return c.html(leftPage(asked), 410);
    if (isExpired(asked)) return c.html(expiredPage(asked), 410);
    return c.html(pageFor(asked, { form: { answer: c.req.query('answer') ?? '' }, problems: [] }));
  },
  act: async (c: Context) => {
    const asked = await look(use, c);
    if (!asked) return lost(use, c);
    if (hasLeft(asked)) return c.html(leftPage(asked), 410);
    const form = await formOf(c);
    if (isExpired(asked)) return sendAgain(use, c, asked);
    const { live, claims, task, now, zone } = asked;
    const read = readAnswerForm(form, live.sales.answers, { now, zone, madeAt: task.createdAt });
    if ('problems' in read) return c.html(pageFor(asked, { form, problems: read.problems }), 422);
    const answered = await giveAnswer(use, claims.taskId, read.given, { by: claims.rep, via: 'page' });
    if (!answered) return lost(use, c);
    const after = { ...asked, task: answered.task };
    const { decision } = answered;
    if (decision.do === 'write') return c.html(savedPage(after));
    if (decision.do === 'refuse')
      return decision.why === 'left' ? c.html(leftPage(after), 410) : c.html(standsPage(after, decision.why), 409);
    return decision.isSame ? c.html(savedPage(after)) : c.html(toldPage(after, decision.standing), 409);
  },
});

const lost = async (use: Handler, c: Context) => c.html(lostPage(voiceOf(await use.config.live(), 'en')), 404);

/** The link went to a rep who is in the team no longer: of the lead it shows nothing. */
const hasLeft = ({ claims, live }: Asked): boolean => !live.sales.team.some((it) => it.rep === claims.rep);

const isExpired = ({ claims, now }: Asked): boolean => now >= claims.expiresAt;

const look = async (use: Handler, c: Context): Promise<Asked | undefined> => {
  const claims = use.links.verifyAnswer(c.req.param('token') ?? '');
  if (!claims) return undefined;
  const [live, task] = await Promise.all([use.config.live(), use.salesTasks.find(claims.taskId)]);
  const lead = task && (await findPresentLead(use, task.leadId));
  if (!task || !lead) return undefined;
  const zone = live.sales.team.find((it) => it.rep === claims.rep)?.timeZone ?? live.brand.timeZone;
  return { live, claims, task, who: nameOf(lead), zone, now: use.clock.now() };
};

/** What this rep can say now; else how the task stands. */
const pageFor = (asked: Asked, filled: Filled) => {
  const { task, claims, now, live } = asked;
  const who = { by: claims.rep, via: 'page', at: now } as const;
  const team = live.sales.team.map((it) => it.rep);
  const first = decideAnswer(task, { answer: 'accept' }, who, team);
  if (first.do === 'write') return openForms(asked, filled);
  if (first.do === 'refuse') return first.why === 'left' ? leftPage(asked) : standsPage(asked, first.why);
  const outcome = decideAnswer(task, { answer: 'won' }, who, team);
  if (outcome.do === 'write') return acceptedForms(asked, filled);
  if (outcome.do === 'told') return toldPage(asked, outcome.standing);
  return outcome.why === 'left' ? leftPage(asked) : standsPage(asked, outcome.why);
};

const formOf = async (c: Context): Promise<AnswerForm> => {
  const body = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>);
  return Object.fromEntries(answerFields.flatMap((it) => (typeof body[it] === 'string' ? [[it, body[it].slice(0, 200)]] : [])));
};

/** The link lasts for so long only; the mailbox that it came to may have another. What was filled in is not taken: it may be weeks old. */
const sendAgain = async (use: Handler, c: Context, asked: Asked) => {
  const { task, claims } = asked;
  if (task.rep !== claims.rep) return c.html(standsPage(asked, 'reassigned'), 409);
  // There is nothing left to answer, and so nothing to send.
  if (task.status !== 'open' && task.status !== 'accepted') return c.html(pageFor(asked, { form: {}, problems: [] }), 409);
  await use.noticeQueue.push({ kind: 'task-link', taskId: task.taskId, rep: claims.rep, at: asked.now });
  return c.html(linkSentPage(asked));
};
