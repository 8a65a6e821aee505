import { describe, expect, it } from 'vitest';
import { erase } from '#cli/erase';
import { exportLead } from '#cli/export';
import { ErasedEvent } from '#core/erased-event';
import { addSeconds } from '#core/instant';
import { leadPk } from '#core/keys';
import type { Ports } from '#core/ports';
import { changeAddress } from '#lambdas/api/change-addresses';
import { askToErase, removeLead } from '#lambdas/erase-lead';
import { eraseLeads } from '#lambdas/ticks/erase-leads';
import type { WorldOptions } from '#local/world';
import { aSalesTask } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

const day = 86_400;
const mailed = (world: Awaited<ReturnType<typeof aWorld>>) =>
  world.mail.mails().flatMap((it) => (it.tags.lead === world.leadId ? [it.tags.step] : []));
const allRows = (world: Awaited<ReturnType<typeof aWorld>>) =>
  JSON.stringify((world.table as unknown as { all: () => readonly unknown[] }).all());

/** In the midst of a sequence, with a mail, a visit, an answer that is kept, and a task with sales. */
const aBusyWorld = async (onHandoffEvent?: WorldOptions['onHandoffEvent']) => {
  const world = await aWorld({ ...(onHandoffEvent && { onHandoffEvent }) });
  await world.did('trial.started');
  await world.advance('1 hour');
  await world.did('visited', '/welcome-kim');
  const key = 'mail/answer-1';
  world.receive('answer-1', 'From: kim@example.com\r\nTo: x@example.com\r\nSubject: Re: Hello\r\n\r\nKim here.');
  await world.runUntil(world.clock.now());
  const taskId = world.ports.ids.taskId(world.leadId, 1);
  await world.ports.salesTasks.create(
    aSalesTask({ taskId, leadId: world.leadId, touches: [{ at: start, what: 'looked at /welcome-kim' }] }),
  );
  return { ...world, key, taskId };
};

/** The process that erases dies right after the profile is gone. */
const dieAfterTheProfile = async (ports: Ports, leadId: string): Promise<void> => {
  const asked = await askToErase(ports, leadId, 'asked');
  if (asked === 'unknown') throw new Error('there is nobody to erase');
  let calls = 0;
  const removeRows: Ports['erasures']['removeRows'] = (id, isKept) =>
    ++calls > 1 ? Promise.reject(new Error('it died')) : ports.erasures.removeRows(id, isKept);
  await expect(removeLead({ ...ports, erasures: { ...ports.erasures, removeRows } }, asked)).rejects.toThrow('it died');
};
const comeBack = async ({ ports, leadId, email, clock }: Awaited<ReturnType<typeof aWorld>>, isConfirmed = false): Promise<void> => {
  const at = addSeconds(clock.now(), 1);
  clock.set(at);
  const consent = { given: true, at, source: 'form', ...(isConfirmed && { confirmed: { at, leadId } }) };
  await ports.leads.upsert({ leadId, email, fields: {}, consents: { tips: consent } }, at);
  await ports.consents.record(leadId, { ...consent, topic: 'tips' });
};

describe('erasing a lead', () => {
  it('leaves nothing that names it anywhere, and its runs end', async () => {
    const world = await aBusyWorld();
    expect(allRows(world)).toMatch(/kim@example\.com/);
    const certificate = await erase(world.ports, world.leadId);
    expect(certificate.erasedAt).toBe(world.clock.now());
    expect(certificate.removed.rows).toBeGreaterThan(5);
    expect(certificate.removed).toMatchObject({ tasks: 1 });
    await world.advance('60 days');
    expect(allRows(world)).not.toMatch(/kim/i);
    expect(await world.table.query(leadPk(world.leadId), '')).toEqual([]);
    expect(world.runner.list({ status: 'RUNNING' })).toEqual([]);
    expect(mailed(world)).toEqual(['welcome']);
    expect(world.lines.join('\n')).not.toMatch(/kim/i);
  });

  it('tells other systems once, by ids; told by hand, within the hour', async () => {
    const told: unknown[] = [];
    const world = await aBusyWorld((event) => told.push(event));
    const { salesEvents: _none, ...byHand } = world.ports;
    await erase(byHand, world.leadId);
    expect(told).toEqual([]);
    const at = world.clock.now();
    await world.advance('60 days');
    expect(told).toEqual([
      {
        schema: 1,
        id: `${world.leadId}:erased:${at}`,
        kind: 'erased',
        at,
        leadId: world.leadId,
        ids: [world.leadId],
        taskIds: [world.taskId],
        because: 'asked',
      },
    ]);
    expect(ErasedEvent.parse(told[0])).toEqual(told[0]);
    const other = await aBusyWorld((event) => told.push(event));
    await erase(other.ports, other.leadId);
    expect(told).toHaveLength(2);
    await other.advance('60 days');
    expect(told).toHaveLength(2);
  });

  it('keeps a task as a figure without a word of the lead, and cancels it where nobody answered', async () => {
    const world = await aBusyWorld();
    await erase(world.ports, world.leadId);
    expect(await world.ports.salesTasks.find(world.taskId)).toMatchObject({
      status: 'cancelled',
      reasons: [],
      touches: [],
      from: [],
      rep: 'ben',
    });
  });

  it('removes answers from the bucket of received mail', async () => {
    const world = await aBusyWorld();
    const before = await exportLead({ use: world.ports, table: world.table }, world.leadId);
    expect(before.answers).toEqual([expect.objectContaining({ key: world.key, text: expect.stringContaining('Kim here.') })]);
    expect((await erase(world.ports, world.leadId)).removed.mails).toBe(1);
    expect(await world.ports.replyMail.read(world.key)).toBeUndefined();
  });

  it('lets no list bring mail to the person again; a sign-up is asked to confirm', async () => {
    const world = await aBusyWorld();
    await erase(world.ports, world.leadId);
    await world.advance('2 days');
    const consent = { given: true, at: world.clock.now(), source: 'list' };
    await world.ports.leads.upsert(
      { leadId: world.leadId, email: world.email, fields: {}, consents: { tips: consent } },
      world.clock.now(),
    );
    await world.did('trial.started');
    await world.advance('40 days');
    expect(mailed(world)).toEqual(['welcome']);
    // Whoever came back since is somebody new: later looks leave the profile alone.
    expect(await world.ports.leads.find(world.leadId)).toBeDefined();
  });

  it('finishes what a crash left of who came back before, and leaves the new lead', async () => {
    const world = await aBusyWorld();
    await dieAfterTheProfile(world.ports, world.leadId);
    expect(await world.ports.leads.find(world.leadId)).toBeUndefined();
    await comeBack(world);
    await world.did('visited', '/again');
    await world.advance('2 hours');
    const rows = await world.table.query(leadPk(world.leadId), '');
    expect(rows.map((it) => String(it.sk).split('#')[0])).toEqual(['CONSENT', 'EVENT', 'PROFILE']);
    expect(JSON.stringify(rows)).not.toContain('/welcome-kim');
    expect(await world.ports.erasures.find(world.leadId)).toMatchObject({ looks: 2 });
    expect(world.runner.list({ status: 'RUNNING' })).toEqual([]);
  });

  it('erases who came back before a crash was made good, when asked again', async () => {
    const world = await aBusyWorld();
    await dieAfterTheProfile(world.ports, world.leadId);
    await comeBack(world);
    await erase(world.ports, world.leadId);
    expect(await world.table.query(leadPk(world.leadId), '')).toEqual([]);
  });

  it('leaves who came back alone at later looks, also with a lead that is older', async () => {
    const world = await aBusyWorld();
    const other = 'kim.second@example.com';
    const otherId = world.ports.ids.leadId(other);
    await world.ports.leads.upsert({ leadId: otherId, email: other, fields: { company: 'Kimco' }, consents: {} }, start);
    await erase(world.ports, world.leadId);
    await world.advance('2 days');
    await comeBack(world);
    await changeAddress(world.ports)({ from: world.email, to: other });
    await world.advance('60 days');
    expect(await world.ports.leads.find(world.leadId)).toMatchObject({ email: other, fields: { company: 'Kimco' } });
  });

  it('hands who came back to sales as anybody else, whatever sales had of them before', async () => {
    const world = await aWorld();
    await world.did('visited', '/pricing');
    await world.advance('1 hour');
    const taskOf = (number: number) => world.ports.salesTasks.find(world.ports.ids.taskId(world.leadId, number));
    expect(await taskOf(1)).toMatchObject({ status: 'open' });
    await erase(world.ports, world.leadId);
    await world.advance('2 days');
    await comeBack(world);
    await world.did('visited', '/pricing');
    await world.advance('2 hours');
    expect(await taskOf(1)).toMatchObject({ status: 'cancelled', reasons: [] });
    expect(await taskOf(2)).toMatchObject({ status: 'open', reasons: ['looked at prices (40 points)'] });
    const lead = await world.ports.leads.find(world.leadId);
    expect(lead).toMatchObject({ stage: 'mql', handoffs: 2 });
    expect(lead?.handoff).toBeUndefined();
  });

  it('lets who came back into a sequence for the same reason as before, though that execution’s name is taken', async () => {
    const world = await aWorld();
    const enter = async () => {
      await world.ports.enrolQueue.push({ leadId: world.leadId, sequence: 'nurture', trigger: 'imported:webinar' });
      await world.advance('1 hour');
    };
    await enter();
    expect(mailed(world)).toEqual(['welcome']);
    await erase(world.ports, world.leadId);
    await world.advance('2 days');
    await comeBack(world, true);
    await enter();
    expect(mailed(world)).toEqual(['welcome', 'welcome']);
  });

  it('keeps nobody waiting behind one that cannot be erased', async () => {
    const world = await aBusyWorld();
    const other = world.ports.ids.leadId('lee@example.com');
    await world.ports.leads.upsert({ leadId: other, email: 'lee@example.com', fields: {}, consents: {} }, start);
    await askToErase(world.ports, world.leadId, 'asked');
    world.clock.set(addSeconds(world.clock.now(), 1));
    await askToErase(world.ports, other, 'asked');
    const replyMail = { ...world.ports.replyMail, remove: () => Promise.reject(new Error('no such bucket')) };
    await expect(eraseLeads({ ...world.ports, replyMail })()).rejects.toThrow('no such bucket');
    expect(await world.ports.leads.find(other)).toBeUndefined();
  });

  it('reaches former leads and further addresses', async () => {
    const world = await aBusyWorld();
    const other = 'kim.second@example.com';
    await world.ports.leads.upsert(
      { leadId: world.ports.ids.leadId(other), email: other, fields: { 'last-name': 'Kimson' }, consents: {} },
      start,
    );
    await changeAddress(world.ports)({ from: world.email, to: other });
    await erase(world.ports, world.ports.ids.leadId(world.email));
    expect(allRows(world)).not.toMatch(/kim/i);
    for (const email of [world.email, other])
      expect(await world.ports.suppressions.ofLead(world.ports.ids.leadId(email))).toEqual([
        expect.objectContaining({ scope: 'ALL', reason: 'erased' }),
      ]);
  });

  it('gives the certificate again when asked again, and says so of a lead that never was', async () => {
    const world = await aBusyWorld();
    const first = await erase(world.ports, world.leadId);
    expect(await erase(world.ports, world.leadId)).toEqual(first);
    await expect(erase(world.ports, 'nobody')).rejects.toThrow('there is no lead nobody');
  });

  it('keeps the sums of all leads together, also when they are made anew at night', async () => {
    const world = await aBusyWorld();
    const days = { from: start.slice(0, 10), upTo: addSeconds(start, 3 * day).slice(0, 10) };
    const before = await world.ports.counters.of('nurture', undefined, days);
    await erase(world.ports, world.leadId);
    await world.advance('2 days');
    const after = await world.ports.counters.of('nurture', undefined, days);
    expect(after.recountedAt).toBeDefined();
    expect(after.sums).toEqual(before.sums);
  });

  it('removes what a function wrote late, at a later look', async () => {
    const world = await aBusyWorld();
    await erase(world.ports, world.leadId);
    await world.ports.events.put({
      eventId: 'late',
      leadId: world.leadId,
      name: 'visited',
      path: '/kim',
      at: world.clock.now(),
      done: true,
    });
    await world.advance('2 hours');
    expect(await world.table.query(leadPk(world.leadId), '')).toEqual([]);
  });

  it('ends with a certificate that names no id but the lead’s', async () => {
    const world = await aBusyWorld();
    await erase(world.ports, world.leadId);
    await world.advance('60 days');
    const kept = await world.ports.erasures.find(world.leadId);
    expect(kept).toMatchObject({ ids: [], taskIds: [], mails: [], counts: {}, looks: 5 });
    expect(kept?.againAt).toBeUndefined();
  });
});

describe('leads that nothing happens with any more', () => {
  const live = { ...liveConfig, brand: { ...liveConfig.brand, retention: { inactiveSeconds: 100 * day } } };

  it('are erased by the rule of brand.yaml, a night after their time has come', async () => {
    const world = await aWorld({ live });
    await world.advance('99 days');
    expect(await world.ports.leads.find(world.leadId)).toBeDefined();
    await world.advance('3 days');
    expect(await world.ports.leads.find(world.leadId)).toBeUndefined();
    expect(await world.ports.erasures.find(world.leadId)).toMatchObject({ because: 'retention' });
  });

  it('stay while something happens, and for ever without the rule', async () => {
    const busy = await aWorld({ live });
    await busy.advance('60 days');
    await busy.did('visited', '/');
    await busy.advance('60 days');
    expect(await busy.ports.leads.find(busy.leadId)).toBeDefined();
    const kept = await aWorld();
    await kept.advance('120 days');
    expect(await kept.ports.leads.find(kept.leadId)).toBeDefined();
  });
});

describe('exporting a lead', () => {
  it('gives all that is kept of it, and nothing that opens a door', async () => {
    const world = await aBusyWorld();
    const exported = await exportLead({ use: world.ports, table: world.table }, world.leadId);
    expect(exported.profile).toMatchObject({ email: world.email, fields: { 'first-name': 'Kim' } });
    expect(Object.keys(exported.rows).sort()).toEqual(expect.arrayContaining(['enrolment', 'event', 'send']));
    expect(exported.salesTasks).toHaveLength(1);
    expect(JSON.stringify(exported)).not.toMatch(/"token"|gsi1pk/);
  });
});
