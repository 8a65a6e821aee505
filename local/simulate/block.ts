import { drawsOf } from '#core/behaviour/draws';
import { addSeconds, type Instant } from '#core/instant';
import type { RowNote } from '#core/lead-import';
import { feedbackOf } from '#core/mail-feedback';
import { zoneOf } from '#core/time-zone';
import { importLeads } from '#lambdas/api/import-leads';
import { mappedBy } from '#lambdas/api/import-row';
import { createWorld, type World, type WorldOptions } from '#local/world';
import { countBlock } from './count-block.ts';
import { partOf } from './part.ts';
import { modelledPeople } from './people.ts';
import type { Block, Cells, Plan, Version } from './plan.ts';
import { blocksOf } from './plan.ts';
import { rowOf } from './population.ts';
import { recordedPeople } from './replay.ts';
import { simulatedSales } from './sales-people.ts';
import { type Story, storiesOf } from './stories.ts';
import { add, type Tally } from './tally.ts';

export type BlockOutcome = {
  readonly tally: Tally;
  readonly stories: readonly Story[];
  /** Wall milliseconds by handler: for benchmarks, in no report. */
  readonly times: { readonly [handler: string]: { readonly calls: number; readonly milliseconds: number } };
};

const day = 86_400;
/** Recurring work every twelve hours: the nightly recount walks at the one and replaces at the other. */
export const ticksSlowedBy = 48;

type Seams = Pick<WorldOptions, 'clients' | 'stack'> & {
  readonly wantsStories?: boolean;
  /** For tests: the world as it is at the end. */
  readonly onEnd?: (world: World, leadIds: readonly string[]) => void | Promise<void>;
};

/** One block of leads through its whole life: the embedded runtime's own world, every handler, machine, queue and tick of it. */
export const runBlock = async (plan: Plan, version: Version, block: Block, seams: Partial<Seams> = {}): Promise<BlockOutcome> => {
  const tally: Tally = new Map();
  const known = new Map<string, { readonly email: string; readonly zone: string }>();
  const positions = new Map<string, number>();
  const zone = (leadId: string) => known.get(leadId)?.zone ?? version.live.brand.timeZone;
  const people = plan.recorded
    ? recordedPeople(plan.recorded, (leadId) => known.get(leadId)?.email ?? '')
    : modelledPeople(plan.behaviour, plan.seed, zone);
  const sales = simulatedSales(plan, version.live);
  const rows = block.rows ?? rowsOf(plan, version, block);
  const arrivals = arrivalsOf(plan, rows);
  const leadIds = new Set<string>();
  const world = await createWorld({
    stack: seams.stack ?? 'memory',
    clients: 'clients' in seams ? seams.clients : 'direct',
    compiled: version.compiled,
    live: version.live,
    startAt: plan.startAt,
    seed: plan.seed,
    ticksSlowedBy: () => ticksSlowedBy,
    messageIdOf: ({ lead, enrolment, step, round, task }, order) =>
      enrolment === undefined ? `mail-${task ?? lead ?? order}-${step ?? 'brief'}` : `${enrolment}-${step}-${round}`,
    ...(blocksOf(plan) > 1 && { partOfMore: partOf(plan, version, block) }),
    onHandoffEvent: (event) => {
      for (const action of sales(event, world)) world.actions.plan(action);
    },
    onLead: (lead) => known.set(lead.leadId, { email: lead.email, zone: zoneOf(lead, version.live.brand).zone }),
    fate: (mail) => {
      const leadId = mail.tags.lead ?? '';
      const position = (positions.get(leadId) ?? 0) + 1;
      positions.set(leadId, position);
      return people.fateOf(mail, position);
    },
    reactTo: (event, mail) => {
      noteHealth(tally, event);
      return people.onMailEvent(event, mail);
    },
    onImport: async ({ id }) => {
      const { at, some } = arrivals.get(id) ?? { at: plan.startAt, some: [] };
      const report = await importLeads(world.ports)(sourceRows(some), {
        list: plan.list,
        ...(plan.mapping && { mapped: mappedBy(world.ports, plan.mapping) }),
        onLead: (leadId) => {
          leadIds.add(leadId);
          for (const action of people.onArrival(leadId, at)) world.actions.plan(action);
        },
      });
      for (const word of ['rows', 'created', 'updated', 'unchanged', 'askedToConfirm', 'tooOldToConfirm'] as const)
        add(tally, report[word], 'import', word);
      for (const { reason } of report.rejected) add(tally, 1, 'rejected', reason);
      for (const note of report.warnings) add(tally, 1, 'left-out', noteInWords(note));
    },
  });
  for (const [id, { at }] of arrivals) world.actions.plan({ id, at, leadId: '', do: 'import' });
  try {
    for (const { sequence, at, why } of plan.pauses) {
      await world.runUntil(at);
      await world.ports.line.pause(sequence, { at, by: 'stop-the-line', why });
    }
    await world.runUntil(addSeconds(plan.startAt, plan.days * day));
    const ids = [...leadIds].sort();
    await countBlock(tally, { world, version, leadIds: ids });
    await seams.onEnd?.(world, ids);
    return { tally, stories: seams.wantsStories ? await storiesOf(world, ids, version) : [], times: world.meter.handlers };
  } finally {
    await world.stop();
  }
};

/** Without what the list said there, so that there are few of them however long it is. */
const noteInWords = ({ column, reason }: RowNote): string =>
  `${column === undefined ? '' : `${column.replace(/\s+/g, ' ')}: `}${reason.replace(/ "[^"]*"(, "[^"]*")*/, '')}`;

const rowsOf = (plan: Plan, { live }: Version, { from, size }: Block): readonly Cells[] => {
  const { population } = plan;
  if (!population) return [];
  const topics = Object.keys(live.brand.topics);
  return Array.from({ length: size }, (_, at) => rowOf(population, topics, plan.seed, plan.startAt, from + at));
};

/** Who comes in when: all at the start, or each at a moment that its address decides. */
const arrivalsOf = (plan: Plan, rows: readonly Cells[]): ReadonlyMap<string, { readonly at: Instant; readonly some: readonly Cells[] }> => {
  if (plan.overDays === 0) return new Map([['import', { at: plan.startAt, some: rows }]]);
  const draw = drawsOf(plan.seed);
  return new Map(
    rows.map((cells, at) => {
      const seconds = Math.floor(draw(cells.email ?? String(at), 'comes in') * plan.overDays * day);
      return [`import-${at}`, { at: addSeconds(plan.startAt, seconds), some: [cells] }] as const;
    }),
  );
};

async function* sourceRows(rows: readonly Cells[]) {
  for (const [at, cells] of rows.entries()) yield { line: at + 2, cells };
}

/** By the hour and sequence, for the whole population's stop-the-line. */
const noteHealth = (tally: Tally, event: Parameters<NonNullable<WorldOptions['reactTo']>>[0]): void => {
  const { kind, at, sequence } = event;
  if (sequence === undefined) return;
  const trouble = kind === 'delivered' ? 'delivered' : feedbackOf(event);
  const word = typeof trouble === 'string' ? trouble : trouble && 'trouble' in trouble ? trouble.trouble : undefined;
  if (word !== undefined) add(tally, 1, 'health', sequence, at.slice(0, 13), word);
};
