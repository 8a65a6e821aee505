import * as z from 'zod';
import { normaliseEmail } from '#core/address';
import { isConfirmation } from '#core/consent';
import type { Card, CardList } from '#core/console/cards';
import type { LeadList, LeadRow } from '#core/console/views';
import { oneLine } from '#core/email';
import { shards } from '#core/keys';
import { type Lead, type Stage, stages } from '#core/lead';
import { fitOf } from '#core/scoring';
import { type Answer, type Asked, fromCursor, oneOf, Refusal, toCursor } from './asked.ts';

const pageSize = 25;
export const SearchBody = z.strictObject({ email: z.string().trim().min(3).max(320) });

/** 2 reads: by the HMAC of the address, so that there is neither a list of addresses nor one in a URL. */
export const searchLead = async ({ use, body }: Asked): Promise<Answer> => {
  const address = normaliseEmail((body as z.output<typeof SearchBody>).email);
  if (address === undefined) throw new Refusal(422, 'this is not an e-mail address', [{ field: 'email', what: 'give a whole address' }]);
  const leadId = await use.aliases.resolve(use.ids.leadId(address));
  if (!(await use.leads.find(leadId))) throw new Refusal(404, 'nobody here has this address; look whether it is spelt as they gave it');
  return { json: { leadId } };
};

/** One query and a read for each lead of the page; by several filters at most eight of both; by newest, eight queries. */
export const leadList = async (asked: Asked): Promise<Answer> => {
  const { query } = asked;
  const sort = oneOf(query('sort'), ['score', 'newest'] as const, 'score');
  const filters = filtersOf(asked);
  const list = listOf(filters);
  const { stage, atLeast } = filters;
  if (sort === 'newest' && !('stage' in list && atLeast === undefined))
    throw new Refusal(400, 'newest first is there for a stage alone: leave out the other filters');
  const [page, figures, choices] = await Promise.all([
    'stage' in list && sort === 'newest' ? newest(asked, list.stage) : byScore(asked, list, filters),
    asked.use.runFigures.all(),
    choicesOf(asked),
  ]);
  const total = 'stage' in list && atLeast === undefined ? figures.stages[stage ?? 'lead'] : undefined;
  const view: LeadList = {
    leads: page.leads,
    ...toCursor(page.after),
    sort,
    ...(page.looked !== undefined && { looked: page.looked }),
    ...(total !== undefined && { total }),
    ...(figures.asOf !== undefined && { asOf: figures.asOf }),
    choices: {
      ...choices,
      stages: stages.map((it) => ({ stage: it, ...(figures.stages[it] !== undefined && { leads: figures.stages[it] }) })),
    },
  };
  return { json: view };
};

type Filters = {
  readonly stage?: Stage;
  readonly sequence?: string;
  readonly step?: string;
  readonly owner?: string;
  readonly atLeast?: number;
};

const filtersOf = ({ query, live }: Asked): Filters => {
  const [stage, sequence, step, owner, score] = ['stage', 'sequence', 'step', 'owner', 'score'].map((it) => query(it) || undefined);
  if (score !== undefined && !/^-?\d{1,5}$/.test(score)) throw new Refusal(400, 'a score is a whole number, such as 40');
  const reps = live.sales.team.map((it) => it.rep);
  return {
    ...(stage !== undefined && { stage: oneOf(stage, stages, 'lead') }),
    ...(sequence !== undefined && { sequence, ...(step !== undefined && { step }) }),
    ...(owner !== undefined && { owner: oneOf(owner, reps, owner) }),
    ...(score !== undefined && { atLeast: Number(score) }),
  };
};

/** The one that is read: the shortest there is, as a rule. */
const listOf = ({ stage, sequence, step, owner }: Filters): CardList => {
  if (owner !== undefined) return { owner };
  if (sequence !== undefined) return { sequence, ...(step !== undefined && { step }) };
  return { stage: stage ?? 'lead' };
};

type Page = { readonly leads: readonly LeadRow[]; readonly after: string | undefined; readonly looked?: number };

/** Of a page that is looked through. */
const mostQueries = 8;

/**
 * Who was erased or went into another lead since has no row. By several filters the list is read on until a page is full, or enough was
 * read: what is beyond comes with the next page.
 */
const byScore = async ({ use, query }: Asked, list: CardList, filters: Filters): Promise<Page> => {
  const isMore = [filters.stage, filters.sequence, filters.owner].filter((it) => it !== undefined).length > 1;
  const leads: LeadRow[] = [];
  let after = fromCursor(query('after'));
  let looked = 0;
  for (let asked = 0; asked < mostQueries && leads.length < pageSize; asked++) {
    const { cards, next } = await use.cards.page(list, pageSize, after, filters.atLeast);
    looked += cards.length;
    const fitting = cards.filter((it) => fits(it, filters));
    const found = await Promise.all(fitting.map((it) => use.leads.find(it.leadId)));
    leads.push(
      ...fitting.flatMap((card, at) => rowOf(found[at], card)).filter((it) => !isMore || (filters.stage ?? it.stage) === it.stage),
    );
    after = next;
    if (!isMore || after === undefined) break;
  }
  return { leads, after, ...(isMore && { looked }) };
};

/** What a card says beside its list; of the stage only the lead knows. */
const fits = ({ owner, runs }: Card, wanted: Filters): boolean =>
  (wanted.owner ?? owner) === owner &&
  (wanted.sequence === undefined ||
    runs.some((it) => it.sequence === wanted.sequence && (wanted.step === undefined || it.step === wanted.step)));

const rowOf = (lead: Lead | undefined, { fit, engagement, grade, owner, runs }: Card): readonly LeadRow[] =>
  lead ? [{ ...aboutOf(lead), fit, engagement, ...(grade !== undefined && { grade }), ...(owner !== undefined && { owner }), runs }] : [];

export const aboutOf = ({ leadId, stage, fields }: Lead): Pick<LeadRow, 'leadId' | 'name' | 'company' | 'stage'> => ({
  leadId,
  name: oneLine([fields['first-name'], fields['last-name']].filter(Boolean).join(' ')) || '(no name)',
  company: oneLine(String(fields.company ?? '')),
  stage,
});

/**
 * The stage index stands in eight parts, each by when the lead came: they are read from their ends and put together. A page begins after
 * the last lead of the one before, by time and id, so that each lead comes once, whoever comes or goes meanwhile.
 */
const newest = async ({ use, query, live }: Asked, stage: Lead['stage']): Promise<Page> => {
  const after = fromCursor(query('after'));
  const parts = await Promise.all(shards.map((shard) => use.recounts.newestIn({ stage, shard }, pageSize + 1, after)));
  const all = parts
    .flat()
    .toSorted((one, other) => (one.at === other.at ? (one.leadId < other.leadId ? 1 : -1) : one.at < other.at ? 1 : -1));
  const page = all.slice(0, pageSize);
  const last = page.at(-1);
  const leads = await Promise.all(page.map((it) => use.leads.find(it.leadId)));
  return {
    leads: leads.flatMap((lead) => (lead ? [{ ...aboutOf(lead), fit: fitOf(lead, live.scoring).points, runs: activeOf(lead) }] : [])),
    after: all.length > pageSize && last ? `${last.at}|${last.leadId}` : undefined,
  };
};

/** Those that may run; which step each is at only its row knows. */
const activeOf = ({ active }: Lead): LeadRow['runs'] =>
  Object.keys(active)
    .filter((it) => !isConfirmation(it))
    .map((sequence) => ({ sequence }));

const choicesOf = async ({ use, live }: Asked): Promise<Omit<LeadList['choices'], 'stages'>> => ({
  sequences: (await use.artifacts.current())
    .filter((it) => !isConfirmation(it.sequence))
    .map(({ sequence, outline, stepIds }) => ({ sequence, steps: outline?.map((it) => it.id) ?? stepIds })),
  owners: live.sales.team.map((it) => it.rep),
});
