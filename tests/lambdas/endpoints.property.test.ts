import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { handle, type LambdaContext } from 'hono/aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { bodyLimits, type EndpointName, endpointNames, endpoints } from '#core/endpoints';
import { addSeconds } from '#core/instant';
import { answerPage } from '#lambdas/api/answer-page';
import { collect } from '#lambdas/api/collect';
import { ingest } from '#lambdas/api/ingest';
import { pages } from '#lambdas/api/pages';
import { testKeys } from '#local/settings';
import { createWorld, type World } from '#local/world';
import { type ApiRequest, apiEvent } from '#tests/helpers/api-event';
import { consoleDoor } from '#tests/helpers/console-door';
import { fuzzPeople } from '#tests/helpers/fuzz-console';
import { choice, type FuzzRequest, goodChoice, mark, requestOf, type Target } from '#tests/helpers/fuzz-requests';
import { aTaskFor } from '#tests/helpers/tasks';
import { withResults } from '../../bin/bench/write.ts';

/** `BATON_FUZZ_REQUESTS=200000 BATON_FUZZ_WRITE=1` for the figures in docs/endpoints.md. */
const numRuns = Number(process.env.BATON_FUZZ_REQUESTS ?? 1000);

type Answer = {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly isBase64Encoded?: boolean;
};
type Call = (request: ApiRequest, path: string) => Promise<Answer>;

let target: Target;
let call: Call;
/** Rows and messages written so far; how often somebody asked is not among them. */
let writes = 0;

// The adapter prints each request that is none, such as a GET with a body.
const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
afterAll(() => printed.mockRestore());

beforeAll(async () => {
  const { live, ...marketing } = await loadMarketing('marketing');
  if (!live) throw new Error('marketing/ has errors');
  const { compiled } = await compileMarketing({ ...marketing, live });
  const world = await createWorld({
    stack: 'memory',
    // Open to POST /enrol, which none of the shipped ones is.
    compiled: compiled.map(({ compiled: { artifact, ...rest } }) => ({
      ...rest,
      artifact: { ...artifact, enter: { ...artifact.enter, also: [{ api: true }] } },
    })),
    live,
    startAt: '2026-03-23T13:00:00.000Z',
    seed: 'fuzz',
    hasConsole: true,
    onWrite: (pk) => void (pk.startsWith('LIMIT#') || writes++),
  });
  target = await freshTarget(world);
  call = gateway(world);
});

let made = 0;
/** A lead that left has nothing to see on its pages, and an answered task none: now and then there are others. */
const freshTarget = async (world: World): Promise<Target> => {
  const now = world.clock.now();
  const tasks = [];
  for (let count = 0; count < 3; count++) {
    const email = `fuzz${made++}@people.example`;
    const leadId = world.ports.ids.leadId(email);
    const consents = { events: { given: true, at: now, source: 'form' } };
    const fields = { 'first-name': mark, company: mark, country: 'DE' };
    await world.ports.leads.upsert({ leadId, email, fields, consents }, now);
    const { taskId, rep = '' } = await aTaskFor(world, leadId, { taskId: `task-${made}`, rep: 'jonas' });
    tasks.push({ taskId, rep, leadId });
  }
  const artifact = (await world.ports.artifacts.current()).find((it) => Object.keys(it.emails).length > 1);
  const sequence = { sequence: artifact?.sequence ?? '', step: Object.keys(artifact?.emails ?? {})[0] ?? '' };
  return { world, leadIds: tasks.map((it) => it.leadId), tasks, sequence };
};

/** As API Gateway hands requests to the functions; unlike it, also those that no route takes. */
const gateway = ({ ports }: World): Call => {
  const [ofPages, ofIngest, ofCollect, ofAnswers, ofConsole] = [
    handle(pages(ports)),
    handle(ingest(ports)),
    handle(collect(ports)),
    handle(answerPage(ports)),
    handle(consoleDoor(ports, fuzzPeople)),
  ];
  return async (request, path) => {
    const by = /^\/+a\//i.test(path)
      ? ofAnswers
      : /^\/+console/i.test(path)
        ? ofConsole
        : /^\/+(u|p|c|x)(\/|$)/i.test(path)
          ? ofPages
          : /^\/+(t|t\.js|f)(\/|$)/i.test(path)
            ? ofCollect
            : ofIngest;
    return (await by(apiEvent(request, path), {} as LambdaContext)) as unknown as Answer;
  };
};

const messages = () => target.world.queues.counts.sends;
type Figures = { requests: number; ok: number; refused: number; slowest: number };
const figures = Object.fromEntries(endpointNames.map((it) => [it, { requests: 0, ok: 0, refused: 0, slowest: 0 }])) as Record<
  EndpointName,
  Figures
>;

let fired = 0;
const fire = async (it: FuzzRequest): Promise<Answer> => {
  // A minute apart: what is looked at here is not the rate.
  target.world.clock.set(addSeconds(target.world.clock.now(), 60));
  const begun = performance.now();
  const answer = await call(it.request, it.path);
  const noted = figures[it.endpoint];
  noted.requests++;
  noted.slowest = Math.max(noted.slowest, performance.now() - begun);
  if (answer.statusCode < 400) noted.ok++;
  else noted.refused++;
  return answer;
};

describe('every public endpoint', () => {
  it(
    'answers whatever comes with a status of its own, shows nothing as it came, and looks without touching',
    async () => {
      await fc.assert(
        fc.asyncProperty(choice, async (chosen) => {
          if (++fired % 60 === 0) target = await freshTarget(target.world);
          const it = requestOf(target, chosen);
          const before = writes + messages();
          const answer = await fire(it);
          const shown = answer.isBase64Encoded ? Buffer.from(answer.body, 'base64').toString() : (answer.body ?? '');
          expect(answer.statusCode).toBeGreaterThanOrEqual(200);
          expect(answer.statusCode).toBeLessThan(500);
          if (it.request.method !== 'POST' || answer.statusCode === 401 || answer.statusCode === 413)
            expect(writes + messages()).toBe(before);
          if (isKeyed(it.endpoint) && !it.isKnown) expect([400, 401, 404, 413, 415]).toContain(await refusedAs(it, answer));
          if (/^\/console\/api\//.test(it.path) && !it.isKnown) expect(answer.statusCode).toBeGreaterThanOrEqual(400);
          expect(shown.length).toBeLessThan(2_000_000);
          expectNothingShown(it, answer, shown);
        }),
        { numRuns, endOnFailure: numRuns > 5000 },
      );
      if (process.env.BATON_FUZZ_WRITE) writeFigures();
      expect(Object.values(figures).filter((it) => it.requests === 0)).toEqual([]);
    },
    Math.max(120_000, numRuns * 60),
  );

  it('takes a good request: what is fuzzed is such a one with something wrong', async () => {
    target = await freshTarget(target.world);
    // What leaves everything comes last.
    for (const at of [...endpointNames.keys()].sort((one, other) => Number(isLeaving(one)) - Number(isLeaving(other)))) {
      const { request, path } = requestOf(target, goodChoice(at));
      const { statusCode } = await call(request, path);
      expect(`${endpointNames[at]} ${statusCode < 400 ? 'taken' : statusCode}`).toBe(`${endpointNames[at]} taken`);
    }
  });

  // One-click leaving counts whatever the body: only API Gateway limits it.
  const limited = endpointNames.filter((it) => endpoints[it].maxBytes > 0 && endpoints[it].maxBytes < bodyLimits.gateway);
  it.each(limited)('%s: a body that is larger than it may be is refused, unread', async (name) => {
    const [method = '', path = ''] = name.split(' ');
    const body = 'a'.repeat(endpoints[name].maxBytes + 1);
    const headers = { authorization: `Bearer ${testKeys.api.local}`, origin: 'https://lintel.example' };
    const before = writes + messages();
    expect((await call({ method, headers, body }, path.replace('{form}', 'walkthrough'))).statusCode).toBe(413);
    expect(writes + messages()).toBe(before);
  });

  it.each(endpointNames.filter((it) => isKeyed(it)))('%s: asks for a key, and limits whoever has one', async (name) => {
    const [method = '', path = ''] = name.split(' ');
    expect((await call({ method, body: '{}' }, path)).statusCode).toBe(401);
    const headers = { authorization: `Bearer ${testKeys.api.slow.key}` };
    target.world.clock.set(addSeconds(target.world.clock.now(), 60));
    const statuses = [];
    for (let asked = 0; asked < 3; asked++) statuses.push((await call({ method, headers, body: '{}' }, path)).statusCode);
    expect(statuses.map((it) => it === 429)).toEqual([false, false, true]);
  });
});

const isLeaving = (at: number): boolean => /^POST \/[up]\//.test(endpointNames[at] ?? '');
const isKeyed = (name: EndpointName): boolean => endpoints[name].who.startsWith('a system with a key');
/** Another path leads elsewhere; there nothing is said of this endpoint. */
const refusedAs = async ({ path }: FuzzRequest, { statusCode }: Answer): Promise<number> =>
  /^\/(leads|events|suppressions|addresses|replies|enrol|tasks)/.test(path) ? statusCode : 404;

const expectNothingShown = ({ endpoint }: FuzzRequest, { headers, statusCode }: Answer, shown: string): void => {
  const type = headers['content-type'] ?? '';
  // A browser shows JSON as text, and takes none of ours for anything else.
  if (!type.startsWith('application/json')) expect(shown).not.toMatch(/<fuzz|\sonfuzz='1'>/i);
  if (shown !== '') expect(type).toMatch(/^(text\/html|text\/plain|text\/javascript|text\/csv|application\/json)/i);
  expect(JSON.stringify(headers)).not.toMatch(/fuzz/i);
  expect(shown).not.toContain(testKeys.api.local);
  if (headers.refresh !== undefined) expect(headers.refresh).toMatch(/^0; url=\/console(\/|$)/);
  if (statusCode < 300 || statusCode >= 400 || statusCode === 304) return;
  expect(headers.location).toMatch(
    endpoint === 'GET /console/sign-in' ? /^https:\/\/pool\.example\/authorize\?/ : /^https:\/\/lintel\.example\//,
  );
};

const writeFigures = (): void => {
  const page = 'docs/endpoints.md';
  const sum = (pick: (it: Figures) => number) => Object.values(figures).reduce((total, it) => total + pick(it), 0);
  const slowest = Math.max(...Object.values(figures).map((it) => it.slowest));
  const text = [
    `\`BATON_FUZZ_REQUESTS=${numRuns} BATON_FUZZ_WRITE=1 npx vitest run tests/lambdas/endpoints.property.test.ts\` on ${new Date().toISOString().slice(0, 10)}:`,
    `${sum((it) => it.requests).toLocaleString('en')} requests, ${sum((it) => it.ok).toLocaleString('en')} taken, ${sum((it) => it.refused).toLocaleString('en')} refused, none with a 5xx; the slowest took ${Math.round(slowest)} ms.`,
    '',
    '| endpoint | requests | taken (2xx, 3xx) | refused (4xx) | 5xx | slowest |',
    '|---|---|---|---|---|---|',
    ...endpointNames.map(
      (it) =>
        `| \`${it}\` | ${figures[it].requests} | ${figures[it].ok} | ${figures[it].refused} | 0 | ${Math.round(figures[it].slowest)} ms |`,
    ),
  ].join('\n');
  writeFileSync(page, withResults(readFileSync(page, 'utf8'), 'fuzz', text));
};
