import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stores } from '#adapters/stores/stores';
import { placeOfRun, placeOfStage } from '#core/console/positions';
import type { Enrolment } from '#core/enrolment';
import { addSeconds, type Instant } from '#core/instant';
import { enrolmentSk, leadPk } from '#core/keys';
import { type Lead, stages } from '#core/lead';
import type { Ports } from '#core/ports';
import { addCells, type Cells } from '#core/report/cells';
import type { Item, Table } from '#core/table';
import { countForConsole } from '#lambdas/console/count-for-console';
import { recount } from '#lambdas/ticks/recount';
import { type StreamedTable, streamedTable } from '#tests/helpers/streamed-table';
import { aWorld, start } from '#tests/helpers/world';

/** `BATON_PROPERTY_RUNS=2000` for a long run. */
const numRuns = Number(process.env.BATON_PROPERTY_RUNS ?? 60);

const who = fc.nat({ max: 11 });
const lane = fc.nat({ max: 2 });
/** What leads do. `runs`: one of two sequences; `begins` gives it a new run where none is going on. */
const Life = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: fc.constant('comes' as const), who }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('stage' as const), who, to: fc.constantFrom(...stages) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('begins' as const), who, runs: fc.nat({ max: 1 }) }) },
  { weight: 8, arbitrary: fc.record({ does: fc.constant('parks' as const), who, runs: fc.nat({ max: 1 }), at: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('migrates' as const), who, runs: fc.nat({ max: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('ends' as const), who, runs: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('erased' as const), who }) },
);
type Life = typeof Life extends fc.Arbitrary<infer T> ? T : never;
const Ops = fc.oneof(
  { weight: 6, arbitrary: Life },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('delivers' as const),
      lane,
      most: fc.integer({ min: 1, max: 6 }),
      how: fc.constantFrom('well', 'dies before', 'dies after', 'in halves'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('again' as const), lane, from: fc.double({ min: 0, max: 0.99, noNaN: true }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('rolls' as const), lane }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('passes' as const), seconds: fc.integer({ min: 1, max: 400 }) }) },
  // `meanwhile`: while it reads.
  { weight: 4, arbitrary: fc.record({ does: fc.constant('recounts' as const), meanwhile: fc.array(Life, { maxLength: 4 }) }) },
);

type Run = { ports: Ports; stream: StreamedTable; clock: { now: Instant }; meanwhile: Life[]; turn: Promise<void> };

/** One after the other: an erased lead is not given a run in the same breath. */
const live = (run: Run, op: Life): Promise<void> => {
  run.turn = run.turn.then(() => lived(run, op));
  return run.turn;
};
const lived = async (run: Run, op: Life): Promise<void> => {
  const { table } = run.stream;
  const leadId = `lead${String.fromCharCode(97 + op.who)}`;
  const pk = leadPk(leadId);
  const profile = await table.get({ pk, sk: 'PROFILE' });
  if (op.does === 'comes') {
    if (!profile) await run.ports.leads.upsert({ leadId, email: `${leadId}@example.com`, fields: {}, consents: {} }, run.clock.now);
    return;
  }
  if (!profile) return;
  if (op.does === 'stage') return void (await run.ports.leads.moveStage(leadId, (profile as unknown as Lead).stage, op.to));
  if (op.does === 'erased') {
    // The profile first, as whoever erases does.
    await table.delete({ pk, sk: 'PROFILE' });
    for (const row of await table.query(pk, '')) await table.delete({ pk, sk: String(row.sk) });
    return;
  }
  const sequence = `sequence-${op.runs}`;
  const rows = await run.ports.enrolments.ofLead(leadId);
  const going = rows.find((it) => it.sequence === sequence && it.endedAt === undefined);
  if (op.does === 'begins') {
    const enrolmentId = `run-${rows.length}`;
    const version = 'v1';
    const fresh: Enrolment = {
      leadId,
      sequence,
      enrolmentId,
      version,
      leg: 1,
      enrolledAt: run.clock.now,
      trigger: 't',
      arms: {},
      seen: {},
    };
    if (!going) await run.ports.enrolments.create(fresh);
    return;
  }
  if (!going) return;
  const key = { pk, sk: enrolmentSk(sequence, going.enrolmentId) };
  const set: Item =
    op.does === 'parks' ? { step: `step-${op.at}` } : op.does === 'migrates' ? { version: 'v2' } : { endedAt: run.clock.now };
  await table.update(key, { set }, { exists: true });
};

const delivered = (run: Run, dies: 'before' | undefined) => {
  const { liveCounts } = run.ports;
  const save: typeof liveCounts.save = () => Promise.reject(new Error('it died'));
  return countForConsole(dies ? { ...run.ports, liveCounts: { ...liveCounts, save } } : run.ports);
};

const deliver = async (run: Run, of: number, most: number, how: string): Promise<void> => {
  const batch = run.stream.next(of, most);
  if (!batch) return;
  if (how === 'dies before') return void (await delivered(run, 'before')(batch).catch(() => undefined));
  const half = { ...batch, Records: batch.Records.slice(0, Math.ceil(batch.Records.length / 2)) };
  const taken = how === 'in halves' ? half : batch;
  await delivered(run, undefined)(taken);
  if (how !== 'dies after') run.stream.acknowledge(of, taken.Records.length);
};
const deliverAll = async (run: Run): Promise<void> => {
  for (let of = 0; of < run.stream.lanes; of++) while (run.stream.next(of, 5)) await deliver(run, of, 5, 'well');
};

/** One call. What puts figures together comes a quarter of an hour after what reads; all has been told of by then, or an alarm rings. */
const recounts = async (run: Run): Promise<void> => {
  run.clock.now = addSeconds(run.clock.now, 900);
  if ((await run.ports.recounts.state())?.phase === 'replace') await deliverAll(run);
  await recount(run.ports, { leads: 3, seconds: 60 })();
};
const wholeRecount = async (run: Run, between: () => Promise<void> = async () => undefined): Promise<void> => {
  const startedAt = run.clock.now;
  for (let call = 0; call < 200; call++) {
    if (((await run.ports.recounts.state())?.asOf ?? '') > startedAt) return;
    await between();
    await recounts(run);
  }
  throw new Error('the recount never ends');
};

type Op = typeof Ops extends fc.Arbitrary<infer T> ? T : never;
const step = async (run: Run, op: Op): Promise<void> => {
  run.clock.now = addSeconds(run.clock.now, 1);
  if (op.does === 'delivers') return deliver(run, op.lane, op.most, op.how);
  if (op.does === 'again') return delivered(run, undefined)(run.stream.again(op.lane, op.from, 4));
  if (op.does === 'rolls') return run.stream.roll(op.lane);
  if (op.does === 'passes') run.clock.now = addSeconds(run.clock.now, op.seconds);
  else if (op.does === 'recounts') {
    run.meanwhile.push(...op.meanwhile);
    await recounts(run);
    for (const it of run.meanwhile.splice(0)) await live(run, it);
  } else await live(run, op);
};

const begun = async (): Promise<Run> => {
  const world = await aWorld();
  const clock = { now: start };
  const stream = streamedTable(() => clock.now);
  const meanwhile: Life[] = [];
  const run = { stream, clock, meanwhile, turn: Promise.resolve() } as unknown as Run;
  const table: Table = {
    ...stream.table,
    query: async (pk, prefix, reading) => {
      const items = await stream.table.query(pk, prefix, reading);
      const op = pk.startsWith('LEAD#') && prefix === '' ? meanwhile.shift() : undefined;
      if (op) await live(run, op);
      return items;
    },
  };
  run.ports = {
    ...world.ports,
    ...stores(table, async () => [], { hasConsole: true, hasStream: true }),
    clock: { now: () => clock.now },
  };
  return run;
};

/** Every cell of stages, steps and versions, by the rows as they are. */
const truth = (rows: readonly Item[]): Cells => {
  const cells: Record<string, number> = {};
  const known = new Set(rows.filter((it) => it.sk === 'PROFILE').map((it) => it.pk));
  for (const row of rows) {
    if (row.sk === 'PROFILE') addCells(cells, { [placeOfStage((row as unknown as Lead).stage)]: 1 });
    if (!String(row.sk).startsWith('ENROLMENT#') || !known.has(String(row.pk))) continue;
    const place = placeOfRun(row as unknown as Enrolment);
    if (place !== undefined) addCells(cells, { [place]: 1 });
  }
  return cells;
};
const shown = async ({ ports }: Run): Promise<Cells> => {
  const cells: Record<string, number> = {};
  const { stages: byStage, sequences } = await ports.runFigures.all();
  for (const [stage, leads] of Object.entries(byStage)) if (leads !== 0) cells[placeOfStage(stage as Lead['stage'])] = leads;
  for (const of of ['sequence-0', 'sequence-1']) {
    const figures = await ports.runFigures.ofSequence(of);
    const at = Object.entries(figures?.cells ?? {}).filter(([name, runs]) => name.startsWith('at\t') && runs !== 0);
    for (const [name, runs] of at) cells[`run ${of}\t${name}`] = runs;
    const running = at.reduce((sum, [, runs]) => sum + runs, 0);
    const summary = sequences.find((it) => it.sequence === of);
    if (summary) expect(summary.running).toBe(running);
  }
  return cells;
};

/** Whoever is erased between being read and being written down has no place that says where it was read: found by a long run. */
const erasedWhileRead: [Op[], Op[]] = [
  [
    { does: 'recounts', meanwhile: [] },
    { does: 'recounts', meanwhile: [] },
    { does: 'recounts', meanwhile: [{ does: 'parks', who: 5, runs: 1, at: 0 }] },
    { does: 'recounts', meanwhile: [] },
    { does: 'delivers', lane: 0, most: 1, how: 'well' },
    { does: 'recounts', meanwhile: [] },
    { does: 'delivers', lane: 0, most: 1, how: 'well' },
    { does: 'delivers', lane: 0, most: 1, how: 'well' },
    { does: 'delivers', lane: 0, most: 1, how: 'well' },
  ],
  [
    { does: 'recounts', meanwhile: [] },
    { does: 'parks', who: 0, runs: 0, at: 0 },
    { does: 'passes', seconds: 1 },
    { does: 'passes', seconds: 1 },
    { does: 'ends', who: 0, runs: 0 },
    { does: 'recounts', meanwhile: [{ does: 'erased', who: 5 }] },
  ],
];
/** Whoever is erased and comes again under the same id while the night counts, and is read only then: the card that went was of the night before. */
const cameAgainWhileRead: [Op[], Op[]] = [
  [
    { does: 'recounts', meanwhile: [{ does: 'comes', who: 6 }] },
    { does: 'recounts', meanwhile: [{ does: 'erased', who: 4 }] },
    { does: 'recounts', meanwhile: [] },
    { does: 'comes', who: 4 },
    { does: 'recounts', meanwhile: [] },
    { does: 'recounts', meanwhile: [] },
    { does: 'passes', seconds: 1 },
    { does: 'passes', seconds: 1 },
    { does: 'parks', who: 0, runs: 0, at: 0 },
    { does: 'delivers', lane: 0, most: 1, how: 'well' },
    { does: 'begins', who: 0, runs: 0 },
  ],
  [],
];
const cameAgainBeforeItReads: [Op[], Op[]] = [
  [
    { does: 'erased', who: 0 },
    { does: 'recounts', meanwhile: [] },
    { does: 'passes', seconds: 118 },
    { does: 'erased', who: 5 },
    { does: 'recounts', meanwhile: [] },
    { does: 'recounts', meanwhile: [{ does: 'comes', who: 5 }] },
    { does: 'recounts', meanwhile: [] },
  ],
  [],
];
/** Erased and back between being read and being written down: there is a profile, but nobody wrote where it was read. */
const cameAgainAtOnce: [Op[], Op[]] = [
  [
    { does: 'recounts', meanwhile: [] },
    { does: 'recounts', meanwhile: [{ does: 'parks', who: 3, runs: 1, at: 0 }] },
    {
      does: 'recounts',
      meanwhile: [
        { does: 'erased', who: 3 },
        { does: 'comes', who: 3 },
      ],
    },
    { does: 'recounts', meanwhile: [] },
    { does: 'erased', who: 0 },
    { does: 'recounts', meanwhile: [] },
    { does: 'erased', who: 0 },
    { does: 'passes', seconds: 1 },
    { does: 'delivers', lane: 0, most: 1, how: 'well' },
  ],
  [],
];
/** All whom a sequence ever had are erased: the night counts nothing of it, and it must say so. */
const nobodyLeft: [Op[], Op[]] = [[0, 2, 4].map((of) => ({ does: 'erased', who: of })), []];

it('is what the rows say once all is told of, whatever comes twice, in parts or late, and whoever moves while the night counts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Ops, { minLength: 5, maxLength: 70 }), fc.array(Ops, { maxLength: 40 }), async (ops, night) => {
      const run = await begun();
      for (let at = 0; at < 6; at++) await live(run, { does: 'comes', who: at });
      for (let at = 0; at < 6; at++) await live(run, { does: 'begins', who: at, runs: at % 2 });
      // Of both sequences something is counted, so that there are figures to add to.
      await wholeRecount(run);
      run.clock.now = addSeconds(run.clock.now, 86_400);
      for (const op of ops) await step(run, op);
      await deliverAll(run);
      expect(await shown(run)).toEqual(truth(run.stream.rows.all()));
      run.clock.now = addSeconds(run.clock.now, 86_400);
      const left = [...night];
      await wholeRecount(run, async () => {
        for (const op of left.splice(0, 5)) await step(run, op);
      });
      await deliverAll(run);
      expect(await shown(run)).toEqual(truth(run.stream.rows.all()));
    }),
    {
      numRuns,
      examples: [erasedWhileRead, cameAgainWhileRead, cameAgainBeforeItReads, cameAgainAtOnce, nobodyLeft],
      endOnFailure: true,
      ...(process.env.BATON_PROPERTY_SEED && { seed: Number(process.env.BATON_PROPERTY_SEED) }),
    },
  );
});
