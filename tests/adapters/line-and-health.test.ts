import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineStore } from '#adapters/stores/line';
import { type Stores, stores } from '#adapters/stores/stores';
import { acceptRestored } from '#cli/resume';
import { wholePauses } from '#core/pauses';
import { aLead, anEventRow, now } from '#tests/helpers/builders';
import { type OpenTable, tableKinds } from '#tests/helpers/tables';

const later = '2026-03-24T13:00:00.000Z';
const week = { from: '2026-03-17', upTo: '2026-03-23' };

for (const { kind, open } of tableKinds) {
  describe(`line and health on ${kind}`, () => {
    let opened: OpenTable;
    let use: Stores;
    beforeAll(async () => {
      opened = await open();
      use = stores(opened.table, async () => []);
    });
    afterAll(() => opened.close());

    it('keeps the first pause; the same one again is a repeat, another is not', async () => {
      const pause = { at: now, by: 'stop-the-line' as const, why: 'too many' };
      expect(await use.line.pause('p', pause)).toBe('paused');
      expect(await use.line.pause('p', { ...pause, why: 'more were told meanwhile' })).toBe('paused');
      expect(await use.line.pause('p', { at: later, by: 'hand', why: 'mine' })).toBe('was-paused');
      expect((await use.line.state()).paused.p).toEqual(pause);
      expect(await use.line.resume('p')).toBe('resumed');
      expect(await use.line.resume('p')).toBe('was-running');
      expect(await use.line.pause('p', { at: later, by: 'hand', why: 'mine' })).toBe('paused');
    });

    it('keeps what is paused beside sequences under a name that no sequence can have', async () => {
      const pause = { at: now, by: 'hand' as const, why: 'an incident', who: 'ana' };
      expect(await use.line.pause(wholePauses.everything, pause)).toBe('paused');
      expect((await use.line.state()).paused[wholePauses.everything]).toEqual(pause);
      expect(await use.line.resume(wholePauses.everything)).toBe('resumed');
    });

    it('notices that it was restored into another table, until somebody accepts that', async () => {
      const own = lineStore(opened.table, { tableName: 'baton-prod-a' });
      await own.settleSuppressions({ how: 'declined', at: now, note: 'none' });
      expect((await own.state()).restoredFrom).toBeUndefined();
      const restored = lineStore(opened.table, { tableName: 'baton-prod-b' });
      expect((await restored.state()).restoredFrom).toBe('baton-prod-a');
      await restored.settleSuppressions({ how: 'declined', at: now, note: 'again' });
      expect((await restored.state()).restoredFrom, 'settling the one does not settle the other').toBe('baton-prod-a');
      expect(await acceptRestored({ line: restored })).toEqual({ outcome: 'accepted', from: 'baton-prod-a' });
      expect(await restored.state()).not.toHaveProperty('restoredFrom');
      expect(await acceptRestored({ line: restored })).toEqual({ outcome: 'was-not-restored' });
    });

    it('spends a month in blocks: fewer writes than e-mails, never more than there is money for, exempt ones beyond', async () => {
      const allowance = { month: '2026-05', most: 2999, warnFrom: 2400, usd: 10, nextMonthAt: later };
      const functions = [lineStore(opened.table), lineStore(opened.table)];
      await opened.table.put({ pk: 'LINE', sk: 'MONTH#2026-05', taken: 2980 });
      let writes = 0;
      const outcomes: string[] = [];
      const untold = new Set<string | undefined>();
      for (let at = 0; at < 24; at++) {
        const before = await use.line.spentIn('2026-05');
        const spent = await (functions[at % 2] as Stores['line']).spend(allowance, false);
        if ((await use.line.spentIn('2026-05')) !== before) writes++;
        outcomes.push(spent.outcome);
        untold.add(spent.untold);
        if (spent.untold) await use.line.noteTold('2026-05', spent.untold);
      }
      expect(outcomes.filter((it) => it === 'spent')).toHaveLength(19);
      expect(outcomes.slice(19)).toEqual(Array(5).fill('refused'));
      expect(writes).toBeLessThan(14);
      expect(untold).toEqual(new Set([undefined, 'nearly', 'spent']));
      expect((await use.line.spend(allowance, true)).outcome).toBe('spent');
      expect(await use.line.spentIn('2026-05')).toBe(3000);
      expect(await use.line.spend({ ...allowance, month: '2026-06', most: 0 }, false)).toEqual({ outcome: 'refused', untold: 'spent' });
      expect(await use.line.spentIn('2026-06')).toBe(0);
    });

    it('sums what was delivered and what went wrong on the days asked for, each event once', async () => {
      await use.health.addDelivered('s', '2026-03-16', 1000);
      await use.health.addDelivered('s', '2026-03-17', 5);
      await use.health.addDelivered('s', '2026-03-23', 7);
      await use.health.addDelivered('s', '2026-03-23', 8);
      await use.health.addDelivered('other', '2026-03-23', 500);
      for (const eventId of ['a', 'b', 'a']) await use.health.addTrouble('s', '2026-03-20', 'bounced', eventId);
      await use.health.addTrouble('s', '2026-03-20', 'complained', 'a');
      await use.health.addTrouble('s', '2026-03-16', 'complained', 'long ago');
      expect(await use.health.sums('s', week)).toEqual({ delivered: 20, bounced: 2, complained: 1 });
      expect(await use.health.sums('nobody', week)).toEqual({ delivered: 0, bounced: 0, complained: 0 });
    });

    it('starts over: what was told until then counts no more, what is told after it does', async () => {
      await use.health.addDelivered('o', '2026-03-20', 100);
      await use.health.addTrouble('o', '2026-03-20', 'complained', 'a');
      await use.health.addDelivered('o', '2026-03-22', 50);
      await use.health.addTrouble('o', '2026-03-22', 'complained', 'b');
      await use.health.startOver('o', '2026-03-22');
      expect(await use.health.sums('o', week)).toEqual({ delivered: 0, bounced: 0, complained: 0 });
      await use.health.addDelivered('o', '2026-03-22', 3);
      await use.health.addTrouble('o', '2026-03-22', 'bounced', 'c');
      await use.health.addDelivered('o', '2026-03-23', 4);
      expect(await use.health.sums('o', week)).toEqual({ delivered: 7, bounced: 1, complained: 0 });
      await use.health.startOver('o', '2026-03-22');
      expect(await use.health.sums('o', week)).toEqual({ delivered: 4, bounced: 0, complained: 0 });
    });

    it('never shortens a cool-down, and cools down nobody who is gone', async () => {
      const { email, fields } = aLead();
      await use.leads.upsert({ leadId: 'c', email, fields, consents: {} }, now);
      for (const until of [now, later, now]) await use.leads.coolDown('c', until);
      expect((await use.leads.find('c'))?.coolUntil).toBe(later);
      await use.leads.coolDown('gone', later);
      expect(await use.leads.find('gone')).toBeUndefined();
    });

    it('adds an event once, and tells the second time that it is known', async () => {
      const row = anEventRow({ leadId: 'add', done: false });
      expect(await use.events.add(row)).toBe('added');
      expect(await use.events.add({ ...row, done: true })).toBe('known');
      expect(await use.events.ofLead('add')).toEqual([row]);
    });
  });
}
