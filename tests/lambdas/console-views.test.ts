import { describe, expect, it } from 'vitest';
import { liveCountStore } from '#adapters/stores/live-counts';
import { emptySlot } from '#core/console/moves';
import type { LeadList, LeadView, OperationsView, SequenceList, SequenceView, TaskList, TaskView, TeamView } from '#core/console/views';
import { addSeconds } from '#core/instant';
import { recount } from '#lambdas/ticks/recount';
import { consoleFor } from '#tests/helpers/console-app';
import { aTaskFor } from '#tests/helpers/tasks';
import { aWorld, start } from '#tests/helpers/world';

/** The night after: everything that it counts for the console is there. */
const nightIn = async (world: Awaited<ReturnType<typeof aWorld>>) => {
  await world.runUntil(addSeconds(`${addSeconds(world.clock.now(), 86_400).slice(0, 10)}T02:00:00.000Z`, 60));
  for (let call = 0; call < 6; call++) await recount(world.ports)();
};

describe('the console', () => {
  it('tells a lead’s story in words, with its score, consents and what comes next', async () => {
    const world = await aWorld({ hasConsole: true });
    await world.did('trial.started');
    await world.advance('2 days');
    await world.did('visited', '/pricing');
    const view = await (await consoleFor(world.ports)).json<LeadView>(`/leads/${world.leadId}`);
    expect(view.timeline.map((it) => it.what)).toEqual(expect.arrayContaining(['entered nurture', 'looked at /pricing', 'became known']));
    expect(view.timeline.every((it, at, all) => at === 0 || (all[at - 1]?.at ?? '') >= it.at)).toBe(true);
    expect(view.score).toMatchObject({ engagement: 40, thresholds: [{ at: 30, what: expect.any(String) }] });
    expect(view.score.curve.at(-1)).toEqual({ at: world.clock.now(), engagement: 40 });
    expect(view.score.curve[0]?.engagement).toBe(0);
    expect(view.consents).toMatchObject([{ topic: 'tips', label: 'Tips', state: 'agreed' }]);
    expect(view.next.length).toBeGreaterThan(0);
    expect(view.runs).toMatchObject([{ sequence: 'nurture' }]);
  });

  it('finds a lead by its whole address and by nothing less', async () => {
    const world = await aWorld();
    const app = await consoleFor(world.ports);
    for (const email of ['kim@example.com', '  KIM@Example.com '])
      expect(await (await app.post('/leads/search', { email })).json()).toEqual({ leadId: world.leadId });
    for (const email of ['kim@example', 'ki@example.com', 'kim+x@example.com', 'example.com'])
      expect((await app.post('/leads/search', { email })).status).toBeGreaterThanOrEqual(404);
  });

  it('counts what moved since the night on top of it, and shows what check said of what is deployed', async () => {
    const world = await aWorld({ hasConsole: true });
    await world.did('trial.started');
    await world.advance('1 hour');
    await nightIn(world);
    const asOf = (await world.ports.runFigures.all()).asOf ?? '';
    const run = await world.run();
    // As a stack with a stream has it: a second run at the same step, and this one gone on.
    const at = (step: string) => `run nurture\tat\t${run?.version}\t${step}`;
    const since = { [asOf]: { [at('later')]: 1, [`run nurture\trunning\t${run?.version}`]: 1, 'stage\tlead': 2 } };
    await liveCountStore(world.table).save('shard', emptySlot, { revision: 1, seen: {}, since, asOf: addSeconds(asOf, 900) });
    const problem = {
      file: 'sequences/nurture/sequence.yaml',
      line: 3,
      column: 1,
      severity: 'warning' as const,
      code: 'late',
      what: 'it is late',
    };
    const other = { ...problem, file: 'sequences/nurture-b2b/sequence.yaml' };
    const app = await consoleFor({ ...world.ports, checked: { problems: async () => [problem, other] as never } });
    const list = await app.json<SequenceList>('/sequences');
    expect(list).toMatchObject({ runsAsOf: asOf, movedAt: addSeconds(asOf, 900), sequences: [{ runs: { running: 2 }, problems: 1 }] });
    expect((await app.json<LeadList>('/leads?stage=lead')).total).toBe(3);
    const view = await app.json<SequenceView>('/sequences/nurture');
    expect(view.versions).toMatchObject([{ running: 2 }]);
    expect(view.problems).toMatchObject([{ what: 'it is late', where: 'sequences/nurture/sequence.yaml, line 3' }]);
  });

  it('lists leads by stage, step and owner as the night found them, and counts them on the diagram', async () => {
    const world = await aWorld({ hasConsole: true });
    await world.did('trial.started');
    await world.advance('1 hour');
    await nightIn(world);
    const app = await consoleFor(world.ports);
    const step = (await world.run())?.step ?? '';
    const found = await app.json<LeadList>(`/leads?sequence=nurture&step=${step}`);
    expect(found.leads.map((it) => it.leadId)).toEqual([world.leadId]);
    expect((await app.json<LeadList>('/leads?sequence=nurture')).leads).toHaveLength(1);
    expect((await app.json<LeadList>('/leads?stage=lead')).leads).toMatchObject([
      { leadId: world.leadId, name: 'Kim', runs: [{ sequence: 'nurture', step }] },
    ]);
    expect((await app.json<LeadList>('/leads?stage=won')).leads).toEqual([]);
    expect((await app.json<LeadList>('/leads?stage=lead')).total).toBe(1);
    const list = await app.json<SequenceList>('/sequences');
    expect(list.sequences).toMatchObject([{ sequence: 'nurture', runs: { running: 1, entered: 1, ended: 0 }, mails: { sent: 1 } }]);
    const view = await app.json<SequenceView>('/sequences/nurture');
    expect(view.diagram.nodes.find((it) => it.id === step)).toMatchObject({ here: 1, came: 1 });
    expect(view.diagram.nodes.find((it) => it.id === '(start)')).toMatchObject({ came: 1, share: 1 });
    expect(view.diagram.edges.filter((it) => it.from === '(start)')).toMatchObject([{ runs: 1, share: 1 }]);
    expect(view.versions).toMatchObject([{ isCurrent: true, running: 1 }]);
  });

  it('takes a lead out of a list once it is there no more', async () => {
    const world = await aWorld({ hasConsole: true });
    await world.did('trial.started');
    await nightIn(world);
    const app = await consoleFor(world.ports);
    expect((await app.post(`/leads/${world.leadId}/exit`, { sequence: 'nurture' })).status).toBe(200);
    await world.advance('1 hour');
    expect(await world.run()).toMatchObject({ stop: { reason: 'exit' }, ending: 'stopped' });
    expect((await app.post(`/leads/${world.leadId}/exit`, { sequence: 'nurture' })).status).toBe(409);
    await nightIn(world);
    expect((await app.json<LeadList>('/leads?sequence=nurture')).leads).toEqual([]);
    expect((await app.json<SequenceView>('/sequences/nurture')).endings).toMatchObject([{ ending: 'exit', runs: 1 }]);
  });

  it('pauses mail to a lead and lets it go on', async () => {
    const world = await aWorld();
    const app = await consoleFor(world.ports);
    expect((await app.post(`/leads/${world.leadId}/resume`, {})).status).toBe(409);
    await app.post(`/leads/${world.leadId}/pause`, { days: 10 });
    const paused = await app.json<LeadView>(`/leads/${world.leadId}`);
    expect(paused.pausedUntil).toBe(addSeconds(start, 10 * 86_400));
    expect(paused.held).toHaveLength(1);
    await app.post(`/leads/${world.leadId}/resume`, {});
    expect((await app.json<LeadView>(`/leads/${world.leadId}`)).pausedUntil).toBeUndefined();
  });

  it('erases whoever’s address is typed again, by the way that erasing goes', async () => {
    const world = await aWorld({ hasConsole: true });
    const app = await consoleFor(world.ports);
    expect((await app.post(`/leads/${world.leadId}/erase`, { email: 'kin@example.com' })).status).toBe(422);
    expect(await world.ports.erasures.find(world.leadId)).toBeUndefined();
    expect((await app.post(`/leads/${world.leadId}/erase`, { email: 'Kim@example.com' })).status).toBe(200);
    await world.advance('1 hour');
    expect(await world.ports.leads.find(world.leadId)).toBeUndefined();
    const gone = await app.get(`/leads/${world.leadId}`);
    expect(gone.status).toBe(404);
    expect(await gone.json()).toMatchObject({ error: expect.stringContaining('was erased') });
  });

  it('shows a rep the brief and takes the answer once, by the rules of the page behind its link', async () => {
    const world = await aWorld();
    await aTaskFor(world, world.leadId, { taskId: 'task-a', rep: 'ben', acceptBy: addSeconds(start, 3600), fit: 20, engagement: 30 });
    const other = world.ports.ids.leadId('lou@example.com');
    await world.ports.leads.upsert({ leadId: other, email: 'lou@example.com', fields: {}, consents: {} }, start);
    await aTaskFor(world, other, { taskId: 'task-b', rep: 'ben', fit: 40, engagement: 30 });
    const app = await consoleFor(world.ports, { groups: ['sales'], rep: 'ben' });
    const list = await app.json<TaskList>('/tasks');
    expect(list.tasks.map((it) => it.taskId)).toEqual(['task-b', 'task-a']);
    expect(list.tasks[1]).toMatchObject({ name: 'Kim', secondsLeft: 3600, isWorkTime: true, zone: 'Europe/Berlin' });
    const task = await app.json<TaskView>('/tasks/task-a');
    expect(task.brief.map((it) => it.title)).toEqual(expect.arrayContaining(['Who', 'You could begin with']));
    expect(task.mayAnswer.map((it) => it.answer)).toEqual(['accept', 'reject', 'recycle']);
    const incomplete = await app.post('/tasks/task-a/answers', { answer: 'reject' });
    expect(incomplete.status).toBe(422);
    expect(await incomplete.json()).toMatchObject({ problems: [{ field: 'reason', allowed: expect.any(Array) }] });
    expect((await app.post('/tasks/task-a/answers', { answer: 'won', amount: 10, currency: 'EUR' })).status).toBe(409);
    expect((await app.post('/tasks/task-a/answers', { answer: 'accept' })).status).toBe(200);
    expect((await app.post('/tasks/task-a/answers', { answer: 'accept' })).status).toBe(200);
    const late = await app.post('/tasks/task-a/answers', { answer: 'reject', reason: 'no-fit' });
    expect([409, 422]).toContain(late.status);
    expect((await app.json<TaskList>('/tasks')).tasks.map((it) => it.taskId)).toEqual(['task-b']);
    expect((await app.json<TaskList>('/tasks?status=accepted')).tasks).toMatchObject([{ taskId: 'task-a', status: 'accepted' }]);
    await app.post('/tasks/task-a/answers', { answer: 'won', amount: 1200, currency: 'EUR' });
    expect((await app.json<TaskList>('/tasks?status=accepted')).tasks).toEqual([]);
    expect((await app.json<TaskList>('/tasks?status=done')).tasks).toMatchObject([{ taskId: 'task-a', status: 'won' }]);
    expect((await world.ports.salesTasks.find('task-a'))?.answers.at(-1)).toMatchObject({ amount: 1200, by: 'ben' });
  });

  it('shows the team’s days and the state of things', async () => {
    const world = await aWorld();
    const app = await consoleFor(world.ports);
    const team = await app.json<TeamView>('/team');
    expect(team.days).toHaveLength(28);
    expect(team.days[0]).toBe('2026-03-23');
    expect(team.reps[0]?.calendar.slice(0, 7)).toEqual(['works', 'works', 'works', 'works', 'works', 'free', 'free']);
    const operations = await app.json<OperationsView>('/operations');
    expect(operations).toMatchObject({ alarmsUnknown: true, pauses: [], health: [{ sequence: 'nurture', says: 'too few to say' }] });
    expect((await app.post('/operations/redrive', { queue: 'send' })).status).toBe(409);
  });

  it('lists what somebody had taken on who left, for whoever goes on with it', async () => {
    const world = await aWorld({ hasConsole: true });
    const { ports, leadId } = world;
    await aTaskFor(world, leadId, { taskId: ports.ids.taskId(leadId, 1), rep: 'ben' });
    const ben = await consoleFor(ports, { groups: ['sales'], rep: 'ben' });
    expect((await ben.post(`/tasks/${ports.ids.taskId(leadId, 1)}/answers`, { answer: 'accept' })).status).toBe(200);
    await nightIn(world);
    const live = await ports.config.live();
    const [kept] = live.sales.team;
    const team = [{ ...(kept as NonNullable<typeof kept>), rep: 'zoe', role: 'rep' as const }];
    const after = { ...ports, config: { live: async () => ({ ...live, sales: { ...live.sales, team } }) } };
    expect((await (await consoleFor(ports)).json<TeamView>('/team')).left).toEqual([]);
    const zoe = await consoleFor(after, { groups: ['sales'], rep: 'zoe' });
    expect((await zoe.json<TeamView>('/team')).left).toEqual([{ rep: 'ben', accepted: 1 }]);
    const { tasks } = await zoe.json<TaskList>('/tasks?rep=ben&status=accepted');
    expect(tasks).toMatchObject([{ rep: 'ben', status: 'accepted' }]);
    const task = await zoe.json<TaskView>(`/tasks/${tasks[0]?.taskId}`);
    expect(task.mayAnswer.map((it) => it.answer)).toEqual(['won', 'lost']);
    expect((await zoe.get('/tasks?rep=ben&status=open')).status).toBe(403);
  });

  it('lets dead letters go back', async () => {
    const world = await aWorld();
    world.queues.sendMessage('answers', '{"taskId":"none"}');
    world.queues.sendMessage('answers', 'this is no message');
    await world.advance('2 days');
    const app = await consoleFor(world.ports);
    const { deadLetters, queues } = await app.json<OperationsView>('/operations');
    expect(deadLetters).toEqual([{ queue: 'answers', count: 1 }]);
    expect(queues.flatMap(({ queue, isForOthers }) => (isForOthers ? [queue] : []))).toEqual(['sales-tasks']);
    expect((await app.post('/operations/redrive', { queue: 'answers' })).status).toBe(200);
    expect((await app.json<OperationsView>('/operations')).deadLetters).toEqual([]);
  });

  it('lets one dead letter go back alone, and no other', async () => {
    const world = await aWorld();
    for (const body of ['no message', 'none either']) world.queues.sendMessage('answers', body);
    await world.advance('2 days');
    const app = await consoleFor(world.ports);
    const [one, other] = world.queues.messagesIn('answers-dead').map((it) => it.id);
    expect((await app.post('/operations/redrive', { queue: 'answers', messageId: one })).status).toBe(200);
    expect(world.queues.messagesIn('answers-dead').map((it) => it.id)).toEqual([other]);
    expect((await app.json<OperationsView>('/operations')).acts[0]).toMatchObject({ act: 'redrive', what: `answers ${one}` });
    expect((await app.post('/operations/redrive', { queue: 'answers', messageId: 'nobody' })).status).toBe(409);
    expect((await app.post('/operations/redrive', { queue: 'answers', messageId: 'a b' })).status).toBe(422);
  });
});
