import { describe, expect, it } from 'vitest';
import { createIds } from '#adapters/crypto/ids';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import { type Asked, explainFrom } from '#cli/explain';
import { inWords } from '#core/explain/text';
import { leadPk, profileSk } from '#core/keys';
import { email } from '#tests/core/sequences/sequences';
import { anEnrolment, aSalesTask, now } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aSequence } from '#tests/helpers/stories';

const key = 'k'.repeat(64);
const ids = createIds(key);
const address = 'kim@example.com';
const leadId = ids.leadId(address);

const aTable = async () => {
  const table = memoryTable();
  const ports = stores(table, async () => []);
  await ports.leads.upsert({ leadId, email: address, fields: {}, consents: {} }, now);
  await ports.enrolments.create(anEnrolment({ leadId }));
  const { sequence, compiled } = aSequence([email('welcome')]);
  const ask = (lead: string, more: Partial<Asked> = {}) =>
    explainFrom(table, { lead, now, live: liveConfig, versions: [{ sequence, artifact: compiled.artifact }], key, ...more });
  return { table, ports, ask };
};

describe('baton explain', () => {
  it('finds a lead by its address, however it is written, and by its id', async () => {
    const { ask } = await aTable();
    for (const named of [address, ' Kim@Example.com ', leadId]) expect((await ask(named)).leadId).toBe(leadId);
    expect(inWords(await ask(leadId))).toContain('entered nurture');
  });

  it('takes an id where the key of identities is not at hand, and says what an address would need', async () => {
    const { ask, ports } = await aTable();
    await ports.salesTasks.create(aSalesTask({ leadId, taskId: ids.taskId(leadId, 1) }));
    await ports.leads.beginHandoff(leadId, { taskId: ids.taskId(leadId, 1), since: now, until: now });
    await ports.leads.endHandoff(leadId, ids.taskId(leadId, 1), 'mql');
    const without = await ask(leadId, { key: undefined });
    expect(without.happened.some((it) => it.kind === 'sales')).toBe(false);
    expect((await ask(leadId)).happened.some((it) => it.what === 'handed to ben')).toBe(true);
    await expect(ask(address, { key: undefined })).rejects.toThrow(/BATON_IDENTITY_KEY.*or name the lead by its id/);
  });

  it('reads, and writes nothing', async () => {
    const { table, ask } = await aTable();
    const before = JSON.stringify(table.all());
    await ask(leadId, { sequence: 'nurture', day: '2026-03-24' });
    expect(JSON.stringify(table.all())).toBe(before);
  });

  it('says of an address that nobody has that it is unknown, and of an erased lead that it was erased', async () => {
    const { table, ports, ask } = await aTable();
    await expect(ask('nobody@example.com')).rejects.toThrow('there is no lead nobody@example.com');
    await ports.suppressions.add(leadId, { scope: 'GLOBAL', reason: 'complained', at: now });
    await table.delete({ pk: leadPk(leadId), sk: profileSk });
    await expect(ask(address)).rejects.toThrow(/it was erased/);
  });

  it('explains the lead that a former one went into, and says so', async () => {
    const { ports, ask } = await aTable();
    const other = ids.leadId('kim@old.example');
    await ports.aliases.put(other, leadId);
    const explanation = await ask('kim@old.example');
    expect(explanation).toMatchObject({ leadId, askedFor: other });
    expect(inWords(explanation)).toContain(`${other}, which you asked for, belongs to this lead`);
  });

  it('names the sequences there are, when it is asked for another', async () => {
    const { ask } = await aTable();
    await expect(ask(leadId, { sequence: 'nurtur' })).rejects.toThrow('only with: nurture');
  });
});
