import { documents, dynamoClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { ensureTable } from '#adapters/aws/update-item';
import { createIds } from '#adapters/crypto/ids';
import { memoryTable } from '#adapters/memory/memory-table';
import { cardStore } from '#adapters/stores/cards';
import { stageIndex } from '#adapters/stores/items';
import { stores } from '#adapters/stores/stores';
import type { LiveConfig } from '#core/config';
import type { Card } from '#core/console/cards';
import { groups } from '#core/console/views';
import { addSeconds, type Instant } from '#core/instant';
import { leadPk, profileSk } from '#core/keys';
import { type Lead, type Stage, stages } from '#core/lead';
import type { Ports } from '#core/ports';
import type { Item, Table } from '#core/table';
import { consoleApi } from '#lambdas/console/console';
import type { DevOptions } from '#local/dev/dev-world';
import { startDynamo } from '#local/dynamo';
import { createMeter, meteredTable } from '#local/meter';
import { tableName } from '#local/settings';
import { playedWorld } from './console-world.ts';
import { number, type Part, type Row } from './row.ts';

const mostMilliseconds = 300;
const rounds = 5;

type View = { readonly name: string; readonly path: string; readonly body?: object };
type Measured = {
  readonly name: string;
  readonly milliseconds: number;
  readonly slowest: number;
  readonly reads: number;
  readonly readUnits: number;
  readonly bytes: number;
  readonly onDynamo?: { readonly calls: number; readonly readUnits: number };
};

/**
 * Every view of the console over many leads in the memory store, at the server: the rows of a played population with all that the nightly
 * recount keeps, and made-up leads around them. The same requests are then made on DynamoDB (dynalite), which says what it billed.
 */
export const consolePart = async (live: LiveConfig, compiled: DevOptions['compiled'], leads: number): Promise<Part> => {
  const played = await playedWorld(live, compiled);
  const table = memoryTable();
  for (const item of played.items) await table.put(item);
  const begun = performance.now();
  await makeLeads(table, leads, played.now, compiled);
  const madeIn = performance.now() - begun;
  const meter = createMeter();
  const ports: Ports = { ...played.ports, ...stores(meteredTable(table, meter), async () => [], { hasConsole: true }) };
  const app = appOn(ports, played.now, live);
  const views = viewsOf(played);
  const measured: Measured[] = [];
  for (const view of views) {
    const times: number[] = [];
    let bytes = 0;
    let [reads, readUnits] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const before = { reads: meter.calls.read ?? 0, units: meter.readUnits };
      const from = performance.now();
      bytes = await ask(app, view);
      times.push(performance.now() - from);
      [reads, readUnits] = [(meter.calls.read ?? 0) - before.reads, meter.readUnits - before.units];
    }
    const sorted = times.toSorted((one, other) => one - other);
    measured.push({
      name: view.name,
      milliseconds: sorted[Math.floor(rounds / 2)] ?? 0,
      slowest: sorted.at(-1) ?? 0,
      reads,
      readUnits,
      bytes,
    });
  }
  const billed = await onDynamo(played, views, live);
  const all = measured.map((it) => ({ ...it, onDynamo: billed.get(it.name) ?? { calls: 0, readUnits: 0 } }));
  await played.stop();
  return {
    title: `The console's views over ${number(leads)} leads in the memory store`,
    rows: [{ what: 'made in', value: `${number(madeIn / 1000)} s, ${number(table.size())} rows` }, ...all.map(rowOf)],
    figures: { leads, rows: table.size(), views: all },
  };
};

const rowOf = ({ name, milliseconds, slowest, reads, readUnits, bytes, onDynamo }: Measured): Row => ({
  what: name,
  value: `${number(milliseconds)} ms (slowest of ${rounds}: ${number(slowest)}), ${reads} reads, ${number(readUnits)} read units; on DynamoDB ${onDynamo?.calls ?? 0} calls, ${number(onDynamo?.readUnits ?? 0)} units; ${number(bytes / 1024)} KB`,
  target: { words: `under ${mostMilliseconds} ms`, isMet: milliseconds < mostMilliseconds },
});

type Played = Awaited<ReturnType<typeof playedWorld>>;

const viewsOf = ({ leadId, taskId, email, sequence }: Played): readonly View[] => [
  { name: 'who looks', path: '/me' },
  { name: 'sequences', path: '/sequences' },
  { name: 'one sequence, 28 days', path: `/sequences/${sequence}` },
  { name: 'one sequence, 91 days', path: `/sequences/${sequence}?days=91` },
  { name: 'search by address', path: '/leads/search', body: { email } },
  { name: 'leads of a stage, best first', path: '/leads?stage=lead' },
  { name: 'leads of a stage, newest first', path: '/leads?stage=lead&sort=newest' },
  { name: 'leads in a sequence', path: `/leads?sequence=${sequence}` },
  { name: 'leads at a step', path: `/leads?sequence=${sequence}&step=settle` },
  { name: 'leads of an owner', path: '/leads?owner=ruth' },
  { name: 'one lead', path: `/leads/${leadId}` },
  { name: 'sales inbox', path: '/tasks' },
  { name: 'one task', path: `/tasks/${taskId}` },
  { name: 'team', path: '/team' },
  { name: 'report, 91 days', path: '/report' },
  { name: 'report, 364 days', path: '/report?days=364' },
  { name: 'operations', path: '/operations' },
];

const appOn = (ports: Ports, now: Instant, live: LiveConfig) => {
  const rep = live.sales.team.find((it) => it.role === 'manager') ?? live.sales.team[0];
  return consoleApi(
    { ...ports, clock: { now: () => now } },
    { isDev: true, who: async () => ({ id: 'bench', name: 'bench', groups, ...(rep && { rep }) }) },
  );
};

const ask = async (app: ReturnType<typeof appOn>, { name, path, body }: View): Promise<number> => {
  const headers = { 'content-type': 'application/json', origin: 'http://localhost' };
  const answer = await app.request(`http://localhost${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : {});
  if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  return (await answer.text()).length;
};

/** The same rows but the made-up ones, for a read of an index or a partition costs what it brings, not what it passes over. */
const onDynamo = async (played: Played, views: readonly View[], live: LiveConfig) => {
  const dynamo = await startDynamo();
  const client = dynamoClient({
    region: 'us-east-1',
    endpoint: dynamo.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const bill = { calls: 0, readUnits: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as { TableName?: string; ReturnConsumedCapacity?: string };
      const isRead = input.TableName !== undefined && !('Item' in input) && !('KeySchema' in input);
      if (isRead) input.ReturnConsumedCapacity = 'TOTAL';
      const result = await next(args);
      const capacity = (result.output as { ConsumedCapacity?: { CapacityUnits?: number } }).ConsumedCapacity;
      if (isRead && capacity) {
        bill.calls++;
        bill.readUnits += capacity.CapacityUnits ?? 0;
      }
      return result;
    },
    { step: 'initialize' },
  );
  const found = new Map<string, { readonly calls: number; readonly readUnits: number }>();
  try {
    await ensureTable(client, tableName);
    const table = dynamoTable(documents(client), tableName);
    for (let at = 0; at < played.items.length; at += 32) await Promise.all(played.items.slice(at, at + 32).map((it) => table.put(it)));
    const app = appOn({ ...played.ports, ...stores(table, async () => [], { hasConsole: true }) }, played.now, live);
    for (const view of views) {
      const before = { ...bill };
      await ask(app, view);
      found.set(view.name, { calls: bill.calls - before.calls, readUnits: bill.readUnits - before.readUnits });
    }
  } finally {
    client.destroy();
    await dynamo.stop();
  }
  return found;
};

/** Of each ten leads so many stand there. */
const parts: readonly Stage[] = ['lead', 'lead', 'lead', 'lead', 'subscriber', 'subscriber', 'engaged', 'engaged', 'recycled', 'lost'];

/** Profiles by when they came, and their places in lists by score: in the order in which a store of sorted lists takes them fastest. */
const makeLeads = async (table: Table, count: number, now: Instant, compiled: DevOptions['compiled']): Promise<void> => {
  const ids = createIds('a key for figures only, of 32 and more characters');
  const sequences = compiled.map((it) => it.compiled.artifact).filter((it) => it.stepIds.length > 3);
  const made = Array.from({ length: count }, (_, at) => {
    const stage = parts[at % parts.length] ?? stages[0];
    const artifact = at % 3 === 0 ? sequences[at % sequences.length] : undefined;
    const runs = artifact ? [{ sequence: artifact.sequence, step: artifact.stepIds[at % artifact.stepIds.length] ?? '' }] : [];
    const fit = (at * 7919) % 60;
    return { leadId: ids.leadId(`somebody-${at}@made-up.example`), at, stage, fit, engagement: (at * 104_729) % 40, runs };
  });
  for (const { leadId, at, stage } of made) {
    const createdAt = addSeconds(now, -(count - at) * 30);
    const lead: Lead = {
      ...{ leadId, stage, createdAt, handoffs: 0, active: {} },
      email: `somebody-${at}@made-up.example`,
      fields: { 'first-name': `Somebody ${at}`, company: `Made-up ${at % 5000} Ltd`, country: 'IE', employees: at % 900 },
      consents: { tips: { given: true, at: createdAt, source: 'webinar' } },
    };
    await table.put({ pk: leadPk(leadId), sk: profileSk, ...(lead as unknown as Item), ...stageIndex(lead), revision: 1 });
  }
  const cards = cardStore(table);
  for (const it of made.toSorted(
    (one, other) => one.fit + one.engagement - (other.fit + other.engagement) || (one.leadId < other.leadId ? -1 : 1),
  )) {
    const { leadId, fit, engagement, runs, stage } = it;
    const figures = { leadId, fit, engagement, runs };
    const after: readonly Card[] = [
      { ...figures, name: 'stage', list: { stage } },
      ...runs.map((run) => ({ ...figures, name: `in ${run.sequence}`, list: run })),
    ];
    await cards.put(leadId, [], after);
  }
};
