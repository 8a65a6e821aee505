import { describe, expect, it } from 'vitest';
import { silentLog } from '#adapters/memory/logs';
import { memoryMetrics } from '#adapters/memory/memory-metrics';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import { addSeconds, type Instant } from '#core/instant';
import { enrolmentSk, leadPk } from '#core/keys';
import type { SendMessage } from '#core/messages';
import type { Ports, Timer } from '#core/ports';
import { firstClaim, toCalling, toSent } from '#core/send-protocol';
import type { FusedWait } from '#core/sequences/model';
import { sendEmail } from '#lambdas/steps/send-email';
import { waitAfter } from '#lambdas/steps/wait-after';
import { overdueAfterSeconds, watchdog } from '#lambdas/ticks/watchdog';
import { aLead, anEnrolment, now } from '#tests/helpers/builders';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';

const day = 86_400;
const due = addSeconds(now, 2 * day);
const fused: FusedWait = { wait: 'settle', speaks: true, timeOutSeconds: 50 * day };
const { artifact } = nurture();
const run = anEnrolment({ version: artifact.version });
const message: SendMessage = {
  leadId: run.leadId,
  enrolmentId: run.enrolmentId,
  leg: 1,
  sequence: run.sequence,
  version: artifact.version,
  step: 'welcome',
  round: 1,
  token: 'token-1',
  enteredAt: now,
  notAfterSeconds: 14 * day,
};

/** One run on a table, and what machines and timers were told. */
const aRow = async () => {
  const table = memoryTable();
  const kept = stores(table, async () => artifact.waitLengths);
  let at: Instant = now;
  const told: string[] = [];
  const timers: Timer[] = [];
  const dead = new Set<string>();
  const tell = async (token: string, what: string) => {
    told.push(`${what} ${token}`);
    return dead.has(token) ? ('gone' as const) : ('told' as const);
  };
  const use = {
    ...kept,
    clock: { now: () => at },
    tokens: { succeed: (token: string) => tell(token, 'success'), fail: (token: string, error: string) => tell(token, error) },
    timers: { set: async (timer: Timer) => void timers.push(timer) },
    artifacts: { get: async () => artifact, current: async () => [artifact] },
    config: { live: async () => liveConfig },
    enrolQueue: { push: async () => undefined },
    machines: { legState: async () => 'running' as const },
    metrics: memoryMetrics(),
    mailQuota: { read: async () => ({ sent: 0 }) },
    log: silentLog(),
  } as unknown as Ports;
  await kept.leads.upsert(aLead(), now);
  await kept.enrolments.create(run);
  return {
    use,
    told,
    timers,
    dead,
    wait: (more: Partial<SendMessage> = {}, until: Instant | undefined = due) => waitAfter(use, { ...message, ...more }, fused, until),
    /** What a state of the machine itself writes. */
    parkedByMachine: (entered: Instant, token: string) =>
      table.update(
        { pk: leadPk(run.leadId), sk: enrolmentSk(run.sequence, run.enrolmentId) },
        { set: { token, entered, step: 'first-project' }, remove: ['timed'] },
      ),
    row: () => kept.enrolments.find(run),
    move: (seconds: number) => {
      at = addSeconds(at, seconds);
    },
  };
};

describe('the wait after an e-mail', () => {
  it('is on the row as a wait of the machine is, and a timer ends it', async () => {
    const { wait, row, told, timers } = await aRow();
    await wait();
    expect(await row()).toMatchObject({ token: 'token-1', step: 'settle', timed: true, speaks: true, gsi1sk: due, waitSeconds: 0 });
    expect(timers).toEqual([{ enrolmentId: run.enrolmentId, leg: 1, step: 'settle', token: 'token-1', at: due }]);
    expect(told).toEqual([]);
  });

  it('is the same when the message comes again', async () => {
    const { wait, row, timers } = await aRow();
    await wait();
    const before = await row();
    await wait();
    expect(await row()).toEqual(before);
    expect(timers[1]).toEqual(timers[0]);
  });

  it('gives way to a stop that came between the mail and it', async () => {
    const { use, wait, row, told, timers } = await aRow();
    await use.enrolments.stop(run, { reason: 'unsubscribed', at: now });
    await wait();
    expect([told, timers]).toEqual([['Halt token-1'], []]);
    expect(await row()).not.toHaveProperty('token');
  });

  it('leaves a row alone that a state entered later has parked', async () => {
    const { wait, row, told, timers, parkedByMachine } = await aRow();
    await wait();
    await parkedByMachine(due, 'token-2');
    await wait();
    expect(await row()).toMatchObject({ token: 'token-2', step: 'first-project' });
    expect([told, timers.length]).toEqual([[], 1]);
  });

  it('takes the row from a hold before it, and from an attempt of its own state that failed', async () => {
    const { wait, row, timers, parkedByMachine } = await aRow();
    await parkedByMachine(addSeconds(now, -1), 'hold');
    await wait();
    await wait({ token: 'token-1b', attempt: 1 });
    expect((await row())?.token).toBe('token-1b');
    await wait();
    expect((await row())?.token).toBe('token-1b');
    expect(timers.map((it) => it.token)).toEqual(['token-1', 'token-1b']);
  });

  it('of a leg that is over moves nothing', async () => {
    const { use, wait, row, told, timers } = await aRow();
    await wait();
    const next = { leg: 1, at: addSeconds(now, 60), startAt: 'first-project', parkedAs: { token: 'token-1', awaiting: [] } };
    await use.enrolments.nextLeg(run, next);
    const before = await row();
    expect(before).toMatchObject({ leg: 2, formerToken: 'token-1' });
    expect(before).not.toHaveProperty('timed');
    await wait();
    expect(await row()).toEqual(before);
    expect([told, timers.length]).toEqual([['Halt token-1'], 1]);
  });

  it('lets the next leg park though its states were entered in the same moment', async () => {
    const { use, wait, row, parkedByMachine } = await aRow();
    await parkedByMachine(addSeconds(now, 5), 'other');
    await use.enrolments.nextLeg(run, { leg: 1, at: now, startAt: 'welcome' });
    await wait({ leg: 2, token: 'token-3' });
    expect(await row()).toMatchObject({ token: 'token-3', leg: 2 });
  });

  it('that is over by now is told at once; one that is nearly over gets a minute', async () => {
    const late = await aRow();
    late.move(2 * day);
    await late.wait();
    expect([late.told, late.timers]).toEqual([['success token-1'], []]);
    const nearly = await aRow();
    nearly.move(2 * day - 1);
    await nearly.wait();
    expect(nearly.timers.map((it) => it.at)).toEqual([addSeconds(due, 59)]);
  });

  it('that may outlast the state is the machine’s own', async () => {
    const { wait, row, told } = await aRow();
    await wait({}, addSeconds(now, 49.5 * day));
    expect(told).toEqual(['Apart token-1']);
    expect(await row()).not.toHaveProperty('token');
  });

  it('has nobody to wait for once the lead is gone', async () => {
    const { use, wait, told } = await aRow();
    await waitAfter(use, message, fused, undefined);
    await wait({ leadId: 'nobody' });
    expect(told).toEqual(['Halt token-1', 'Halt token-1']);
  });
});

it('a message that is too old fails the state that would sit out a wait; any other waits for its own time-out', async () => {
  const { use, told } = await aRow();
  const old = { ...message, enteredAt: addSeconds(now, -15 * day) };
  expect([await sendEmail(use)(old), told.length]).toEqual(['done', 0]);
  expect([await sendEmail(use)({ ...old, attempt: 0 }), told]).toEqual(['done', ['PermanentError token-1']]);
});

it.each(['SENT', 'CALLING'] as const)('a message that comes too late after its mail was %s waits as if it came again', async (state) => {
  const { use, told, row, timers, move } = await aRow();
  const wait = artifact.fused?.welcome?.wait ?? '';
  const till = addSeconds(now, 20 * day);
  const claimed = firstClaim(message, now);
  const calling = toCalling(claimed, { outcome: 'sent', due: { [wait]: till } }, now);
  await use.sends.write(claimed);
  await use.sends.write(calling);
  if (state === 'SENT') await use.sends.write(toSent(calling, now, 'ses-1'));
  move(15 * day);
  expect(await sendEmail(use)({ ...message, attempt: 0 })).toBe('done');
  expect([told, timers.map((it) => it.at)]).toEqual([[], [till]]);
  expect(await row()).toMatchObject({ token: 'token-1', step: wait, timed: true });
  expect((await use.sends.find(message))?.state).toBe(state === 'SENT' ? 'SENT' : 'UNKNOWN');
});

describe('the watchdog behind it', () => {
  const look = async (world: Awaited<ReturnType<typeof aRow>>, seconds: number) => {
    world.move(seconds);
    await watchdog(world.use)();
  };

  it('ends a wait whose timer did not come, and not before', async () => {
    const world = await aRow();
    await world.wait();
    await look(world, 2 * day + overdueAfterSeconds - 1);
    expect(world.told).toEqual([]);
    await look(world, 1);
    expect(world.told).toEqual(['success token-1']);
  });

  it('tells a stop instead, and leaves a wait of the machine itself to the machine', async () => {
    const stopped = await aRow();
    await stopped.wait();
    await stopped.use.enrolments.stop(run, { reason: 'goal', at: now });
    await look(stopped, 3 * day);
    expect(stopped.told).toEqual(['Halt token-1']);
    const own = await aRow();
    await own.wait();
    await own.parkedByMachine(due, 'token-2');
    await look(own, 3 * day);
    expect(own.told).toEqual([]);
  });
});
