import { describe, expect, it } from 'vitest';
import { explainLead } from '#lambdas/explain-lead';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld } from '#tests/helpers/world';

const played = async (allowedRecipients: readonly string[]) => {
  let calls = 0;
  const world = await aWorld({
    allowedRecipients,
    mailFaults: () => {
      calls++;
      return undefined as never;
    },
  });
  await world.did('trial.started');
  await world.advance('30 days');
  return { world, calls: () => calls };
};

describe('outside production', () => {
  it('nobody who is not on the list gets mail: SES is never called, each e-mail is skipped with the reason, and the run goes on', async () => {
    const { world, calls } = await played(['example.org', 'tim@example.com']);
    expect([world.mail.mails(), calls()]).toEqual([[], 0]);
    const records = await world.ports.sends.ofLead(world.leadId);
    expect(records.length).toBeGreaterThan(1);
    for (const it of records) expect(it).toMatchObject({ state: 'SKIPPED', reason: 'not-on-allow-list' });
    expect((await world.run())?.ending).toBe('completed');
  });

  it('explain says why', async () => {
    const { world } = await played([]);
    const explained = await explainLead(world.ports, {
      leadId: world.leadId,
      now: world.clock.now(),
      live: liveConfig,
      versions: [{ artifact: world.compiled.artifact }],
    });
    expect(JSON.stringify(explained)).toContain('only to who is on the list');
  });

  it('who is on it gets everything', async () => {
    const [listed, free] = [await played(['example.com']), await played(['*'])];
    expect(listed.calls()).toBeGreaterThan(1);
    expect(listed.world.sent()).toEqual(free.world.sent());
  });

  it('mail to one’s own team is withheld too, said in the log, and what waits for it goes on', async () => {
    const { world } = await played([]);
    const mail = { from: { name: 'B', address: 'b@example.com' }, subject: 's', html: '', text: '', headers: [] };
    expect(await world.ports.mail.send({ ...mail, to: 'rep@example.com', tags: { kind: 'sales-task' } })).toEqual({
      result: 'accepted',
      messageId: 'withheld',
    });
    expect(await world.ports.mail.send({ ...mail, to: 'kim@example.com', tags: { lead: 'l' } })).toMatchObject({ result: 'rejected' });
    expect(world.lines.filter((it) => it.includes('mail withheld'))).toHaveLength(1);
    expect(world.mail.mails()).toEqual([]);
  });
});
