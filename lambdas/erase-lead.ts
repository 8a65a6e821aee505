import { erasedEventOf } from '#core/erased-event';
import { afterLook, type ErasureCause, erasedAgain, erasureOf, idsOf, isOfBefore, isSomebodyNew, type Removed } from '#core/erasure';
import { retryableError } from '#core/errors';
import type { Instant } from '#core/instant';
import { profileSk } from '#core/keys';
import type { Lead } from '#core/lead';
import type { KeptErasure, Ports } from '#core/ports';
import { isOverdue } from '#core/retention';
import { running, type StopTelling, tellStop } from '#lambdas/tell-enrolments';

/** What it takes to note that a lead is to be erased. */
export type AskingUse = {
  readonly aliases: Pick<Ports['aliases'], 'resolve'>;
  readonly histories: Pick<Ports['histories'], 'ofLead'>;
  readonly salesTasks: Pick<Ports['salesTasks'], 'find'>;
  readonly erasures: Pick<Ports['erasures'], 'find' | 'save'>;
  readonly ids: Pick<Ports['ids'], 'taskId'>;
  readonly config: Ports['config'];
  readonly clock: Ports['clock'];
};

/** And to do it. */
export type ErasingUse = AskingUse &
  StopTelling & {
    readonly leads: Pick<Ports['leads'], 'find'>;
    readonly suppressions: Pick<Ports['suppressions'], 'add'>;
    readonly salesTasks: Pick<Ports['salesTasks'], 'find' | 'strip' | 'wake'>;
    readonly erasures: Pick<Ports['erasures'], 'find' | 'save' | 'removeRows'>;
    readonly replyMail: Pick<Ports['replyMail'], 'remove'>;
    /** The command line has no bus: then the tick tells, when it looks again within the hour. */
    readonly salesEvents?: Pick<Ports['salesEvents'], 'erased'>;
  };

/** Handoffs of a lead that went into this one: nobody counts them any more. */
const mostFormerTasks = 12;

/**
 * Puts on record that a lead is to be erased, with all that must be known for it, before anything is removed. Whoever dies later is
 * followed by the tick `erase-leads`. `unknown`: there is no such lead; the erasure of one that was erased before is given again.
 */
export const askToErase = async (use: AskingUse, asked: string, because: ErasureCause): Promise<KeptErasure | 'unknown'> => {
  const leadId = await use.aliases.resolve(asked);
  const [history, live, known] = await Promise.all([use.histories.ofLead(leadId), use.config.live(), use.erasures.find(leadId)]);
  const { lead } = history;
  if (history.mergedInto !== undefined) return askToErase(use, history.mergedInto, because);
  if (!lead) return known ?? 'unknown';
  const now = use.clock.now();
  if (because === 'retention' && !(live.brand.retention && isOverdue(lead, history, live.brand.retention, now))) return 'unknown';
  // Under way already, and nobody has come back since.
  if (known?.againAt !== undefined && known.looks === 0 && !isSomebodyNew(lead, known)) return known;
  const wish = erasureOf({ history: { ...history, lead }, live, taskIds: await tasksOf(use, lead), because, now });
  const saved = await use.erasures.save(known, known ? erasedAgain(known, wish) : wish);
  if (saved === 'refused') throw retryableError('somebody else erases this lead at this moment');
  return saved;
};

const tasksOf = async (use: AskingUse, lead: Lead): Promise<readonly string[]> => {
  const wanted = idsOf(lead).flatMap((id) => {
    const most = id === lead.leadId ? lead.handoffs + 1 : mostFormerTasks;
    return Array.from({ length: most }, (_, at) => use.ids.taskId(id, at + 1));
  });
  const found = await Promise.all(wanted.map((taskId) => use.salesTasks.find(taskId)));
  return found.flatMap((it) => (it ? [it.taskId] : []));
};

/**
 * One look: removes what there is of the lead. In this order: the word that no mail may go, the profile (from then on there is no such
 * lead), the runs are told, then all other rows, tasks and answers. Every step can be repeated; the record of it is written last.
 */
export const removeLead = async (use: ErasingUse, erasure: KeptErasure): Promise<KeptErasure> => {
  const now = use.clock.now();
  if (erasure.looks === 0 && erasure.because === 'retention' && !(await isStillOverdue(use, erasure, now))) return withdraw(use, erasure);
  if (erasure.looks === 0) for (const id of erasure.ids) await suppress(use, id, erasure.askedAt);
  const removed = { rows: 0, tasks: 0, mails: 0 };
  for (const id of erasure.ids) removed.rows += await removeRowsOf(use, id, erasure);
  for (const taskId of erasure.taskIds) if (await stripTask(use, taskId)) removed.tasks += 1;
  if (erasure.looks === 0) for (const key of erasure.mails) await use.replyMail.remove(key);
  const done: Removed = { ...removed, mails: erasure.looks === 0 ? erasure.mails.length : 0 };
  // Told again it says the same: its id is that of this wish.
  const isTold = erasure.isTold ?? (await tellOthers(use, erasure));
  const saved = await use.erasures.save(erasure, afterLook({ ...erasure, ...(isTold && { isTold }) }, done, now));
  if (saved === 'refused') throw retryableError('somebody else erases this lead at this moment');
  use.log.info('lead erased', { leadId: erasure.leadId, rows: removed.rows, look: saved.looks });
  return saved;
};

const tellOthers = async ({ salesEvents }: ErasingUse, erasure: KeptErasure): Promise<true | undefined> => {
  if (!salesEvents || erasure.ids.length === 0) return undefined;
  await salesEvents.erased(erasedEventOf(erasure));
  return true;
};

/** Its machine looks at once, and ends. */
const stripTask = async (use: ErasingUse, taskId: string): Promise<boolean> => {
  const isThere = await use.salesTasks.strip(taskId);
  const token = isThere ? await use.salesTasks.wake(taskId) : undefined;
  if (token !== undefined) await use.tokens.fail(token, 'Halt', 'erased');
  return isThere;
};

/** Who signs up again is asked to confirm, and no list brings anybody back. */
const suppress = (use: ErasingUse, id: string, at: Instant) => use.suppressions.add(id, { scope: 'ALL', reason: 'erased', at });

/** Whoever came back since, by signing up, is somebody new: only what a look that died left of before goes. */
const removeRowsOf = async (use: ErasingUse, id: string, erasure: KeptErasure): Promise<number> => {
  const { lead, enrolments } = await use.histories.ofLead(id);
  const isNew = lead !== undefined && isSomebodyNew(lead, erasure);
  if (isNew && erasure.looks > 0) return 0;
  const profile = isNew ? 0 : await use.erasures.removeRows(id, ({ sk }) => sk !== profileSk);
  const stop = { reason: 'erased', at: erasure.askedAt } as const;
  for (const run of running(enrolments)) if (!isNew || run.enrolledAt <= erasure.askedAt) await tellStop(use, run, stop);
  return profile + (await use.erasures.removeRows(id, (row) => isNew && !isOfBefore(row, erasure)));
};

/** Of who is gone already, and maybe back, the rest must go. */
const isStillOverdue = async (use: ErasingUse, erasure: KeptErasure, now: Instant): Promise<boolean> => {
  const history = await use.histories.ofLead(erasure.leadId);
  const { lead } = history;
  if (lead === undefined || isSomebodyNew(lead, erasure)) return true;
  const { retention } = (await use.config.live()).brand;
  return retention !== undefined && isOverdue(lead, history, retention, now);
};

/** Something happened with the lead after all. */
const withdraw = async (use: ErasingUse, erasure: KeptErasure): Promise<KeptErasure> => {
  const { againAt: _againAt, ...rest } = erasure;
  const saved = await use.erasures.save(erasure, { ...rest, ids: [], taskIds: [], mails: [], counts: {} });
  return saved === 'refused' ? erasure : saved;
};
