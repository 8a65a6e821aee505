import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import { permissionFor } from '#core/consent';
import { addressIdOf, type Consent } from '#core/lead';
import type { SuppressionScope } from '#core/ports';
import type { Table } from '#core/table';
import { changeAddress } from '#lambdas/api/change-addresses';
import { type Act, type Person, runMerges } from '#tests/helpers/merge-run';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

const runs = Number(process.env.BATON_MERGE_RUNS ?? 120);
const before = '2026-03-01T09:00:00.000Z';
const after = '2026-03-02T09:00:00.000Z';
const addresses = ['kim@example.com', 'b@example.com', 'c@example.com', 'd@example.com'] as const;

const consent = fc.constantFrom<Consent | undefined>(
  undefined,
  { given: true, at: before, source: 'form' },
  { given: true, at: before, source: 'form', confirmed: { at: after } },
  { given: false, at: after, source: 'unsubscribe-link' },
);
const suppression = fc.constantFrom<SuppressionScope | undefined>(undefined, undefined, 'GLOBAL', 'ALL', 'TOPIC#tips');
const person = (email: string): fc.Arbitrary<Person> =>
  fc.record({ consent, suppression }).map((it) => ({
    email,
    ...(it.consent && { consent: it.consent }),
    ...(it.suppression && { suppression: it.suppression }),
  }));
const people = fc.tuple(person(addresses[0]), person(addresses[1]), person(addresses[2]));
const address = fc.constantFrom(...addresses);
const change = fc.tuple(address, address).map(([from, to]): Act => ({ do: 'change', from, to }));
const other = fc.tuple(fc.constantFrom('leave' as const, 'visit' as const, 'import' as const), fc.constantFrom(...addresses.slice(0, 3)));
const chance = fc.record({ seed: fc.integer(), crashes: fc.integer({ min: 0, max: 6 }) });

describe('merges under random schedules, crashes and repeats', () => {
  it('lose nobody, nothing that happened, no refusal; nobody goes round in a circle', async () => {
    const seen = { merges: 0, crashes: 0 };
    const acts = fc.tuple(fc.array(change, { minLength: 1, maxLength: 5 }), fc.array(other, { maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(people, acts, chance, async (drawn, [changes, others], { seed, crashes }) => {
        const did = others.map(([what, email]): Act => ({ do: what, email }));
        const run = await runMerges({ seed, crashes, people: drawn, acts: [...changes, ...changes.slice(0, 1), ...did] });
        const { ports, idOf } = run;
        for (const { act, result } of run.trace.answered) {
          if (act.do !== 'change' || typeof result !== 'string') continue;
          expect(await ports.aliases.resolve(idOf(act.from)), 'one person').toBe(await ports.aliases.resolve(idOf(act.to)));
          if (result === 'merged') seen.merges++;
        }
        seen.crashes += run.crashesUsed;
        for (const it of drawn) await expectKept(run, it, did);
      }),
      { numRuns: runs },
    );
    expect(seen.merges).toBeGreaterThan(runs / 3);
    expect(seen.crashes).toBeGreaterThan(runs / 3);
  }, 300_000);

  it('send nothing after a loss of consent that was durable before the claim, on either side of the merge', async () => {
    const seen = { sent: 0, refused: 0 };
    const [from, to, , free] = addresses;
    const agreed: Consent = { given: true, at: before, source: 'form' };
    const others = fc.constantFrom<Omit<Person, 'email'>>(
      { consent: agreed },
      { consent: agreed },
      { consent: { given: false, at: before, source: 'import' } },
      { consent: agreed, suppression: 'GLOBAL' },
    );
    const leaving = fc.constantFrom<readonly Act[]>([], [{ do: 'leave', email: from }], [{ do: 'leave', email: to }]);
    // The other lead may have moved before: its new address then leads to it over an alias.
    const moved = fc.boolean();
    await fc.assert(
      fc.asyncProperty(others, leaving, moved, chance, fc.boolean(), async (other, leaves, isMoved, { seed, crashes }, twice) => {
        const address = isMoved ? free : to;
        const merge = { do: 'change', from, to: address } as const;
        const sends: readonly Act[] = [from, to].map((email) => ({ do: 'send', email }));
        const run = await runMerges({
          seed,
          crashes,
          people: [
            { email: from, consent: agreed },
            { email: to, ...other },
          ],
          first: isMoved ? [{ do: 'change', from: to, to: free }] : [],
          acts: [...leaves, merge, ...(twice ? [merge] : []), ...sends],
        });
        const { answered, accepted } = run.trace;
        const orderOf = (what: Act['do']) => answered.find(({ act }) => act.do === what)?.order ?? Number.POSITIVE_INFINITY;
        const [left, mergedAt] = [orderOf('leave'), orderOf('change')];
        const leaver = leaves[0]?.do === 'leave' ? leaves[0].email : undefined;
        const isClosed = other.consent?.given !== true || other.suppression !== undefined;
        for (const mail of accepted) {
          const isTheirs = mail.leadId === run.idOf(to);
          if (isTheirs) expect(mail.claimedAt, 'nothing for a lead that is no more').toBeLessThan(mergedAt);
          if (mail.to === address) expect(isClosed, 'nothing to who had refused before').toBe(false);
          if (mail.to === address && leaver === to) expect(mail.claimedAt).toBeLessThan(left);
          if (leaver === from && !isTheirs) expect(mail.claimedAt).toBeLessThan(left);
          if (leaver !== undefined) expect(mail.claimedAt).toBeLessThan(Math.max(left, mergedAt));
        }
        seen.sent += accepted.length;
        seen.refused += sends.length - accepted.length;
      }),
      { numRuns: runs },
    );
    expect(seen.sent).toBeGreaterThan(runs / 4);
    expect(seen.refused).toBeGreaterThan(runs / 4);
  }, 300_000);
});

type Run = Awaited<ReturnType<typeof runMerges>>;

/** What there was of this person is there still, under whatever id. */
const expectKept = async ({ ports, idOf, runOf }: Run, { email, consent: known, suppression: closed }: Person, did: readonly Act[]) => {
  const leadId = await ports.aliases.resolve(idOf(email));
  const lead = await ports.leads.find(leadId);
  if (!lead) throw new Error('somebody was lost');
  if (leadId !== idOf(email)) {
    expect(await ports.leads.find(idOf(email)), 'nobody is revived').toBeUndefined();
    expect((await ports.formerLeads.find(idOf(email)))?.lead, 'no personal data stays').toBeUndefined();
    expect(lead.absorbed).toHaveProperty([idOf(email)]);
  }
  const did_ = (what: Act['do']) => did.some((it) => it.do === what && 'email' in it && it.email === email);
  const events = (await ports.events.ofLead(leadId)).map((it) => it.eventId);
  expect(events).toContain(`first-${email}`);
  if (did_('visit')) expect(events).toContain(`visit-${email}`);
  expect(
    (await ports.events.ofLead(leadId)).every((it) => it.done),
    'nothing is left to do',
  ).toBe(true);
  expect(lead.fields).toHaveProperty([`of-${email}`]);
  if (did_('import')) expect(lead.fields).toHaveProperty([email.replace(/\W/g, '-')]);
  const run = await ports.enrolments.find({ ...runOf(email), leadId });
  expect(run, 'the run is told of').toBeDefined();
  if (leadId !== idOf(email)) expect(run?.endedAt, 'and has ended').toBeDefined();
  const suppressions = await ports.suppressions.ofLead(leadId);
  const scopes = suppressions.map((it) => it.scope);
  if (closed) expect(scopes).toContain(closed);
  const may = permissionFor(lead, suppressions, { topic: 'tips', lawfulBasis: 'consent' }, liveConfig.brand).may;
  if (did_('leave') || closed) {
    if (did_('leave')) expect(scopes).toContain('TOPIC#tips');
    const isConfirmedHere = lead.consents.tips?.confirmed !== undefined && lead.addressId !== undefined;
    if (!isConfirmedHere || closed === 'GLOBAL') expect(may, 'who left has left').toBe(false);
  }
  if (known && !known.given && !lead.consents.tips?.confirmed) expect(lead.consents.tips?.given).toBe(false);
  if (lead.consents.tips?.confirmed) {
    // Only the owner of the present mailbox confirmed it.
    expect(addressIdOf(lead)).toBe(idOf(lead.email));
  }
};

describe('a merge that is repeated after a crash', () => {
  it('ends in the same rows as one that never crashed, wherever the crash came', async () => {
    const changes = fc.array(fc.tuple(address, address), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(people, changes, fc.array(fc.nat({ max: 60 }), { maxLength: 4 }), async (drawn, pairs, crashAt) => {
        const list = [...pairs, ...pairs.slice(-1)];
        expect(await rowsAfter(drawn, list, crashAt)).toEqual(await rowsAfter(drawn, list, []));
      }),
      { numRuns: runs },
    );
  }, 300_000);
});

/** The whole table afterwards; the n-th write of all is the last one of its process, done or not. */
const rowsAfter = async (drawn: readonly Person[], pairs: readonly (readonly [string, string])[], crashAt: readonly number[]) => {
  const world = await aWorld();
  const table = memoryTable();
  const use = { ...world.ports, ...stores(dying(table, crashAt), async () => []) };
  const bare = stores(table, async () => []);
  for (const { email, consent: given, suppression: scope } of drawn) {
    const leadId = use.ids.leadId(email);
    await bare.leads.upsert({ leadId, email, fields: { [`of-${email}`]: 'known' }, consents: given ? { tips: given } : {} }, start);
    if (scope) await bare.suppressions.add(leadId, { scope, reason: 'imported', at: start });
    await bare.events.put({ eventId: `first-${email}`, leadId, name: 'visited', at: start, done: true });
    await bare.enrolments.create({
      leadId,
      sequence: 'nurture',
      enrolmentId: `run-${email}`,
      leg: 1,
      version: 'v',
      enrolledAt: start,
      trigger: 't',
      arms: {},
      seen: {},
    });
  }
  for (const [from, to] of pairs) {
    for (;;) {
      try {
        await changeAddress(use)({ from, to });
        break;
      } catch (error) {
        if ((error as Error).message !== 'the process died here') throw error;
      }
    }
  }
  return table.all().toSorted((one, next) => (`${one.pk} ${one.sk}` < `${next.pk} ${next.sk}` ? -1 : 1));
};

const dying = (table: Table, crashAt: readonly number[]): Table => {
  let writes = 0;
  const mortal = async <T>(write: () => Promise<T>): Promise<T> => {
    const turn = writes++;
    if (crashAt.includes(turn) && turn % 2 === 0) throw new Error('the process died here');
    const result = await write();
    if (crashAt.includes(turn)) throw new Error('the process died here');
    return result;
  };
  return {
    ...table,
    put: (...args) => mortal(() => table.put(...args)),
    update: (...args) => mortal(() => table.update(...args)),
  };
};
