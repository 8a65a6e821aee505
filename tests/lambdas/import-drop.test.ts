import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type MemoryDrops, memoryDrops } from '#adapters/memory/memory-drops';
import type { DropMessage } from '#core/imports/drop';
import { addSeconds } from '#core/instant';
import type { Lead } from '#core/lead';
import type { Ports } from '#core/ports';
import { importDrop } from '#lambdas/events/import-drop';
import { Crash, randomOf } from '#local/prove/gate';
import { aMapping } from '#tests/helpers/mappings';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld } from '#tests/helpers/world';

const simple = aMapping('email: Mail\nupdated-at: At\ncolumns: { City: city }', 'list');
const live = { ...liveConfig, imports: { list: simple } };

/** A world with a drop folder; `crash` may end the process at any port call. */
const aFolder = async (crash: () => void = () => undefined) => {
  const world = await aWorld({ live });
  const drops = memoryDrops();
  const waiting: DropMessage[] = [];
  // Time passes by a second with every look at it, so that a part ends before its file.
  const clock = { at: world.clock.now(), step: 0 };
  const now = () => {
    clock.at = addSeconds(clock.at, clock.step);
    return clock.at;
  };
  const ports = {
    ...world.ports,
    clock: { now },
    drops,
    importQueue: { push: async (it: DropMessage) => void waiting.push(it) },
    wakeQueue: { push: async () => undefined },
  };
  const use = crashing(ports, crash);
  /** As SQS does it: what fails comes again, three minutes later. */
  const settle = async (...messages: readonly DropMessage[]) => {
    waiting.push(...messages);
    let deliveries = 0;
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      if (++deliveries > 3000) throw new Error('it never ends');
      try {
        await importDrop(use)(message);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        waiting.push(message);
        clock.at = addSeconds(clock.at, 180);
      }
    }
    return deliveries;
  };
  const told = (message: DropMessage) => {
    const all = [...filesOf(drops, message.key)];
    const text = all.filter(([key]) => key.endsWith('.csv')).map(([, it]) => it);
    const summary = JSON.parse(all.find(([key]) => key.endsWith('.json'))?.[1] ?? '{}') as Record<string, unknown>;
    return { report: text.join('').split('\r\n').slice(1, -1), summary };
  };
  const find = async (email: string) => ports.leads.find(await ports.aliases.resolve(ports.ids.leadId(email)));
  return { world, ports, drops, settle, told, find, clock };
};

/** Reports are named after the file and the hash of its notification. */
const filesOf = (drops: MemoryDrops, key: string): readonly (readonly [string, string])[] =>
  drops.keys().flatMap((it) => (it.startsWith(`reports/${key}.`) ? [[it, drops.read(it) ?? ''] as const] : []));

const ported = ['leads', 'aliases', 'formerLeads', 'consents', 'dropStates', 'importQueue', 'enrolQueue', 'suppressions', 'drops'] as const;
const crashing = (ports: Ports, crash: () => void): Ports => {
  const wrapped: Record<string, unknown> = { ...ports };
  for (const name of ported) {
    const port = ports[name] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const wrap =
      (call: (...args: unknown[]) => Promise<unknown>) =>
      async (...args: unknown[]) => {
        crash();
        const result = await call(...args);
        crash();
        return result;
      };
    wrapped[name] = Object.fromEntries(Object.entries(port).map(([method, call]) => [method, wrap(call)]));
  }
  return wrapped as unknown as Ports;
};

const listOf = (rows: number, cityOf = (at: number) => `City ${at}`): string =>
  [
    'Mail,At,City,Rest',
    ...Array.from({ length: rows }, (_, at) =>
      at % 10 === 9 ? `nobody,2026-01-01,x,` : `p${at}@example.com,2026-01-01,${cityOf(at)},"a\r\nb"`,
    ),
  ].join('\r\n');

describe('a list in the drop folder', () => {
  it('becomes leads, with a report beside it that names lines and columns and never a value', async () => {
    const { drops, settle, told, find } = await aFolder();
    const message = drops.put('leads/list/march.csv', listOf(50));
    await settle(message);
    expect((await find('p48@example.com'))?.fields).toEqual({ city: 'City 48' });
    const { report, summary } = told(message);
    expect(summary).toMatchObject({ state: 'done', rows: 50, taken: 45, rejected: 5, warnings: 0 });
    // Each row before has two lines.
    expect(report[0]).toBe('20,"Mail","this is not an e-mail address",rejected');
    expect(report).toHaveLength(5);
    expect(JSON.stringify([report, summary])).not.toMatch(/@example|City|nobody/);
  });

  it('goes through the queue of the embedded runtime, and lets its leads into what the list opens', async () => {
    const world = await aWorld({ live });
    const { put, read, keys } = world.ports.drops as MemoryDrops;
    const message = put('leads/list/a.csv', listOf(11));
    for (let times = 0; times < 2; times++) world.queues.sendMessage('imports', JSON.stringify(message));
    await world.runUntil(world.clock.now());
    expect(await world.ports.leads.find(world.ports.ids.leadId('p0@example.com'))).toMatchObject({ fields: { city: 'City 0' } });
    expect(JSON.parse(read(keys().find((it) => it.endsWith('.json')) ?? '') ?? '')).toMatchObject({ state: 'done', rows: 11 });
    expect(JSON.stringify(world.lines)).not.toMatch(/@example|leads\/list/);
    expect([...world.queues.messagesIn('imports'), ...world.queues.messagesIn('imports-dead')]).toEqual([]);
  });

  it('goes on from part to part, where the one before ended', async () => {
    const { drops, settle, told, find, clock } = await aFolder();
    clock.step = 3;
    const message = drops.put('leads/list/march.csv', listOf(900));
    expect(await settle(message)).toBeGreaterThan(5);
    expect(told(message)).toMatchObject({ summary: { state: 'done', rows: 900, taken: 810, rejected: 90 } });
    expect(told(message).report).toHaveLength(90);
    expect(await find('p898@example.com')).toBeDefined();
  });

  it('is imported once, however often it is told of; put there again it is imported again', async () => {
    const { drops, settle, told, ports } = await aFolder();
    const message = drops.put('leads/list/a.csv', listOf(30));
    await settle(message, message, message);
    let writes = 0;
    const { upsert } = ports.leads;
    ports.leads.upsert = async (...given) => {
      writes++;
      return upsert(...given);
    };
    await settle(message);
    expect(writes).toBe(0);
    expect(told(message).summary).toMatchObject({ rows: 30 });
    await settle(drops.put('leads/list/a.csv', listOf(30)));
    expect(filesOf(drops, 'leads/list/a.csv').filter(([key]) => key.endsWith('.json'))).toHaveLength(2);
  });

  it('stops when another file takes its place, says so, and imports that one', async () => {
    let calls = 0;
    let second: DropMessage | undefined;
    const { drops, settle, find, clock } = await aFolder(() => {
      if (calls++ === 1000)
        second = drops.put(
          'leads/list/a.csv',
          listOf(20, () => 'Newer'),
        );
    });
    clock.step = 3;
    const first = drops.put('leads/list/a.csv', listOf(400));
    await settle(first);
    const [summary] = filesOf(drops, first.key).filter(([key]) => key.endsWith('.json'));
    expect(JSON.parse(summary?.[1] ?? '')).toMatchObject({ state: 'refused', why: expect.stringContaining('took its place') });
    await settle(second as unknown as DropMessage);
    expect((await find('p0@example.com'))?.fields.city).toBe('Newer');
  });

  it.each([
    ['of no mapping', 'leads/other/a.csv', listOf(2), 'there is no imports/other.yaml'],
    ['called like what every object has', 'leads/constructor/a.csv', listOf(2), 'there is no imports/constructor.yaml'],
    ['in no folder', 'leads/a.csv', listOf(2), 'leads/<name of the mapping>/'],
    ['with another header', 'leads/list/a.csv', 'Mail,City\na@example.com,x', 'no column ""At""'],
    ['that is empty', 'leads/list/a.csv', '', 'the file is empty'],
    ['of Excel', 'leads/list/a.xlsx', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'save it as CSV'],
    ['that is torn', 'leads/list/a.csv.gz', gzipSync(listOf(20_000)).subarray(0, 30_000), 'compressed file is torn'],
    ['that is not compressed', 'leads/list/a.csv.gz', listOf(3), 'compressed file is torn'],
    ['with a wide row', 'leads/list/a.csv', 'Mail,At,City\na@example.com,2026-01-01,x,y\n', 'has 4 cells'],
    [
      'with half of its letters elsewhere',
      'leads/list/a.csv',
      Buffer.concat([
        Buffer.from(`${'Mail,At,City\n'}${'a@example.com,2026-01-01,é\n'.repeat(4000)}b@example.com,2026-01-01,`),
        Buffer.from([0xe9, 0x0a]),
      ]),
      'UTF-8',
    ],
  ])('%s is reported', async (_, key, content, words) => {
    const { drops, settle } = await aFolder();
    await settle(drops.put(key, content));
    expect(JSON.stringify(filesOf(drops, key)).replaceAll('\\"', '"')).toContain(words);
  });

  it('that is gone is reported as gone', async () => {
    const { settle, told } = await aFolder();
    const message = { key: 'leads/list/a.csv', etag: 'x' };
    await settle(message);
    expect(told(message).summary).toMatchObject({ state: 'refused', why: expect.stringContaining('not there') });
  });

  it.each(['utf-8', 'utf8-bom', 'windows-1252', 'utf-16le', 'utf-16be', 'gz'])('is read to its end in parts as %s', async (encoding) => {
    const { drops, settle, told, find, clock } = await aFolder();
    clock.step = 4;
    const text = listOf(300, (at) => `Zürich ${at}`);
    const bytes =
      encoding === 'gz'
        ? gzipSync(text)
        : encoding === 'utf8-bom'
          ? iconv.encode(text, 'utf-8', { addBOM: true })
          : iconv.encode(text, encoding, { addBOM: encoding.startsWith('utf-16') });
    const message = drops.put(`leads/list/a.csv${encoding === 'gz' ? '.gz' : ''}`, bytes);
    expect(await settle(message)).toBeGreaterThan(3);
    expect(told(message).summary).toMatchObject({ rows: 300, taken: 270, rejected: 30 });
    expect((await find('p298@example.com'))?.fields.city).toBe('Zürich 298');
  });

  it('gives the same leads and the same report, whatever dies on the way', async () => {
    const rows = (random: () => number) =>
      Array.from({ length: 120 }, () => {
        const who = Math.floor(random() * 25);
        return random() < 0.1
          ? 'nobody,2026-01-01,x'
          : `p${who}@example.com,2026-0${1 + Math.floor(random() * 3)}-0${1 + Math.floor(random() * 9)},${random() < 0.2 ? '' : `C${Math.floor(random() * 9)}`}`;
      });
    for (let seed = 1; seed <= 15; seed++) {
      const text = ['Mail,At,City', ...rows(randomOf(seed))].join('\n');
      const quiet = await aFolder();
      const expected = quiet.drops.put('leads/list/a.csv', text);
      await quiet.settle(expected);
      const random = randomOf(seed + 1000);
      const budget = { left: 25 };
      const rough = await aFolder(() => {
        if (budget.left <= 0 || random() > 0.02) return;
        budget.left--;
        throw new Crash('here');
      });
      rough.clock.step = 2;
      const message = rough.drops.put('leads/list/a.csv', text);
      await rough.settle(message, message);
      expect(budget.left).toBeLessThan(25);
      const { startedAt: _one, ...summary } = rough.told(message).summary;
      const { startedAt: _other, ...wanted } = quiet.told(expected).summary;
      expect(summary).toEqual(wanted);
      expect(rough.told(message).report).toEqual(quiet.told(expected).report);
      for (let who = 0; who < 25; who++) {
        const bare = (lead: Lead | undefined) => lead && { fields: lead.fields, times: lead.fieldTimes, email: lead.email };
        expect(bare(await rough.find(`p${who}@example.com`))).toEqual(bare(await quiet.find(`p${who}@example.com`)));
      }
    }
  }, 60_000);
});
