import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { type Options, register, run } from '#cli/import';
import { createPost } from '#cli/import/api';
import { addSeconds, toInstant } from '#core/instant';
import { testKeys } from '#local/settings';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld } from '#tests/helpers/world';

const fixtures = 'tests/fixtures/exports';
const running: { close(): void }[] = [];
afterEach(() => {
  for (const it of running.splice(0)) it.close();
});

type Trouble = (request: number) => number | undefined;

/** The API of a world in memory on loopback; `trouble`: answers the n-th request with this status instead, before or after the work. */
const anApi = async (trouble: Trouble = () => undefined, live = liveConfig) => {
  const world = await aWorld({ startAt: addSeconds(toInstant(Date.now()), 86_400), live });
  const bodies: { readonly path: string; readonly body: Record<string, unknown> }[] = [];
  let requests = 0;
  const server = serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request: Request) => {
      const number = requests++;
      const { pathname } = new URL(request.url);
      const body = await request.text();
      bodies.push({ path: pathname, body: JSON.parse(body) as Record<string, unknown> });
      const status = trouble(number);
      if (status === 429) return new Response('{}', { status, headers: { 'retry-after': '1' } });
      const answer = await world.app.request(pathname, { method: 'POST', body, headers: request.headers });
      return status === undefined ? answer : new Response('{}', { status });
    },
  });
  running.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pauses: number[] = [];
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  const bring = (files: readonly string[], options: Partial<Options>) =>
    run(files, { dir: 'marketing', type: {}, json: true, to, key: testKeys.api.local, ...options }, (it) => createPost({ ...it, pause }));
  const state = async () => (await world.ports.line.state()).suppressions;
  return { world, to, bodies, pauses, bring, state };
};

const copied = async (...names: readonly string[]) => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-import-'));
  for (const name of names) await copyFile(join(fixtures, name), join(folder, name));
  return { folder, files: names.map((it) => join(folder, it)) };
};
const aList = async (rows: number) => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-import-'));
  const file = join(folder, 'list.csv');
  const lines = Array.from({ length: rows }, (_, at) => (at % 50 === 49 ? 'nobody,unsubscribed' : `person-${at}@example.com,unsubscribed`));
  await writeFile(file, ['email,reason', ...lines].join('\n'));
  return { folder, file };
};

describe('baton import --suppressions', () => {
  it('brings Mailchimp’s two files over in one go, and opens the gate after the last', async () => {
    const { files, folder } = await copied('mailchimp-unsubscribed.csv', 'mailchimp-cleaned.csv');
    const text = await readFile(files[0] ?? '', 'utf8');
    await writeFile(files[0] ?? '', text.split('\n').slice(0, 3).join('\n'));
    const { bring, world, state, bodies } = await anApi();
    expect(await bring(files, { suppressions: true })).toMatchObject({
      files: [
        { format: 'Mailchimp, unsubscribed', rows: 2, counts: { accepted: 2 }, rejected: 0 },
        { format: 'Mailchimp, cleaned', rows: 1, counts: { accepted: 1 }, rejected: 0 },
      ],
      settled: true,
    });
    const id = world.ports.ids.leadId('otto.brandt@example.com');
    expect(await world.ports.suppressions.ofLead(id)).toMatchObject([{ scope: 'GLOBAL', reason: 'complained' }]);
    expect(await state()).toMatchObject({ how: 'imported', note: '3 from Mailchimp, unsubscribed; Mailchimp, cleaned' });
    expect(bodies.map((it) => it.body.more)).toEqual([true, true, undefined]);
    expect((await readdir(folder)).sort()).toEqual(['mailchimp-cleaned.csv', 'mailchimp-unsubscribed.csv']);
  });

  it('reports each wrong row by line and column, never with its address, and leaves the gate closed', async () => {
    const { files } = await copied('mailchimp-unsubscribed.csv');
    const { bring, state } = await anApi();
    const result = await bring(files, { suppressions: true });
    expect(result).toMatchObject({ settled: false, files: [{ rejected: 1, counts: { accepted: 2 }, report: `${files[0]}.report.csv` }] });
    expect(await state()).toBeUndefined();
    const report = await readFile(`${files[0]}.report.csv`, 'utf8');
    expect(report).toBe('line,column,what,kind\r\n4,"UNSUB_TIME","the time is missing or not a date",rejected\r\n');
    expect(JSON.stringify(result)).not.toContain('@example.com');
  });

  it('takes rows that are no address for what they are: nobody’s', async () => {
    const { files } = await copied('addresses.txt');
    const { bring } = await anApi();
    expect(await bring(files, { suppressions: true })).toMatchObject({
      settled: true,
      files: [{ rows: 3, rejected: 1, counts: { accepted: 2 } }],
    });
    expect(await readFile(`${files[0]}.report.csv`, 'utf8')).toContain('3,"email","this is not an e-mail address",rejected');
  });

  it('sends in batches, waits longer and longer while the API is busy or broken, and counts nothing twice', async () => {
    const { file } = await aList(450);
    const { bring, bodies, pauses, state } = await anApi((request) => ({ 0: 429, 2: 503, 3: 500, 4: 502 })[request]);
    const { files } = await bring([file], { suppressions: true });
    expect(files).toMatchObject([{ rows: 450, rejected: 9, counts: { accepted: 441 } }]);
    expect(Math.max(...bodies.map((it) => (it.body.suppressions as unknown[] | undefined)?.length ?? 0))).toBe(100);
    expect(pauses[0]).toBe(1000);
    expect(pauses).toHaveLength(4);
    expect(await state()).toMatchObject({ how: 'imported' });
  });

  it('goes on where it was cut off, with one report of the whole, and opens the gate only at the end', async () => {
    const { file, folder } = await aList(450);
    let isDown = true;
    const { bring, bodies, state, world } = await anApi((request) => (isDown && request >= 2 ? 503 : undefined));
    await expect(bring([file], { suppressions: true })).rejects.toThrow('to go on');
    expect(await state()).toBeUndefined();
    expect(await readdir(folder)).toContain('list.csv.baton-state.json');
    isDown = false;
    const before = bodies.length;
    const { files, settled } = await bring([file], { suppressions: true });
    expect(bodies.length - before).toBe(4);
    expect([files[0]?.rows, files[0]?.rejected, files[0]?.counts.accepted, settled]).toEqual([450, 9, 441, true]);
    const report = (await readFile(`${file}.report.csv`, 'utf8')).trim().split('\r\n');
    expect(report.slice(1).map((it) => Number(it.split(',')[0]))).toEqual([51, 101, 151, 201, 251, 301, 351, 401, 451]);
    expect(await readdir(folder)).toEqual(['list.csv', 'list.csv.report.csv']);
    for (const at of [0, 448])
      expect(await world.ports.suppressions.ofLead(world.ports.ids.leadId(`person-${at}@example.com`))).toHaveLength(1);
  });

  it('a second time changes nothing, as a row without a time has that of the file', async () => {
    const { file } = await aList(3);
    const { bring, world } = await anApi();
    const kept = () => world.ports.suppressions.ofLead(world.ports.ids.leadId('person-0@example.com'));
    await bring([file], { suppressions: true });
    const first = await kept();
    await world.advance('1 day');
    await bring([file], { suppressions: true });
    expect(await kept()).toEqual(first);
  });

  it('keeps the gate closed when SES’s list was not printed to its end', async () => {
    const { files } = await copied('ses.json');
    const [page = ''] = (await readFile(files[0] ?? '', 'utf8')).split('\n}\n');
    await writeFile(files[0] ?? '', `${page}\n}\n`);
    const { bring, state } = await anApi();
    expect(await bring(files, { suppressions: true })).toMatchObject({ settled: false, files: [{ counts: { accepted: 2 }, rejected: 1 }] });
    expect(await state()).toBeUndefined();
    expect(await readFile(`${files[0]}.report.csv`, 'utf8')).toContain('--next-token');
  });

  it('takes no empty file for an answer', async () => {
    const { folder } = await aList(1);
    await writeFile(join(folder, 'empty.csv'), 'email\n');
    const { bring, state } = await anApi();
    expect(await bring([join(folder, 'empty.csv')], { suppressions: true })).toMatchObject({ settled: false });
    expect(await state()).toBeUndefined();
  });
});

describe('baton import --no-suppressions', () => {
  it('puts on record why there is nothing to bring', async () => {
    const { bring, state } = await anApi();
    expect(await bring([], { suppressions: 'our first tool' })).toEqual({ files: [], settled: true });
    expect(await state()).toMatchObject({ how: 'declined', note: 'our first tool' });
  });

  it('is told apart from --suppressions on the command line', async () => {
    const seen: unknown[] = [];
    for (const words of [
      ['--suppressions', 'a.csv'],
      ['--no-suppressions', 'our first tool'],
      ['--list', 'x', 'a.csv'],
    ]) {
      const program = new Command();
      register(program);
      program.commands[0]?.action((files: unknown, options: Options) => void seen.push([files, options.suppressions]));
      await program.parseAsync(['node', 'baton', 'import', ...words]);
    }
    expect(seen).toEqual([
      [['a.csv'], true],
      [[], 'our first tool'],
      [['a.csv'], undefined],
    ]);
  });
});

describe('baton import --consents', () => {
  it('brings consents with their proof, and rejects who has none', async () => {
    const { files } = await copied('mailchimp-subscribed.csv', 'plain-consents.csv');
    const { bring, world } = await anApi();
    const { files: reports, settled } = await bring(files, { consents: true, topic: 'tips' });
    expect(reports).toMatchObject([
      { format: 'Mailchimp, subscribed', rows: 3, rejected: 1, counts: { created: 2 } },
      { rows: 3, rejected: 2, counts: { created: 1 } },
    ]);
    expect(settled).toBeUndefined();
    const double = await world.ports.leads.find(world.ports.ids.leadId('double@example.com'));
    expect(double).toMatchObject({
      fields: {},
      consents: {
        tips: { at: '2024-05-04T10:20:00.000Z', source: 'Mailchimp sign-up form', confirmed: { at: '2024-05-04T10:31:30.000Z' } },
      },
    });
    expect(await world.ports.leads.find(world.ports.ids.leadId('added-by-hand@example.com'))).toBeUndefined();
    expect(await readFile(`${files[1]}.report.csv`, 'utf8')).toMatch(/^3,"consent-at",.*\r\n4,"consent-source",/m);
  });
});

describe('baton import --list', () => {
  it('brings leads with their fields, and says which address came twice', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-import-'));
    const file = join(folder, 'leads.csv');
    await writeFile(file, 'Email,First Name,country\na@example.com,Ana,Germany\nb@example.com,Ben,DE\n A@Example.com,Ada,FR\n');
    const { bring, world } = await anApi();
    const { files } = await bring([file], { list: 'spring' });
    expect(files).toMatchObject([{ rows: 3, rejected: 1, warnings: 1, counts: { created: 2, askedToConfirm: 0 } }]);
    expect(await readFile(`${file}.report.csv`, 'utf8')).toBe(
      'line,column,what,kind\r\n2,"country","a country is two letters, such as DE; it was left out",warning\r\n4,"email","the same address as in line 2",rejected\r\n',
    );
    expect((await world.ports.leads.find(world.ports.ids.leadId('a@example.com')))?.fields).toEqual({ 'first-name': 'Ana' });
  });
});

describe('baton import --map', () => {
  /** A marketing folder with one mapping, and the API of who deployed it. */
  const deployed = async (mapping: string, trouble?: Trouble) => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-map-'));
    const dir = join(folder, 'marketing');
    await cp('marketing', dir, { recursive: true });
    await mkdir(join(dir, 'imports'), { recursive: true });
    await writeFile(join(dir, 'imports', 'crm-people.yaml'), mapping);
    const { live } = await loadMarketing(dir);
    const api = await anApi(trouble, { ...liveConfig, ...(live?.imports && { imports: live.imports }) });
    return { ...api, dir, file: join(folder, 'people.csv') };
  };
  const mapping =
    'email: Mail\nexternal-id: { column: Id, system: crm }\nupdated-at: At\ncolumns: { City: city, Size: { field: employees, read: number, decimal: comma } }\n';

  it('brings what the mapping reads and nothing else, goes on after a cut, and reports line, column and why', async () => {
    let isDown = true;
    const { bring, bodies, world, dir, file } = await deployed(mapping, (request) => (isDown && request >= 1 ? 503 : undefined));
    const rows = Array.from(
      { length: 150 },
      (_, at) => `p${at}@example.com,${at},2026-01-01,Cork,${at === 120 ? '1.5' : '"1.200,5"'},secret`,
    );
    await writeFile(
      file,
      ['Mail,Id,At,City,Size,Notes', ...rows, 'nobody,,2026-01-01,,,', 'p0@example.com,0,2026-02-01,Galway,,'].join('\n'),
    );
    const options = { map: 'crm-people', dir };
    await expect(bring([file], options)).rejects.toThrow('to go on');
    isDown = false;
    const { files } = await bring([file], options);
    expect(files).toMatchObject([{ format: 'imports/crm-people.yaml', rows: 152, rejected: 1, warnings: 1 }]);
    expect(JSON.stringify(bodies)).not.toContain('secret');
    expect(bodies[0]?.body).toMatchObject({ list: 'crm-people', map: { name: 'crm-people' } });
    const find = (email: string) => world.ports.leads.find(world.ports.ids.leadId(email));
    expect((await find('p0@example.com'))?.fields).toEqual({ city: 'Galway', employees: 1200.5 });
    expect(await readFile(`${file}.report.csv`, 'utf8')).toBe(
      'line,column,what,kind\r\n122,"Size","this is not a number with a decimal comma and was left out",warning\r\n152,"Mail","this is not an e-mail address",rejected\r\n',
    );
  });

  it('refuses another header, a mapping that is not there, and one that is not what is deployed', async () => {
    const { bring, bodies, dir, file } = await deployed(mapping);
    await writeFile(file, 'Mail,Id,At\na@example.com,1,2026-01-01\n');
    await expect(bring([file], { map: 'crm-people', dir })).rejects.toThrow('no column "City", "Size"');
    await expect(bring([file], { map: 'crm-peple', dir })).rejects.toThrow('did you mean "crm-people"');
    expect(bodies).toEqual([]);
    await writeFile(file, 'Mail,Id,At,City,Size\na@example.com,1,2026-01-01,x,1\n');
    await writeFile(join(dir, 'imports', 'crm-people.yaml'), `${mapping}country: IE\n`);
    await expect(bring([file], { map: 'crm-people', dir })).rejects.toThrow('deploy first');
  });
});

describe('baton import', () => {
  it.each<[string, Partial<Options>, string]>([
    ['a key that is none', { key: 'wrong' }, 'does not know this key'],
    ['no key', { key: '' }, 'BATON_API_KEY'],
    ['two modes', { list: 'x' }, 'one of --list'],
    ['consents of no topic', { suppressions: undefined as never, consents: true }, '--topic'],
    ['an open wire', { to: 'http://api.example.com' }, 'https'],
  ])('refuses %s before anything goes', async (_, options, words) => {
    const { file } = await aList(2);
    const { bring, bodies, state } = await anApi();
    const { suppressions, ...rest } = { suppressions: true as const, ...options };
    await expect(bring([file], { ...rest, ...(suppressions && { suppressions }) })).rejects.toThrow(words);
    expect(bodies.length).toBeLessThanOrEqual(1);
    expect(await state()).toBeUndefined();
  });

  it('prints counts and paths only, and ends with 1 when a row was rejected', async () => {
    const { to } = await anApi();
    const { files } = await copied('addresses.txt');
    const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const program = new Command();
    register(program);
    try {
      const options = ['--suppressions', '--to', to, '--key', testKeys.api.local];
      await program.parseAsync(['node', 'baton', 'import', ...options, ...files]);
      expect(process.exitCode).toBe(1);
      const text = said.mock.calls.flat().join('\n');
      expect(text).toContain('taken in 2, rejected 1');
      expect(text).toContain('production may send');
      expect(text).not.toContain('@example.com');
    } finally {
      process.exitCode = 0;
      said.mockRestore();
    }
  });
});
