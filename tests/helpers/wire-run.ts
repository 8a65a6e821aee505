import { createReadStream } from 'node:fs';
import { readCsv } from '#adapters/files/csv';
import type { MemoryDrops } from '#adapters/memory/memory-drops';
import { normaliseEmail } from '#core/address';
import type { LiveConfig } from '#core/config';
import { groups } from '#core/console/views';
import { addSeconds } from '#core/instant';
import { enrolmentSk, leadPk } from '#core/keys';
import type { Compiled } from '#core/sequences/compile';
import { consoleApi } from '#lambdas/console/console';
import { countForConsole } from '#lambdas/console/count-for-console';
import { askToErase } from '#lambdas/erase-lead';
import { createBehaviour } from '#local/behaviour';
import { demoStart } from '#local/demo';
import { testKeys } from '#local/settings';
import { onBehalfOf, type WireCall } from '#local/wire';
import { createWorld, type World } from '#local/world';
import { aMapping } from '#tests/helpers/mappings';

const leadsTaken = 120;
const days = 30;
const day = 86_400;

/**
 * A month of the embedded stack as AWS would be asked: leads by POST /leads, people who read, click, visit and leave, and
 * a mail service that now and then does not answer. Every call, in order.
 */
export const recordWireCalls = async (compiled: readonly Compiled[], live: LiveConfig): Promise<readonly WireCall[]> => {
  const calls: WireCall[] = [];
  const behaviour = createBehaviour('wire');
  const world = await createWorld({
    hasConsole: true,
    hasStream: true,
    stack: 'embedded',
    compiled,
    live: warmingUp(live),
    startAt: demoStart,
    seed: 'wire',
    ticksSlowedBy: () => 16,
    // Of some mails nothing is ever heard again: a call without an answer then stays unknown until it counts as sent.
    fate: (it) => (it.order % 40 === 8 ? [] : behaviour.fateOf(it)),
    reactTo: behaviour.reactTo,
    mailFaults: (call) => (call % 40 === 7 ? 'timeout-after-accept' : undefined),
    answerWebhook: () => ({ status: 200, answer: { plan: 'pro', seats: 12 } }),
    onWireCall: (call) => calls.push(call),
  });
  try {
    const leads = await firstLeads();
    await post(world, '/leads', { list: 'webinar', leads });
    for (const lead of leads) {
      const leadId = world.ports.ids.leadId(lead.email ?? '');
      const known = await world.ports.leads.find(leadId);
      for (const action of known ? behaviour.onLead(leadId, known.fields, world.clock.now()) : []) world.actions.plan(action);
    }
    await post(world, '/leads', { list: 'webinar', leads: leads.slice(0, 3).map((it) => ({ ...it, 'job-title': 'Site manager' })) });
    await post(world, '/events', { events: [{ id: 'wire-1', name: 'visited', path: '/pricing', at: demoStart, email: leads[0]?.email }] });
    const renewal = addSeconds(demoStart, 20 * day).slice(0, 10);
    await post(world, '/leads', { list: 'crm', leads: leads.slice(10, 13).map(({ email = '' }) => ({ email, 'renewal-date': renewal })) });
    await post(world, '/enrol', { enrolments: [{ id: 'wire', sequence: 'acting', email: leads[14]?.email }] });
    await world.runUntil(addSeconds(demoStart, 2 * day));
    await leaveByPage(world);
    await choosePreferences(world);
    await post(world, '/suppressions', {
      source: 'the tool before',
      suppressions: leads.slice(50, 52).map((it) => ({ email: it.email, reason: 'unsubscribed' })),
    });
    await moveAndJoin(world, leads);
    await useTheSite(world, leads);
    dropList(world, leads);
    for (const lead of leads.slice(0, 40)) await suppressInSilence(world, world.ports.ids.leadId(lead.email ?? ''));
    await world.runUntil(addSeconds(demoStart, (days - 1) * day));
    await answerMails(world);
    await answerTasks(world);
    reportAsSpam(world);
    await useTheConsole(world, leads, live);
    await countAMove(world, leads);
    await eraseOne(world, leads);
    await world.runUntil(addSeconds(demoStart, days * day));
    return calls;
  } finally {
    await world.stop();
  }
};

/** The last one who got a mail leaves, as a mail program's button does it. */
const leaveByPage = async (world: World): Promise<void> => {
  const headers = world.mail.mails().flatMap((it) => it.headers.find(({ name }) => name === 'List-Unsubscribe')?.value ?? []);
  const header = headers.at(-1) ?? '';
  const { pathname } = new URL(header.slice(1, -1));
  await world.app.request(pathname);
  await world.app.request(pathname, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
};

/** The embedded stack has no stream: a run that has begun, as the stream of the table tells of it. */
const countAMove = async (world: World, leads: readonly Record<string, string>[]): Promise<void> => {
  const pk = leadPk(world.ports.ids.leadId(leads[0]?.email ?? ''));
  const run = { pk, sk: enrolmentSk('acting', 'wire'), sequence: 'acting', version: 'wire', step: 'wait' };
  const NewImage = Object.fromEntries(Object.entries(run).map(([name, value]) => [name, { S: value }]));
  const seconds = Math.floor(Date.parse(world.clock.now()) / 1000);
  const Records = [{ dynamodb: { ApproximateCreationDateTime: seconds, SequenceNumber: '111', NewImage } }];
  await onBehalfOf('count-for-console', () => countForConsole(world.portsFor('count-for-console'))({ shardId: 'shard', Records }));
};

/** Every view once, and every act that somebody may do there. */
const useTheConsole = async (world: World, leads: readonly Record<string, string>[], live: LiveConfig): Promise<void> => {
  const ids = leads.map((it) => world.ports.ids.leadId(it.email ?? ''));
  const open = await Promise.all(live.sales.team.map(({ rep }) => world.ports.salesTasks.ofRep(rep, 'open', 1)));
  const task = open.flatMap((it) => it.tasks)[0];
  const rep = live.sales.team.find((it) => it.rep === task?.rep) ?? live.sales.team[0];
  const api = consoleApi(world.portsFor('console'), { isDev: false, who: async () => ({ name: 'Ana', groups, ...(rep && { rep }) }) });
  const ask = (path: string, body?: object) =>
    onBehalfOf('console', async () => {
      const headers = { 'content-type': 'application/json', origin: 'https://console.example' };
      const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {};
      const { status } = await api.request(`https://console.example${path}`, init);
      if (status >= 500) throw new Error(`${path} answered ${status}`);
    });
  const running = await Promise.all(ids.map((it) => world.ports.enrolments.ofLead(it)));
  const run = running.flat().find((it) => it.endedAt === undefined && it.token !== undefined);
  for (const view of [
    'me',
    'sequences',
    'leads',
    'leads?sort=newest',
    'leads?owner=jonas',
    'tasks',
    'tasks?status=held',
    'team',
    'report',
    'operations',
  ])
    await ask(`/${view}`);
  await ask('/sequences/trial-nurture');
  await ask('/leads?sequence=webinar-follow-up');
  await ask('/leads/search', { email: leads[20]?.email });
  for (const leadId of ids.slice(20, 24)) await ask(`/leads/${leadId}`);
  await ask(`/leads/${ids[20]}/pause`, { days: 1 });
  await ask(`/leads/${ids[20]}/resume`, {});
  if (run) await ask(`/leads/${run.leadId}/exit`, { sequence: run.sequence });
  await ask(`/leads/${ids[21]}/erase`, { email: leads[21]?.email });
  await ask('/sequences/webinar-follow-up/pause', { why: 'the wire check' });
  await ask('/sequences/webinar-follow-up/resume', {});
  if (task) await ask(`/tasks/${task.taskId}`);
  if (task) await ask(`/tasks/${task.taskId}/answers`, { answer: 'accept' });
  await world.runUntil(world.clock.now());
};

/** Somebody with an answer on record asks to be forgotten; the tick finishes what was asked for. */
const eraseOne = async (world: World, leads: readonly Record<string, string>[]): Promise<void> => {
  await world.runUntil(addSeconds(world.clock.now(), 3600));
  for (const { email = '' } of leads) {
    const { lead, events, enrolments } = await world.ports.histories.ofLead(world.ports.ids.leadId(email));
    if (!lead || !events.some((it) => it.reply?.mail)) continue;
    await askToErase(world.ports, lead.leadId, 'asked');
    if (enrolments.some((it) => it.endedAt === undefined)) return;
  }
};

/** One answers who is with sales, one is away, one wants out; a help desk tells of one more. */
const answerMails = async (world: World): Promise<void> => {
  const mails = world.mail.mails().filter((it) => it.tags.lead !== undefined && it.replyTo[0]?.startsWith('reply+'));
  const writers = [...new Map(mails.map((it) => [it.tags.lead, it])).values()];
  const withSales: string[] = [];
  for (const { tags } of writers) if ((await world.ports.leads.find(tags.lead ?? ''))?.handoffs) withSales.push(tags.lead ?? '');
  const [one, other, third] = [...writers.filter((it) => withSales.includes(it.tags.lead ?? '')), ...writers.slice(-2)].slice(-3);
  const answers = [
    { mail: one, head: 'Subject: Re: Hello', text: 'Yes.' },
    { mail: other, head: 'Subject: Out of office\r\nAuto-Submitted: auto-replied', text: 'I am out of the office.' },
    { mail: third, head: 'Subject: Re: Hello', text: 'Unsubscribe' },
  ];
  for (const [at, { mail, head, text }] of answers.entries())
    world.receive(`wire-${at}`, `From: ${mail?.to}\r\nTo: ${mail?.replyTo[0]}\r\n${head}\r\n\r\n${text}`);
  await post(world, '/replies', { replies: [{ id: 'wire-reply', at: world.clock.now(), email: writers[0]?.to, text: 'Yes.' }] });
};

/** Reps answer by page, in each way; a CRM tells of one; an old link asks for a new one; and each day that a lead comes back on. */
const answerTasks = async (world: World): Promise<void> => {
  const briefs = world.mail
    .mails()
    .filter((it) => it.tags.kind === 'sales-task' && it.tags.notice !== 'taken-back' && it.tags.notice !== 'cancelled');
  const byTask = [...new Map(briefs.map((it) => [it.tags.task ?? '', it])).entries()];
  const forms = [
    { answer: 'reject', reason: 'competitor' },
    { answer: 'accept' },
    { answer: 'won', amount: '900', currency: 'EUR' },
    { answer: 'recycle', reason: 'wrong-time', until: addSeconds(world.clock.now(), day).slice(0, 10) },
  ];
  for (const [at, [taskId, { tags }]] of byTask.slice(0, 4).entries()) {
    const claims = { taskId, rep: tags.rep ?? '', expiresAt: addSeconds(world.clock.now(), day) };
    const path = `/a/${world.ports.links.signAnswer(claims)}`;
    await world.app.request(path);
    // One is taken on by a CRM, and won on the page.
    if (at === 1) await post(world, `/tasks/${taskId}/answers`, { answer: 'accept' }).catch(() => undefined);
    for (const form of at === 1 ? forms.slice(1, 3) : forms.slice(at, at + 1))
      await world.app.request(path, { method: 'POST', body: new URLSearchParams(form as Record<string, string>) });
    const old = world.ports.links.signAnswer({ ...claims, expiresAt: demoStart });
    await world.app.request(`/a/${old}`, { method: 'POST' });
    await world.runUntil(world.clock.now());
  }
};

/** So that the day's ceiling is asked for, and met on the first days; that the month is counted; and that answers come to us. */
const warmingUp = (live: LiveConfig): LiveConfig => ({
  ...live,
  // Sales has little room: some wait, and are released.
  sales: { ...live.sales, atMostPerDay: 1, notify: [{ by: 'email' }, { by: 'slack', channel: 'sales' }] },
  imports: { list: aMapping('email: Mail\ncolumns: { City: city }', 'list') },
  brand: {
    ...live.brand,
    warmUp: { start: demoStart.slice(0, 10), perDay: [20, 30, 60, 200] },
    budget: { usd: 200, sesPlan: 'essentials' },
    replies: { at: 'reply.lintel.example' },
  },
});

/** Everything that the preference page offers, for the lead of some mail. */
const choosePreferences = async (world: World): Promise<void> => {
  const mail = world.mail.mails().findLast((it) => it.html.includes('/p/'));
  const path = new URL(/href="(https[^"]+\/p\/[^"]+)"/.exec(mail?.html ?? '')?.[1] ?? '').pathname;
  await world.app.request(path);
  for (const form of [
    { action: 'pause' },
    { action: 'unpause' },
    { action: 'save' },
    { action: 'save', topic: 'product-tips' },
    { action: 'leave-all' },
  ])
    await world.app.request(path, { method: 'POST', body: new URLSearchParams(form) });
};

/** A lead with a new address, and two leads that are one person. */
const moveAndJoin = async (world: World, leads: readonly Record<string, string>[]): Promise<void> => {
  const [one, other, third] = leads
    .slice(60)
    .map((it) => it.email ?? '')
    .filter((it) => normaliseEmail(it) !== undefined);
  await post(world, '/addresses', {
    changes: [
      { from: one, to: 'moved@elsewhere.example' },
      { from: other, to: third },
    ],
  });
  await post(world, '/events', { events: [{ id: 'wire-joined', name: 'visited', path: '/pricing', at: world.clock.now(), email: third }] });
};

/** Somebody new and somebody known fill in a form, and one who followed a mail's link looks round. */
const useTheSite = async (world: World, leads: readonly Record<string, string>[]): Promise<void> => {
  const origin = 'https://lintel.example';
  for (const email of ['new@site.example', leads[70]?.email ?? '']) {
    const body = new URLSearchParams({ email, 'first-name': 'Kim', company: 'New Ltd', consent: 'yes' });
    await world.app.request('/f/walkthrough', { method: 'POST', headers: { origin }, body });
  }
  const link = world.mail.mails().flatMap((it) => /[?;]bt=([\w.-]+)/.exec(it.html)?.[1] ?? [])[0];
  if (link === undefined) throw new Error('no mail has a link to the site');
  await world.app.request('/t', { method: 'POST', headers: { origin }, body: JSON.stringify({ t: link, p: '/pricing', i: 'wirevisit1' }) });
};

const dropList = (world: World, leads: readonly Record<string, string>[]): void => {
  const rows = leads.slice(80, 83).map((it) => `${it.email},Galway`);
  const message = (world.ports.drops as MemoryDrops).put('leads/list/wire.csv', ['Mail,City', ...rows].join('\r\n'));
  world.queues.sendMessage('imports', JSON.stringify(message));
};

/** One reader too many, and one more: their sequence pauses itself and its owner hears of it. */
const reportAsSpam = (world: World): void => {
  const mails = world.mail.mails().filter((it) => it.tags.sequence === 'webinar-follow-up' && it.tags.lead !== undefined);
  const readers = new Map(mails.map((it) => [it.tags.lead, it.messageId]));
  const at = world.clock.now();
  for (const messageId of [...readers.values()].slice(-4)) world.mail.plan(messageId, { at, kind: 'complained' });
};

/** A fact whose wake message was lost: whoever comes to the lead next must find it. */
const suppressInSilence = (world: World, leadId: string): Promise<void> =>
  world.ports.suppressions.add(leadId, { scope: 'GLOBAL', reason: 'complained', at: world.clock.now() });

const firstLeads = async (): Promise<readonly Record<string, string>[]> => {
  const leads: Record<string, string>[] = [];
  for await (const row of readCsv(createReadStream('examples/leads.csv'))) {
    if ('cells' in row) leads.push({ ...row.cells });
    if (leads.length === leadsTaken) break;
  }
  return leads;
};

const post = async (world: World, path: string, body: unknown): Promise<void> => {
  const answer = await world.app.request(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${testKeys.api.local}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
};
