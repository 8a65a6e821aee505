import { describe, expect, it } from 'vitest';
import { aWorld, start } from '#tests/helpers/world';

describe('a lead in the nurture sequence, day by day', () => {
  it('gets the welcome at once, the tips when the event comes, and the next mail inside the window', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    expect(world.sent()).toEqual(['welcome']);
    expect(world.mail.mails()[0]?.at).toBe(start);
    await world.advance('60 hours');
    await world.did('project.created');
    expect(world.sent()).toEqual(['welcome', 'power-tips']);
    await world.advance('3 days');
    const sent = world.mail.mails();
    for (const mail of sent.slice(2)) expect(new Date(mail.at).getUTCHours()).toBeGreaterThanOrEqual(7);
    await world.advance('10 days');
    expect((await world.run())?.ending).toBe('completed');
    expect((await world.run())?.version).toBe(world.compiled.artifact.version);
  });

  it('takes the time-out arm when nothing happens, and the happened arm when it happened before the wait', async () => {
    const quiet = await aWorld();
    await quiet.did('trial.started');
    await quiet.advance('6 days');
    expect(quiet.sent()).toContain('getting-started');

    const early = await aWorld();
    await early.did('trial.started');
    await early.advance('1 day');
    await early.did('project.created');
    expect(early.sent()).toEqual(['welcome']);
    await early.advance('25 hours');
    expect(early.sent()).toEqual(['welcome', 'power-tips']);
  });

  it('is enrolled once for one trigger, and not again for another', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    await world.did('trial.started');
    expect(await world.ports.enrolments.ofLead(world.leadId)).toHaveLength(1);
    expect((await world.ports.decisions.ofLead(world.leadId)).map((it) => it.reason)).toEqual(['already-running']);
    await world.advance('30 days');
    await world.did('trial.started');
    expect(await world.ports.enrolments.ofLead(world.leadId)).toHaveLength(1);
    expect(world.sent().filter((it) => it === 'welcome')).toHaveLength(1);
  });

  it('ends at the goal, wherever it waits', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    await world.advance('1 day');
    await world.did('subscription.started');
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'goal' } });
    await world.advance('30 days');
    expect(world.sent()).toEqual(['welcome']);
  });

  it('goes to sales when the score holds: one explained task, one brief, no more mail', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    await world.advance('1 day');
    await world.did('visited', '/pricing');
    expect(world.queues.messagesIn('sales-tasks')).toHaveLength(0);
    await world.advance('31 minutes');
    const [task] = world.queues.messagesIn('sales-tasks').map((it) => JSON.parse(it.body) as Record<string, unknown>);
    expect(world.queues.messagesIn('sales-tasks')).toHaveLength(1);
    expect(task).toMatchObject({
      leadId: world.leadId,
      rep: 'ben',
      reasons: [expect.stringContaining('looked at prices')],
      touches: [{ what: 'looked at /pricing' }, { what: 'did trial.started' }],
    });
    expect(JSON.stringify(task)).not.toContain('kim@example.com');
    const brief = world.mail.mails().find((it) => it.tags.kind === 'sales-task');
    expect(brief?.to).toBe('ben@example.com');
    expect(brief?.text).toContain('kim@example.com');
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'qualified' } });
    await world.did('visited', '/pricing');
    await world.advance('30 days');
    expect(world.queues.messagesIn('sales-tasks')).toHaveLength(1);
    expect(world.sent()).toEqual(['welcome', 'sales-task']);
  });

  it('holds mail back while a handoff is decided, and goes on when it comes to nothing', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    await world.advance('48 hours');
    await world.advance('70 hours');
    await world.did('visited', '/pricing');
    // The wait-for times out within the hold: the mail is put off, not lost.
    const { handoff } = (await world.ports.leads.find(world.leadId)) ?? {};
    expect(handoff).toBeDefined();
    await world.ports.leads.endHandoff(world.leadId, handoff?.taskId ?? '', 'lead');
    await world.advance('3 hours');
    expect(world.sent()).toContain('getting-started');

    // The next time is a handoff of its own, with a machine of its own.
    await world.did('visited', '/pricing');
    expect((await world.ports.leads.find(world.leadId))?.handoff?.taskId).not.toBe(handoff?.taskId);
    await world.advance('31 minutes');
    expect(world.queues.messagesIn('sales-tasks')).toHaveLength(1);
  });

  it('is started by the watchdog when the process that enrolled it died before starting the machine', async () => {
    const world = await aWorld();
    const died = { ...world.ports, machines: { ...world.ports.machines, startLeg: () => Promise.reject(new Error('died')) } };
    const { enrol } = await import('#lambdas/steps/enrol');
    await expect(enrol(died)({ leadId: world.leadId, sequence: 'nurture', trigger: 'lost' })).rejects.toThrow('died');
    expect(await world.run()).toMatchObject({ trigger: 'lost' });
    await world.advance('10 minutes');
    expect(world.sent()).toEqual([]);
    await world.advance('25 minutes');
    expect(world.sent()).toEqual(['welcome']);
    await world.advance('30 days');
    expect((await world.run())?.ending).toBe('completed');
    expect(world.sent().filter((it) => it === 'welcome')).toHaveLength(1);
  });

  it('suppresses an address that bounces for good, and writes to it never again', async () => {
    const world = await aWorld({
      fate: (mail) => [{ at: new Date(Date.parse(mail.at) + 5000).toISOString(), kind: 'bounced', bounceType: 'Permanent' }],
    });
    await world.did('trial.started');
    await world.advance('1 minute');
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'suppressed' } });
    await world.advance('30 days');
    expect(world.sent()).toEqual(['welcome']);
  });

  it('writes ids, and no address or name, to logs, queues and executions', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    await world.did('visited', '/pricing');
    await world.advance('20 days');
    const executions = world.runner.list().map((it) => JSON.stringify(world.runner.describe(it.executionArn)));
    const queues = ['send', 'enrol', 'wake', 'events', 'sales-tasks'].flatMap((it) =>
      world.queues.messagesIn(it).map((message) => message.body),
    );
    for (const text of [...world.lines, ...executions, ...queues]) expect(text).not.toMatch(/kim|example\.com/i);
    expect(world.lines.length).toBeGreaterThan(3);
  });
});
