import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { addSeconds } from '#core/instant';
import { metricNames } from '#core/metrics';
import { queueNames } from '#core/queues';
import { askToErase } from '#lambdas/erase-lead';
import { createBehaviour } from '#local/behaviour';
import { demoStart } from '#local/demo';
import { salesBehaviour } from '#local/sales-behaviour';
import { testKeys } from '#local/settings';
import { watchWire } from '#local/wire';
import { createWorld, type World } from '#local/world';
import { consoleDoor, consoleRequests, cookieOf } from '#tests/helpers/console-door';
import { aTaskFor } from '#tests/helpers/tasks';

/** In every value that is a person's own: whatever is written anywhere else than in rows and mails must not hold it. */
const marker = 'Zyxmarker';
const count = 30;
const headers = { 'content-type': 'application/json', authorization: `Bearer ${testKeys.api.local}` };

/** All that was written, by where. */
const written = new Map<string, string[]>();
const note = (where: string, text: string) => void written.set(where, [...(written.get(where) ?? []), text]);

const lead = (at: number) => ({
  email: `${marker}.${at}@${marker}-${at}.example`,
  'first-name': `${marker}First${at}`,
  'last-name': `${marker}Last${at}`,
  company: `${marker} Homes ${at}`,
  phone: `+353 1 ${marker}`,
  'job-title': at % 3 === 0 ? 'Owner' : 'Site manager',
  employees: String(20 + at * 7),
  country: ['IE', 'DE', 'GB', 'US'][at % 4] ?? 'IE',
  'consent-topics': 'product-tips,events',
  'consent-at': '2026-02-20',
  'consent-source': 'webinar',
});

/** How the console answered, by who asked for what. */
const consoleAnswers: string[] = [];

/** A marketer and a rep sign in, look at everything, do everything, get something wrong, and sign out. */
const useConsole = async (world: World, reps: readonly { readonly rep: string; readonly email: string }[], emails: readonly string[]) => {
  const [marketer, rep] = [`${marker} Ana`, `${marker} Jonas`];
  const people = {
    ana: { id: 'person-1', name: marketer, email: `${marker}@${marker}.example`, groups: ['marketing'] },
    jonas: { id: 'person-2', name: rep, email: reps[0]?.email ?? '', groups: ['sales'] },
  } as const;
  const door = consoleDoor(world.portsFor('console'), people);
  const ask = async (token: string, method: string, path: string, body?: object) => {
    const sent = { origin: 'https://go.example.com', 'content-type': 'application/json', cookie: cookieOf(token) };
    const init = { method, headers: sent, ...(body && { body: JSON.stringify(body) }) };
    consoleAnswers.push(`${token} ${method} ${path} ${(await door.request(`https://go.example.com/console${path}`, init)).status}`);
  };
  const ids = emails.map((it) => world.ports.ids.leadId(it.toLowerCase()));
  const runs = (await Promise.all(ids.map((it) => world.ports.enrolments.ofLead(it)))).flat();
  const run = runs.find((it) => it.endedAt === undefined) ?? runs[0];
  const at = ids.indexOf(run?.leadId ?? '');
  const { taskId } = await aTaskFor(world, ids.find((_, other) => other !== at) ?? '', { taskId: 'task-1', rep: reps[0]?.rep ?? '' });
  const things = {
    leadId: ids[at] ?? '',
    email: emails[at] ?? '',
    taskId,
    sequence: run?.sequence ?? '',
    step: Object.keys((await world.ports.artifacts.newest(run?.sequence ?? ''))?.emails ?? {})[0] ?? '',
  };
  for (const token of Object.keys(people)) {
    await ask(token, 'GET', '/sign-in');
    for (const [route, { path, body }] of Object.entries(consoleRequests(things))) {
      const [method = ''] = route.split(' ');
      await ask(token, method, `/api${path}`, body && 'why' in body ? { ...body, why: `${marker} said so` } : body);
      if (body) await ask(token, method, `/api${path}`, { [marker]: marker, email: marker, why: marker, what: marker });
    }
    await ask(token, 'GET', `/api/leads?stage=${marker}`);
    await ask(token, 'GET', `/api/tasks/${marker}`);
    await ask(token, 'POST', '/api/sign-out', {});
  }
};

beforeAll(async () => {
  const consoleBefore = process.stdout.write;
  const marketing = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  const behaviour = createBehaviour('marker');
  watchWire();
  const world = await createWorld({
    stack: 'memory',
    compiled: compiled.map((it) => it.compiled),
    live: marketing.live,
    startAt: demoStart,
    seed: 'marker',
    hasConsole: true,
    ticksSlowedBy: () => 96,
    fate: (mail) => (mail.order % 17 === 0 ? [{ at: mail.at, kind: 'bounced', bounceType: 'Permanent' }] : behaviour.fateOf(mail)),
    reactTo: (event, mail) => behaviour.reactTo(event, mail),
    onBrief: salesBehaviour('marker', marketing.live.sales),
    mailFaults: (call) => (call % 23 === 5 ? 'timeout-after-accept' : call % 29 === 7 ? 'throttle' : undefined),
    onHandoffEvent: (event) => note('the bus', JSON.stringify(event)),
    log: (line) => note('logs', JSON.stringify(line)),
    onWireCall: ({ service, operation, input }) => {
      // Mail goes to whom it is for.
      if (service !== 'ses') note(`calls of ${service}`, `${operation} ${JSON.stringify(input)}`);
    },
  });
  for (const stream of [process.stdout, process.stderr])
    stream.write = ((text: string) => note('the console', String(text)) === undefined) as never;
  try {
    const post = (path: string, body: unknown) => world.app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    const leads = Array.from({ length: count }, (_, at) => lead(at));
    note('answers of the API', await (await post('/leads', { list: 'webinar', leads })).text());
    for (const { email } of leads) {
      const leadId = world.ports.ids.leadId(email.toLowerCase());
      const known = await world.ports.leads.find(leadId);
      for (const action of known ? behaviour.onLead(leadId, known.fields, demoStart) : []) world.actions.plan(action);
    }
    const events = leads.slice(0, 20).map(({ email }, at) => ({ id: `e-${at}`, name: 'trial.started', at: demoStart, email }));
    await post('/events', { events });
    // And what is wrong with it: problems must not repeat values either.
    await post('/leads', { list: 'webinar', leads: [{ email: `${marker} at nowhere`, employees: marker, 'time-zone': marker }] });
    await post('/events', { events: [{ id: 'bad', name: 'x', at: 'yesterday', email: `${marker}` }] });
    await post('/suppressions', { source: 'the tool before', suppressions: [{ email: leads[25]?.email, reason: 'unsubscribed' }] });
    const pages = ['GET', 'POST'].flatMap((method) => ['u', 'p', 'c', 'a'].map((page) => [method, `/${page}/${marker}`] as const));
    for (const [method, path] of pages) await world.app.request(path, { method });
    await world.runUntil(addSeconds(demoStart, 10 * 86_400));
    const mailed = world.mail.mails().filter((it) => it.tags.lead !== undefined);
    const leave = mailed.at(-1)?.headers.find((it) => it.name === 'List-Unsubscribe')?.value ?? '';
    await world.app.request(new URL(leave.slice(1, -1)).pathname, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    world.receive('reply-1', `From: ${marker} <${mailed[0]?.to}>\r\nTo: hello@x.example\r\nSubject: ${marker}\r\n\r\nCall me, ${marker}.`);
    world.receive('reply-2', `From: ${marker} <${marker}@nobody.example>\r\nTo: somebody@x.example\r\nSubject: ${marker}\r\n\r\n${marker}`);
    const { team } = marketing.live.sales;
    await useConsole(
      world,
      team,
      leads.slice(8, 20).map((it) => it.email),
    );
    await world.runUntil(addSeconds(demoStart, 40 * 86_400));
    await askToErase(world.ports, world.ports.ids.leadId(leads[3]?.email.toLowerCase() ?? ''), 'asked');
    await world.runUntil(addSeconds(demoStart, 45 * 86_400));
    for (const it of world.runner.list()) {
      note('executions', JSON.stringify(world.runner.describe(it.executionArn)));
      note('histories of executions', JSON.stringify(world.runner.history(it.executionArn)));
    }
    for (const name of queueNames) {
      for (const of of [name, `${name}-dead`]) for (const { body } of world.queues.messagesIn(of)) note('queues', body);
    }
    note('metrics', JSON.stringify([...world.metrics.counted]));
    note('rows', JSON.stringify((world.table as unknown as { all(): unknown }).all()));
    note('mails', JSON.stringify(world.mail.mails()));
  } finally {
    process.stdout.write = consoleBefore;
    delete (process.stderr as { write?: unknown }).write;
    await world.stop();
  }
}, 120_000);

describe('of people whose every value bears a mark', () => {
  it('much was written: leads, mails, bounces, handoffs, answers, erasures', () => {
    const lines = (written.get('logs') ?? []).join('\n');
    for (const message of ['lead enrolled', 'email sent', 'handoff held', 'lead erased', 'send unknown', 'lead unsubscribed'])
      expect(lines).toContain(message);
    expect(written.get('the bus')?.join('\n')).toContain('"kind":"created"');
    expect(written.get('the bus')?.join('\n')).toContain('"kind":"erased"');
    for (const where of [
      'calls of sqs',
      'calls of states',
      'calls of lambda',
      'executions',
      'histories of executions',
      'queues',
      'metrics',
    ])
      expect(`${where} ${(written.get(where) ?? []).length > 0}`).toBe(`${where} true`);
  });

  it('everything was done in the console by whoever may, and the log says who by id', () => {
    const taken = (token: string, method: string) =>
      consoleAnswers.filter((it) => it.startsWith(`${token} ${method} `) && / (200|202)$/.test(it));
    expect([taken('ana', 'GET').length > 12, taken('ana', 'POST').length > 7]).toEqual([true, true]);
    expect([taken('jonas', 'GET').length > 5, taken('jonas', 'POST').some((it) => it.includes('/answers'))]).toEqual([true, true]);
    expect(consoleAnswers.filter((it) => / 5\d\d$/.test(it))).toEqual([]);
    const logged = (written.get('logs') ?? []).filter((it) => it.includes('asked for by hand'));
    for (const act of ['pause-sequence', 'resume-sequence', 'pause-lead', 'resume-lead', 'exit-lead', 'erase-lead'])
      expect(`${act} ${logged.some((it) => it.includes(act) && it.includes('person-1'))}`).toBe(`${act} true`);
  });

  it('the mark is where it must be, in rows and in mails: so it would be found', () => {
    for (const where of ['rows', 'mails']) expect(written.get(where)?.join('').toLowerCase()).toContain(marker.toLowerCase());
  });

  it('it is nowhere else: not in logs, queues, executions, metrics, the console, the bus, or any call but those that mail', () => {
    for (const [where, texts] of written) {
      if (where === 'rows' || where === 'mails' || where === 'answers of the API') continue;
      const found = texts.filter((it) => it.toLowerCase().includes(marker.toLowerCase())).slice(0, 3);
      expect(`${where}: ${found.join(' | ')}`).toBe(`${where}: `);
    }
  });

  it('no address is either, nor the token of a link', () => {
    for (const where of [
      'logs',
      'queues',
      'executions',
      'histories of executions',
      'calls of sqs',
      'calls of states',
      'metrics',
      'the console',
    ]) {
      const text = (written.get(where) ?? []).join('\n');
      expect(`${where} ${/[\w.+-]+@[\w-]+\.\w+/.exec(text)?.[0] ?? ''}`).toBe(`${where} `);
      expect(`${where} ${/local\.[\w-]{20,}\.[\w-]{20,}/.exec(text)?.[0] ?? ''}`).toBe(`${where} `);
    }
  });

  it('metrics have one dimension, which is no id; traces carry nothing of ours', () => {
    const source = readFileSync('adapters/aws/metrics.ts', 'utf8');
    expect(source).not.toMatch(/addDimension|addMetadata/);
    expect(JSON.parse(written.get('metrics')?.[0] ?? '[]').map(([name]: [string]) => name)).toEqual(
      expect.arrayContaining(['emails-sent', 'leads-enrolled']),
    );
    expect(metricNames.every((it) => /^[a-z-]+$/.test(it))).toBe(true);
  });
});
