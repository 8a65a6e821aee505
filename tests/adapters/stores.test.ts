import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, stores } from '#adapters/stores/stores';
import { duePk, shardOf, shards } from '#core/keys';
import type { Consent } from '#core/lead';
import { aLead, anEnrolment, anEventRow, aSalesTask, aSendRecord, aStageMove, now } from '#tests/helpers/builders';
import { type OpenTable, tableKinds } from '#tests/helpers/tables';

const later = '2026-03-24T13:00:00.000Z';
const latest = '2026-03-25T13:00:00.000Z';

for (const { kind, open } of tableKinds) {
  describe(`the stores on ${kind}`, () => {
    let opened: OpenTable;
    let use: Stores;
    beforeAll(async () => {
      opened = await open();
      use = stores(opened.table, async () => [172_800]);
    });
    afterAll(() => opened.close());

    describe('leads', () => {
      it('creates once, then fills in; empty never overwrites and a repeat changes nothing', async () => {
        const { leadId, email, fields, consents } = aLead({ leadId: 'l-upsert' });
        expect(await use.leads.upsert({ leadId, email, fields, consents }, now)).toBe('created');
        expect(await use.leads.upsert({ leadId, email, fields, consents }, later)).toBe('unchanged');
        expect(await use.leads.upsert({ leadId, email, fields: { company: 'New Ltd', country: '' }, consents: {} }, later)).toBe('updated');
        const lead = await use.leads.find(leadId);
        expect(lead).toEqual({
          ...aLead({ leadId }),
          fields: { ...fields, company: 'New Ltd' },
          // Those of the creation need none.
          fieldTimes: { company: later },
          revision: 2,
        });
      });

      it('lets the newest win per field, whichever comes last, and keeps times where a creation does not say them', async () => {
        const { email } = aLead();
        const row = (at: string, city: string) => ({ fields: { city, team: 'x' }, update: { otherwise: 'newest' as const, at } });
        const rows = [row('2026-01-01T00:00:00.000Z', 'Cork'), row('2026-02-01T00:00:00.000Z', 'Galway')];
        for (const [leadId, order] of [
          ['l-old-first', rows],
          ['l-new-first', [...rows].reverse()],
        ] as const) {
          for (const it of [...order, ...order]) await use.leads.upsert({ leadId, email, consents: {}, ...it }, now);
          expect(await use.leads.find(leadId)).toMatchObject({
            fields: { city: 'Galway', team: 'x' },
            fieldTimes: { city: '2026-02-01T00:00:00.000Z', team: '2026-02-01T00:00:00.000Z' },
          });
        }
      });

      it('keeps the newer consent, whichever comes last', async () => {
        const { email, fields } = aLead();
        const consent = (given: boolean, at: string) => ({
          leadId: 'l-consent',
          email,
          fields,
          consents: { tips: { given, at, source: 'form' } },
        });
        await use.leads.upsert(consent(true, now), now);
        await use.leads.setConsents('l-consent', { tips: { given: false, at: later, source: 'link' } });
        await use.leads.upsert(consent(true, now), latest);
        expect((await use.leads.find('l-consent'))?.consents.tips?.given).toBe(false);
        await use.leads.upsert(consent(true, latest), latest);
        expect((await use.leads.find('l-consent'))?.consents.tips?.given).toBe(true);
      });

      it('loses neither of two changes at the same time', async () => {
        const { email } = aLead();
        await use.leads.upsert({ leadId: 'l-race', email, fields: {}, consents: {} }, now);
        await Promise.all(
          ['a', 'b', 'c'].map((field) => use.leads.upsert({ leadId: 'l-race', email, fields: { [field]: 1 }, consents: {} }, now)),
        );
        expect((await use.leads.find('l-race'))?.fields).toEqual({ a: 1, b: 1, c: 1 });
      });

      it('marks one running enrolment of a sequence', async () => {
        const { email } = aLead();
        await use.leads.upsert({ leadId: 'l-mark', email, fields: {}, consents: {} }, now);
        const marks = await Promise.all(['one', 'two'].map((it) => use.leads.markActive('l-mark', 'nurture', it, undefined)));
        expect(marks.toSorted()).toEqual(['marked', 'refused']);
        const standing = (await use.leads.find('l-mark'))?.active.nurture ?? '';
        expect(await use.leads.markActive('l-mark', 'nurture', standing, undefined)).toBe('marked');
        expect(await use.leads.markActive('l-mark', 'nurture', 'three', standing)).toBe('marked');
        expect(await use.leads.markActive('l-nobody', 'nurture', 'three', undefined)).toBe('refused');
      });

      it('runs one handoff at a time, and ends only that one', async () => {
        const { email } = aLead();
        await use.leads.upsert({ leadId: 'l-hand', email, fields: {}, consents: {} }, now);
        const handoff = (taskId: string) => ({ taskId, since: now, until: later });
        expect(await use.leads.beginHandoff('l-hand', handoff('t1'))).toBe('begun');
        expect(await use.leads.beginHandoff('l-hand', handoff('t2'))).toBe('refused');
        expect(await use.leads.endHandoff('l-hand', 't2', 'mql')).toBe('refused');
        expect(await use.leads.endHandoff('l-hand', 't1', 'lead')).toBe('ended');
        expect(await use.leads.beginHandoff('l-hand', handoff('t3'))).toBe('begun');
        expect(await use.leads.endHandoff('l-hand', 't3', 'mql')).toBe('ended');
        expect(await use.leads.endHandoff('l-hand', 't3', 'mql')).toBe('ended');
        expect(await use.leads.find('l-hand')).toMatchObject({ stage: 'mql', handoffs: 2 });
        expect(await use.leads.beginHandoff('l-hand', handoff('t4'))).toBe('refused');
      });

      it('know a handoff that had a machine, and a lead that did not know of it', async () => {
        const watch = (taskId: string) => use.salesTasks.watchFrom({ taskId, leadId: 'l-back' }, now);
        await use.leads.upsert({ leadId: 'l-back', email: 'back@x.example', fields: {}, consents: {} }, now);
        expect([await watch('t-back-1'), await watch('t-back-1')]).toEqual(['watched', 'watched']);
        await use.salesTasks.wake('t-back-1');
        expect([await watch('t-back-1'), await watch('t-back-2')]).toEqual(['had-one', 'watched']);
        expect(await use.leads.beginHandoff('l-back', { taskId: 't-back-2', since: now, until: now }, 1)).toBe('begun');
        expect(await use.leads.find('l-back')).toMatchObject({ handoff: { taskId: 't-back-2' }, handoffs: 1 });
      });

      it('remembers entries as of the lead that was read, and finds whose day has come, soonest first', async () => {
        const consents = {};
        for (const leadId of ['l-day', 'l-dax'])
          await use.leads.upsert({ leadId, email: `${leadId}@x.example`, fields: {}, consents }, now);
        const read = async (leadId: string) => {
          const lead = await use.leads.find(leadId);
          if (!lead) throw new Error('no lead');
          return lead;
        };
        const before = await read('l-day');
        await use.leads.pause('l-day', later);
        expect(await use.leads.markEntries(before, { s: { holds: true } })).toBe('refused');
        const marks = { s: { due: later, day: '2026-03-24' }, t: { due: now, day: '2026-03-23' } };
        expect(await use.leads.markEntries(await read('l-day'), marks)).toBe('marked');
        expect(await use.leads.markEntries(await read('l-dax'), { s: { due: later, day: '2026-03-24' } })).toBe('marked');
        expect((await read('l-day')).entries).toEqual(marks);
        const dueAt = async (at: string) =>
          (await Promise.all(shards.map((shard) => use.leads.entriesDue(shard, at, 10, undefined)))).flatMap((it) => it.leadIds).sort();
        expect(await dueAt(now)).toEqual(['l-day']);
        expect(await dueAt(later)).toEqual(['l-dax', 'l-day']);
        expect(await use.leads.markEntries(await read('l-day'), { s: { entered: '2026-03-24' } })).toBe('marked');
        expect(await dueAt(latest)).toEqual(['l-dax']);
        await opened.table.delete({ pk: 'LEAD#l-dax', sk: 'PROFILE' });
        expect(await dueAt(latest)).toEqual([]);
        expect(await use.leads.markEntries({ ...before, leadId: 'l-dax' }, { s: { due: now } })).toBe('refused');
      });

      it('never revives an erased lead', async () => {
        await use.leads.setConsents('l-erased', { tips: { given: true, at: now, source: 'form' } });
        expect(await use.leads.moveStage('l-erased', 'lead', 'won')).toBe('refused');
        expect(await use.leads.beginHandoff('l-erased', { taskId: 't', since: now, until: later })).toBe('refused');
        expect(await use.leads.find('l-erased')).toBeUndefined();
      });
    });

    describe('aliases', () => {
      it('lead from an address to a lead, over as many merges as there were; the first stays', async () => {
        expect(await use.aliases.resolve('a-new')).toBe('a-new');
        await use.aliases.put('a-new', 'a-lead');
        await use.aliases.put('a-new', 'a-other');
        await use.aliases.put('a-lead', 'a-lead');
        expect(await use.aliases.resolve('a-new')).toBe('a-lead');
        await use.aliases.put('a-lead', 'a-whole');
        expect(await use.aliases.resolve('a-new')).toBe('a-whole');
        expect(await use.aliases.trail('a-new')).toEqual(['a-new', 'a-lead', 'a-whole']);
      });

      it('never go round in a circle without saying so', async () => {
        await use.aliases.put('a-one', 'a-two');
        await use.aliases.put('a-two', 'a-one');
        await expect(use.aliases.resolve('a-one')).rejects.toThrow('lead nowhere');
      });

      it('decide one join at a time', async () => {
        const [one, other] = [
          { into: 'j-a', leadId: 'j-b' },
          { into: 'j-b', leadId: 'j-a' },
        ];
        expect(await use.aliases.beginJoin(one)).toEqual(one);
        expect(await use.aliases.beginJoin(one)).toEqual(one);
        expect(await use.aliases.beginJoin(other)).toEqual(one);
        await use.aliases.endJoin(other);
        expect(await use.aliases.beginJoin(other)).toEqual(one);
        await use.aliases.endJoin(one);
        expect(await use.aliases.beginJoin(other)).toEqual(other);
        await use.aliases.endJoin(other);
      });
    });

    describe('former leads', () => {
      const create = (leadId: string, fields = {}) =>
        use.leads.upsert({ leadId, email: `${leadId}@example.com`, fields, consents: {} }, now);
      const address = { email: 'f@example.com', addressId: 'f-free' };

      it('are found by nobody, and what is written to them goes to the other', async () => {
        await create('f-into');
        await create('f-gone', { company: 'Ltd' });
        await use.formerLeads.close({ into: 'f-into', leadId: 'f-gone' }, now);
        await use.formerLeads.close({ into: 'f-nobody', leadId: 'f-gone' }, later);
        expect(await use.leads.find('f-gone')).toBeUndefined();
        expect(await use.formerLeads.find('f-gone')).toMatchObject({ into: 'f-into', at: now, lead: { fields: { company: 'Ltd' } } });
        expect(await create('f-gone', { city: 'Cork' })).toBe('updated');
        await use.leads.setConsents('f-gone', { tips: { given: false, at: now, source: 'link' } });
        await use.leads.pause('f-gone', later);
        await use.leads.coolDown('f-gone', later);
        await use.leads.awaitConfirmation('f-gone', 'nurture', 't');
        expect(await use.leads.moveStage('f-gone', 'lead', 'won')).toBe('refused');
        expect(await use.leads.find('f-into')).toMatchObject({
          fields: { city: 'Cork' },
          consents: { tips: { given: false } },
          pausedUntil: later,
          coolUntil: later,
          waiting: { nurture: 't' },
          stage: 'lead',
        });
        expect(await use.leads.markActive('f-gone', 'nurture', 'e', undefined)).toBe('refused');
        expect(await use.leads.beginHandoff('f-gone', { taskId: 't', since: now, until: later })).toBe('refused');
        expect(await use.leads.endHandoff('f-gone', 't', 'mql')).toBe('refused');
        expect((await use.formerLeads.find('f-gone'))?.lead).toMatchObject({ fields: { company: 'Ltd' }, consents: {} });
      });

      it('close an address that no lead has, before one begins there', async () => {
        await create('f-owner');
        await use.formerLeads.close({ into: 'f-owner', leadId: 'f-address' }, now);
        expect(await create('f-address', { city: 'Cork' })).toBe('updated');
        expect(await use.leads.find('f-address')).toBeUndefined();
        expect((await use.leads.find('f-owner'))?.fields).toEqual({ city: 'Cork' });
      });

      it('are taken in once, and then hold no personal data', async () => {
        await create('f-whole');
        await create('f-part', { company: 'Ltd' });
        await use.formerLeads.close({ into: 'f-whole', leadId: 'f-part' }, now);
        const former = await use.formerLeads.find('f-part');
        if (!former) throw new Error('not closed');
        expect(await use.formerLeads.absorb('f-whole', address, former)).toBe('absorbed');
        expect(await use.formerLeads.absorb('f-whole', address, former)).toBe('unchanged');
        expect(await use.formerLeads.absorb('f-part', address, former)).toBe('refused');
        await use.formerLeads.strip(former);
        expect(await use.formerLeads.find('f-part')).toEqual({ leadId: 'f-part', into: 'f-whole', at: now });
        expect(await use.leads.find('f-whole')).toMatchObject({ ...address, fields: { company: 'Ltd' }, absorbed: { 'f-part': now } });
        const ofStage = async (leadId: string) =>
          (await opened.table.queryIndex('gsi2', `STAGE#lead#${shardOf(leadId)}`)).items.map((it) => it.leadId);
        expect(await ofStage('f-part')).not.toContain('f-part');
        expect(await ofStage('f-whole')).toContain('f-whole');
      });

      it('lose nothing that is written while they are taken in', async () => {
        await create('f-busy');
        await create('f-late');
        await use.formerLeads.close({ into: 'f-busy', leadId: 'f-late' }, now);
        const former = await use.formerLeads.find('f-late');
        await Promise.all([
          use.formerLeads.absorb('f-busy', address, former),
          use.leads.pause('f-late', later),
          use.leads.moveStage('f-busy', 'lead', 'mql'),
          create('f-late', { city: 'Cork' }),
        ]);
        const whole = { email: address.email, pausedUntil: later, stage: 'mql', fields: { city: 'Cork' } };
        expect(await use.leads.find('f-busy')).toMatchObject(whole);
      });

      it('leave their history to the other, over whose rows nothing is written', async () => {
        await use.events.put(anEventRow({ leadId: 'h-gone', eventId: 'e1', done: false }));
        await use.events.put(anEventRow({ leadId: 'h-gone', eventId: 'e2', path: '/theirs', notedAt: now }));
        await use.events.put(anEventRow({ leadId: 'h-into', eventId: 'e2', path: '/mine' }));
        await use.stages.record('h-gone', aStageMove());
        await use.enrolments.create(anEnrolment({ leadId: 'h-gone' }));
        await use.sends.write(aSendRecord({ leadId: 'h-gone', state: 'SENT' }));
        for (let again = 0; again < 2; again++) {
          const due = await use.formerLeads.copyHistory({ leadId: 'h-gone', into: 'h-into', at: now }, 'h-into');
          expect(due, 'what nobody has worked on yet').toEqual(['e1', 'e2']);
        }
        expect((await use.events.ofLead('h-into')).map((it) => [it.eventId, it.path, it.leadId])).toEqual([
          ['e1', '/pricing', 'h-into'],
          ['e2', '/mine', 'h-into'],
        ]);
        expect((await use.histories.ofLead('h-into')).moves).toEqual([aStageMove()]);
        expect(await use.enrolments.ofLead('h-into')).toMatchObject([{ leadId: 'h-into', ending: 'stopped', stop: { reason: 'merged' } }]);
        expect(await use.sends.ofLead('h-into')).toMatchObject([{ leadId: 'h-into', state: 'SENT' }]);
        expect(await use.enrolments.ofLead('h-gone')).toEqual([anEnrolment({ leadId: 'h-gone' })]);
      });
    });

    describe('enrolments', () => {
      it('creates once', async () => {
        const row = anEnrolment({ leadId: 'e-once' });
        expect(await use.enrolments.create(row)).toBe('created');
        expect(await use.enrolments.create({ ...row, leg: 7 })).toBe('exists');
        expect(await use.enrolments.find(row)).toEqual(row);
      });

      it('keeps the stronger stop; of equals the first', async () => {
        const row = anEnrolment({ leadId: 'e-stop' });
        await use.enrolments.create(row);
        expect((await use.enrolments.stop(row, { reason: 'goal', at: now }))?.stop).toEqual({ reason: 'goal', at: now });
        expect((await use.enrolments.stop(row, { reason: 'exit', at: later }))?.stop?.reason).toBe('goal');
        expect((await use.enrolments.stop(row, { reason: 'qualified', at: later }))?.stop?.reason).toBe('goal');
        expect((await use.enrolments.stop(row, { reason: 'suppressed', at: later }))?.stop).toEqual({ reason: 'suppressed', at: later });
        expect(await use.enrolments.stop(anEnrolment({ leadId: 'e-nobody' }), { reason: 'goal', at: now })).toBeUndefined();
      });

      it('adds what was seen, and keeps the time of the first', async () => {
        const row = anEnrolment({ leadId: 'e-seen' });
        await use.enrolments.create(row);
        await use.enrolments.see(row, ['did:project.created'], now);
        const seen = await use.enrolments.see(row, ['did:project.created', 'clicked:roi-table'], later);
        expect(seen?.seen).toEqual({ 'did:project.created': now, 'clicked:roi-table': later });
        expect(await use.enrolments.see(anEnrolment({ leadId: 'e-nobody' }), ['x'], now)).toBeUndefined();
      });

      it('parks in a wait that a timer ends; not past a stop or an end, on another leg, or over a state entered later', async () => {
        const row = anEnrolment({ leadId: 'e-park' });
        const parking = { token: 't', leg: 1, step: 'settle', version: 'v1', entered: now, due: later, speaks: true };
        const park = (more: object = {}, at = row) => use.enrolments.park(at, { ...parking, ...more });
        expect(await park()).toBe('refused');
        await use.enrolments.create(row);
        expect([await park(), await park()]).toEqual(['parked', 'parked']);
        expect(await use.enrolments.find(row)).toMatchObject({
          token: 't',
          timed: true,
          entered: now,
          gsi1sk: later,
          waitSeconds: 0,
          speaks: true,
        });
        expect([await park({ entered: later }), await park()]).toEqual(['parked', 'late']);
        expect(await park({ leg: 2 })).toBe('refused');
        await use.enrolments.stop(row, { reason: 'goal', at: now });
        expect(await park({ entered: later })).toBe('refused');
        const ended = anEnrolment({ leadId: 'e-park-ended' });
        await use.enrolments.create({ ...ended, endedAt: now });
        expect(await park({}, ended)).toBe('refused');
      });

      it('finds overdue rows of every wait length, planned ones included, and no others', async () => {
        const park = async (leadId: string, seconds: number, from: string) => {
          const row = anEnrolment({ leadId });
          await use.enrolments.create({ ...row, gsi1pk: duePk('5', seconds), gsi1sk: from, waitSeconds: seconds });
        };
        await park('o-planned', 0, now);
        await park('o-static', 172_800, '2026-03-21T12:00:00.000Z');
        await park('o-not-yet', 172_800, '2026-03-22T12:00:00.000Z');
        await park('o-future', 0, later);
        const { runs: overdue } = await use.enrolments.overdue('5', now, 10);
        expect(overdue.map((it) => it.leadId).toSorted()).toEqual(['o-planned', 'o-static']);
      });
    });

    describe('sends', () => {
      it('is written by the one who saw the revision before', async () => {
        const record = aSendRecord({ leadId: 's-a' });
        expect(await use.sends.write(record)).toBe('written');
        expect(await use.sends.write(record)).toBe('refused');
        const next = await Promise.all(['A', 'B'].map((reason) => use.sends.write({ ...record, revision: 2, state: 'CALLING', reason })));
        expect(next.toSorted()).toEqual(['refused', 'written']);
        expect((await use.sends.find(record))?.state).toBe('CALLING');
      });

      it('finds unsettled ones up to a moment', async () => {
        await use.sends.write(aSendRecord({ leadId: 's-u1', state: 'UNKNOWN', gsi1pk: 'UNSETTLED#3', gsi1sk: now }));
        await use.sends.write(aSendRecord({ leadId: 's-u2', state: 'UNKNOWN', gsi1pk: 'UNSETTLED#3', gsi1sk: later }));
        expect((await use.sends.unsettled('3', now, 10)).map((it) => it.leadId)).toEqual(['s-u1']);
      });
    });

    describe('counted mails', () => {
      const mail = (key: string, at: string) => ({ key, enrolmentId: 'run', at });
      it('give a place to the one who saw the count as it is', async () => {
        const before = await use.countedMails.ofLead('l-count');
        expect(before).toEqual({ mails: [], own: [], revision: 0 });
        expect(await use.countedMails.take('l-count', mail('a', now), now, before)).toBe('taken');
        expect(await use.countedMails.take('l-count', mail('b', now), now, before)).toBe('refused');
        const then = await use.countedMails.ofLead('l-count');
        expect(then.mails).toEqual([mail('a', now)]);
        expect(await use.countedMails.take('l-count', mail('b', later), now, then)).toBe('taken');
        expect((await use.countedMails.ofLead('l-count')).mails).toEqual([mail('a', now), mail('b', later)]);
      });

      it('forget what counts no more, keep one place a mail, and give it back', async () => {
        const take = async (key: string, at: string, since: string) =>
          use.countedMails.take('l-count-2', mail(key, at), since, await use.countedMails.ofLead('l-count-2'));
        await take('a', now, now);
        await take('b', later, now);
        await take('b', latest, later);
        expect((await use.countedMails.ofLead('l-count-2')).mails).toEqual([mail('b', latest)]);
        const stale = await use.countedMails.ofLead('l-count-2');
        await use.countedMails.giveBack('l-count-2', 'b');
        await use.countedMails.giveBack('l-nobody', 'b');
        expect((await use.countedMails.ofLead('l-count-2')).mails).toEqual([]);
        expect(await use.countedMails.take('l-count-2', mail('c', latest), later, stale)).toBe('refused');
        expect((await use.countedMails.ofLead('l-nobody')).revision).toBe(0);
      });

      it('come along when a lead goes into another', async () => {
        for (const leadId of ['l-mails-old', 'l-mails-new']) {
          const { email, fields, consents } = aLead();
          await use.leads.upsert({ leadId, email, fields, consents }, now);
          await use.countedMails.take(leadId, mail(leadId, now), now, await use.countedMails.ofLead(leadId));
        }
        await use.formerLeads.close({ into: 'l-mails-new', leadId: 'l-mails-old' }, later);
        const former = await use.formerLeads.find('l-mails-old');
        if (!former) throw new Error('not closed');
        await use.formerLeads.copyHistory(former, 'l-mails-new');
        const count = await use.countedMails.ofLead('l-mails-new');
        expect(count.mails.map((it) => it.key).sort()).toEqual(['l-mails-new', 'l-mails-old']);
        expect(await use.countedMails.take('l-mails-new', mail('next', later), now, count)).toBe('taken');
        expect((await use.countedMails.ofLead('l-mails-new')).mails).toHaveLength(3);
      });
    });

    it('keeps events, moves, decisions, suppressions and tasks under keys that make a repeat harmless', async () => {
      const event = anEventRow({ leadId: 'x-a' });
      await use.events.put(event);
      await use.events.put(event);
      expect(await use.events.ofLead('x-a')).toEqual([event]);
      await use.stages.record('x-a', aStageMove());
      await use.stages.record('x-a', aStageMove({ to: 'won' }));
      expect((await use.histories.ofLead('x-a')).moves).toEqual([aStageMove()]);
      const decision = {
        leadId: 'x-a',
        enrolmentId: 'n',
        step: 's',
        round: 1,
        attempt: 2,
        at: now,
        outcome: 'skipped' as const,
        configHash: 'h',
      };
      await use.decisions.record(decision);
      expect(await use.decisions.ofLead('x-a')).toEqual([decision]);
      await use.suppressions.add('x-a', { scope: 'GLOBAL', reason: 'bounced', at: now });
      await use.suppressions.add('x-a', { scope: 'GLOBAL', reason: 'complained', at: later });
      await use.suppressions.add('x-a', { scope: 'GLOBAL', reason: 'told late', at: now });
      await use.suppressions.add('x-a', { scope: 'TOPIC#tips', reason: 'unsubscribed', at: later });
      expect((await use.suppressions.ofLead('x-a')).map((it) => [it.scope, it.reason])).toEqual([
        ['GLOBAL', 'complained'],
        ['TOPIC#tips', 'unsubscribed'],
      ]);
      const task = aSalesTask({ taskId: 'x-task' });
      expect(await use.salesTasks.create(task)).toBe('created');
      expect(await use.salesTasks.create({ ...task, rep: 'joy' })).toBe('exists');
      await use.salesTasks.markQueued('x-task', now);
      await use.salesTasks.markQueued('x-task', later);
      await use.salesTasks.markNotified('x-nobody', now);
      expect(await use.salesTasks.find('x-task')).toEqual({ ...task, queuedAt: now });
      expect(await use.salesTasks.find('x-nobody')).toBeUndefined();
    });

    it('a sales task loses its words, also when somebody answers at that moment', async () => {
      const task = aSalesTask({ taskId: 'x-strip', status: 'open' });
      await use.salesTasks.create(task);
      let isFirst = true;
      const racing = stores(
        {
          ...opened.table,
          get: async (key, ...more) => {
            const found = await opened.table.get(key, ...more);
            if (isFirst) {
              isFirst = false;
              await use.salesTasks.answer(task, { status: 'accepted', answers: [] });
            }
            return found;
          },
        },
        async () => [],
      );
      expect(await racing.salesTasks.strip('x-strip')).toBe(true);
      expect(await use.salesTasks.find('x-strip')).toMatchObject({ status: 'accepted', reasons: [], touches: [], from: [] });
    });

    it('keeps a confirmation from a list that only repeats the agreement, and not from a refusal', async () => {
      const { email, fields } = aLead();
      const given = (consent: Consent) => ({ leadId: 'c-a', email, fields, consents: { tips: consent } });
      const confirmed = { given: true, at: now, source: 'form', confirmed: { at: now, ipHash: 'h', textVersion: 'v' } };
      await use.leads.upsert(given(confirmed), now);
      expect(await use.leads.upsert(given({ given: true, at: later, source: 'list' }), later)).toBe('unchanged');
      expect((await use.leads.find('c-a'))?.consents.tips).toEqual(confirmed);
      expect(await use.leads.upsert(given({ given: false, at: later, source: 'list' }), later)).toBe('updated');
      expect((await use.leads.find('c-a'))?.consents.tips).toEqual({ given: false, at: later, source: 'list' });
    });

    it('keeps pauses, cool-downs and what waits for a confirmation, and revives nobody', async () => {
      await use.leads.upsert({ leadId: 'p-a', email: 'p@example.com', fields: {}, consents: {} }, now);
      await use.leads.pause('p-a', later);
      await use.leads.coolDown('p-a', latest);
      await use.leads.setAway('p-a', latest);
      await use.leads.setAway('p-a', later);
      await use.leads.setAway('p-gone', later);
      await use.leads.awaitConfirmation('p-a', 'nurture', 'trial-1');
      await use.leads.awaitConfirmation('p-a', 'webinar', 'imported:may');
      await use.leads.awaitConfirmation('p-a', 'nurture', 'trial-2');
      expect(await use.leads.find('p-a')).toMatchObject({
        pausedUntil: later,
        coolUntil: latest,
        awayUntil: latest,
        waiting: { nurture: 'trial-2', webinar: 'imported:may' },
      });
      await use.leads.pause('p-a', undefined);
      expect(await use.leads.find('p-a')).not.toHaveProperty('pausedUntil');
      await use.leads.pause('p-gone', later);
      await use.leads.awaitConfirmation('p-gone', 'nurture', 'trial-1');
      expect(await use.leads.find('p-gone')).toBeUndefined();
    });

    it('keeps every change of consent, each once, in the order of time', async () => {
      const entry = { topic: 'tips', given: true, at: now, source: 'form', proof: { ipHash: 'h' } };
      await use.consents.record('k-a', entry);
      await use.consents.record('k-a', entry);
      await use.consents.record('k-a', { ...entry, confirmed: { at: latest } });
      await use.consents.record('k-a', { topic: 'tips', given: false, at: later, source: 'link' });
      expect((await use.consents.ofLead('k-a')).map((it) => [it.given, it.confirmed?.at ?? it.at])).toEqual([
        [true, now],
        [false, later],
        [true, latest],
      ]);
    });

    it('has nothing to say of what it never saw', async () => {
      expect(await use.leads.find('nobody')).toBeUndefined();
      expect(await use.enrolments.ofLead('nobody')).toEqual([]);
      expect(await use.sends.find(aSendRecord({ leadId: 'nobody' }))).toBeUndefined();
      expect(await use.suppressions.ofLead('nobody')).toEqual([]);
    });
  });
}
