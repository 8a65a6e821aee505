import { describe, expect, it } from 'vitest';
import { counterStore } from '#adapters/stores/counters';
import { inWords, stats } from '#cli/stats';
import { QueuedEvent } from '#core/events';
import { addSeconds } from '#core/instant';
import { processEvent } from '#lambdas/events/process-events';
import { consume } from '#lambdas/runtime';
import { recount } from '#lambdas/ticks/recount';
import { createMeter, meteredTable } from '#local/meter';
import { anEventRow, aSesEvent, now } from '#tests/helpers/builders';
import { aCountWorld, cached, day, live, mailOf, night, recountAll, truth } from '#tests/helpers/count-run';
import { aFeedbackWorld } from '#tests/helpers/feedback-world';
import { aWorld } from '#tests/helpers/world';

const daysOf = (at: string) => ({ from: addSeconds(at, -40 * day).slice(0, 10), upTo: addSeconds(at, 40 * day).slice(0, 10) });
const sumOf = (sums: { readonly [cell: string]: number }, metric: string) =>
  Object.entries(sums).reduce((sum, [cell, count]) => sum + (cell.endsWith(`\t${metric}`) ? count : 0), 0);

describe('counters of a whole world', () => {
  it('count mails as they go, leads that leave and leads that go to sales, with version and arms', async () => {
    const world = await aWorld({ fate: (mail) => [{ at: addSeconds(mail.at, 3), kind: 'delivered' }] });
    await world.did('trial.started');
    await world.advance('1 hour');
    const report = await world.ports.counters.of('nurture', world.compiled.artifact.version, daysOf(world.clock.now()));
    expect(sumOf(report.sums, 'sent')).toBe(1);
    expect(sumOf(report.sums, 'delivered')).toBe(1);
    const [cell = ''] = Object.keys(report.sums);
    expect(cell.split('\t')[5]).toMatch(/^proof=(story|nothing)$/);
    expect((await world.ports.sends.ofLead(world.leadId))[0]).toMatchObject({ arm: cell.split('\t')[5], topic: 'tips' });

    const header = world.mail.mails()[0]?.headers.find((it) => it.name === 'List-Unsubscribe')?.value ?? '';
    await world.app.request(new URL(header.slice(1, -1)).pathname, { method: 'POST' });
    const left = await world.ports.counters.of('nurture', undefined, daysOf(world.clock.now()));
    // Agreed to without a ledger entry before: leaving is an entry all the same.
    expect(sumOf(left.sums, 'unsubscribed')).toBe(1);

    const other = await aWorld();
    await other.did('trial.started');
    await other.did('visited', '/pricing');
    await other.advance('2 hours');
    expect((await other.ports.leads.find(other.leadId))?.stage).toBe('mql');
    expect(sumOf((await other.ports.counters.of('nurture', undefined, daysOf(other.clock.now()))).sums, 'qualified')).toBe(1);
  });

  it('are recounted by night, by themselves', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    await world.advance('2 days');
    const { recountedAt, sums } = await world.ports.counters.of('nurture', undefined, daysOf(world.clock.now()));
    expect(recountedAt?.slice(11, 13)).toBe('02');
    expect(sumOf(sums, 'sent')).toBe(1);
    expect((await world.ports.recounts.state())?.phase).toBe('done');
  });
});

describe('the nightly recount', () => {
  it('moves a lead whose stage has faded, and counts it once though it is then found elsewhere', async () => {
    const world = await aCountWorld();
    await world.ports.events.put(anEventRow({ eventId: 'was-active', leadId: 'lead-a', at: now }));
    await world.ports.leads.moveStage('lead-a', 'lead', 'engaged');
    world.clock.at = addSeconds(night, 60 * day);
    await recountAll(world.ports, (seconds) => {
      world.clock.at = addSeconds(world.clock.at, seconds);
    });
    expect((await world.ports.leads.find('lead-a'))?.stage).toBe('lead');
    const { moves } = await world.ports.histories.ofLead('lead-a');
    expect(moves.map((it) => [it.from, it.to, it.by])).toEqual([['engaged', 'lead', 'rule']]);
  });

  it('begins once a day after two, in slices, and leaves what a tick at the same time has in hand', async () => {
    const world = await aCountWorld();
    const tick = recount(world.ports, { leads: 1, seconds: 15 });
    world.clock.at = `${night.slice(0, 10)}T01:59:00.000Z`;
    await tick();
    expect(await world.ports.recounts.state()).toBeUndefined();
    world.clock.at = night;
    await tick();
    const state = await world.ports.recounts.state();
    expect(state).toMatchObject({ phase: 'walk', slices: 1 });
    if (!state) throw new Error('no state');
    await world.ports.recounts.save(state, { ...state, revision: state.revision + 1, leaseUntil: addSeconds(night, 60) });
    await tick();
    expect((await world.ports.recounts.state())?.slices).toBe(1);
    world.clock.at = addSeconds(night, 61);
    await recountAll(world.ports, (seconds) => {
      world.clock.at = addSeconds(world.clock.at, seconds);
    });
    const { asOf } = (await world.ports.recounts.state()) ?? {};
    expect(asOf).toBe(night);
    await tick();
    expect((await world.ports.recounts.state())?.startedAt, 'once a day').toBe(night);
    expect(await cached(world)).toEqual(await truth(world));
  });

  it('writes nothing where all is well', async () => {
    const world = await aCountWorld();
    world.clock.at = night;
    await recountAll(world.ports, () => undefined);
    const before = await world.table.query(`STATS#nurture#v1#${now.slice(0, 10)}`, '');
    world.clock.at = addSeconds(night, day);
    await recountAll(world.ports, () => undefined);
    expect(await world.table.query(`STATS#nurture#v1#${now.slice(0, 10)}`, '')).toEqual(before);
  });
});

/** Three days of mail to so many leads: deliveries, opens and clicks, ten events at once. */
const meterOf = async (leads: number) => {
  const world = aFeedbackWorld({ live, at: night });
  const ids = Array.from({ length: leads }, (_, at) => `lead-${at}`);
  for (const leadId of ids) {
    await world.addLead({ leadId });
    await world.ports.sends.write(mailOf(leadId, 'welcome'));
  }
  const meter = createMeter();
  const counters = counterStore(meteredTable(world.table, meter));
  const ports = { ...world.ports, counters };
  const events = (['delivered', 'opened', 'clicked'] as const).flatMap((kind, at) =>
    ids.map((leadId) =>
      aSesEvent({
        eventId: `${kind}-${leadId}`,
        kind,
        leadId,
        enrolmentId: `run-${leadId}`,
        round: 2,
        at: addSeconds(now, at * 7200 + 2),
        userAgent: 'Mozilla/5.0 (Macintosh) Safari/605',
      }),
    ),
  );
  for (let from = 0; from < events.length; from += 10) {
    const Records = events.slice(from, from + 10).map((it, at) => ({ messageId: String(at), body: JSON.stringify(it) }));
    await consume(QueuedEvent, processEvent(ports), world.ports.log)({ Records } as never);
  }
  const { sums } = await world.ports.counters.of('nurture', undefined, daysOf(now));
  expect(['delivered', 'opened', 'clicked'].map((it) => sumOf(sums, it))).toEqual([leads, leads, leads]);
  const each = (count: number) => Math.round((100 * count) / events.length) / 100;
  return { writes: each(meter.calls.write ?? 0), reads: each(meter.calls.read ?? 0), writeUnits: each(meter.writeUnits) };
};

describe('what counting costs', () => {
  it('is a tenth of a write an event in full batches, and no read', async () => {
    const figures = await meterOf(200);
    console.info(`counters: each event ${JSON.stringify(figures)}`);
    expect(figures.writes).toBeLessThan(0.12);
    expect(figures.reads).toBe(0);
    expect(figures.writeUnits).toBeLessThan(0.15);
  });
});

describe('baton stats', () => {
  it('says what came of each sequence, with shares, and how fresh that is', async () => {
    const world = await aCountWorld();
    const opened = { eventId: 'o', enrolmentId: 'run-lead-a', step: 'welcome', round: 2, at: addSeconds(now, day) };
    await world.ports.events.put(anEventRow({ ...opened, name: 'opened', agent: 'browser' }));
    await world.ports.sends.noteDelivered(mailOf('lead-a', 'welcome'), addSeconds(now, 2));
    world.clock.at = night;
    await recountAll(world.ports, () => undefined);
    const asked = { sequence: undefined, days: 30, by: 'step' as const, now: night };
    const [report] = await stats(world.ports.counters, world.ports.experiments, asked);
    expect(report?.rows.map((it) => [it.of, it.counts.sent])).toEqual([
      ['power-tips', 5],
      ['welcome', 10],
    ]);
    const text = inWords([report as never], { by: 'step' });
    expect(text).toContain('welcome     10 sent, 1 arrived (10 %), 1 opened (100 %), 0 clicked');
    expect(text).toContain(`recounted ${night.slice(0, 16).replace('T', ' ')}`);
    expect(inWords([], { by: 'step' })).toBe('Nothing was counted yet.');
    await expect(stats(world.ports.counters, world.ports.experiments, { ...asked, sequence: 'nurtur' })).rejects.toThrow(
      'there are: nurture',
    );
    const byArm = await stats(world.ports.counters, world.ports.experiments, { ...asked, by: 'arm' });
    expect(byArm[0]?.rows.map((it) => it.of)).toEqual(['', 'proof=nothing', 'proof=story']);
  });
});
