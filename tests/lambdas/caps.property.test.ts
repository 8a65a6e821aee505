import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapRules } from '#core/caps';
import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import type { Ports } from '#core/ports';
import type { SendRecord } from '#core/sending';
import { compileSequence } from '#core/sequences/compile';
import type { CompiledEmail, Sequence, Step } from '#core/sequences/model';
import { digest } from '#tests/helpers/chaos';
import { type Happening, runProtocol } from '#tests/helpers/protocol-run';
import { liveConfig, nurtureSequence } from '#tests/helpers/protocol-sequence';

const start = '2026-03-23T09:00:00.000Z';
const runs = Number(process.env.BATON_CAP_RUNS ?? 120);
const hour = 3600;
const day = 24 * hour;
const content: CompiledEmail = {
  subject: 'Hello',
  preheader: '',
  html: '<a href="{{ unsubscribe-url }}">x</a>',
  text: '{{ unsubscribe-url }}',
};

const priorities = { low: 20, middle: 50, high: 80 } as const;
type Id = keyof typeof priorities;
const ids = ['low', 'middle', 'high'] as const;

type Drawn = { readonly waits: readonly number[]; readonly skips: boolean; readonly isInGroup: boolean; readonly transactional: number };

const sequenceOf = (id: Id, { waits, skips, isInGroup, transactional }: Drawn, isRush: boolean): Sequence => {
  const { window: _none, ...base } = nurtureSequence;
  const steps = waits.flatMap((seconds, at): readonly Step[] => [
    { id: `mail-${at}`, kind: 'email', email: 'mail', atOnce: true, ...(at === transactional && { transactional: true }) },
    { id: `wait-${at}`, kind: 'wait', length: { seconds } },
  ]);
  return {
    ...base,
    id,
    priority: isRush ? 50 : priorities[id],
    ...(skips && { whenCapped: 'skip' }),
    ...(isInGroup && !isRush && { group: 'start' }),
    steps: [...steps, { id: 'last', kind: 'email', email: 'mail', atOnce: true }],
  };
};
const compile = (sequence: Sequence) =>
  compileSequence(
    sequence,
    Object.fromEntries(sequence.steps.flatMap((step) => (step.kind === 'email' ? [[step.id, content] as const] : []))),
    digest,
  );

const drawn: fc.Arbitrary<Drawn> = fc.record({
  waits: fc.array(fc.integer({ min: 60, max: 3 * day }), { minLength: 1, maxLength: 3 }),
  skips: fc.boolean(),
  isInGroup: fc.boolean(),
  transactional: fc.integer({ min: 0, max: 9 }),
});
const scenario = fc.record({
  seed: fc.integer(),
  /** All three have the same weight, and their e-mails are due at the same moments. */
  isRush: fc.boolean(),
  low: drawn,
  middle: drawn,
  high: drawn,
  begin: fc.tuple(fc.nat({ max: 2 * day }), fc.nat({ max: 2 * day }), fc.nat({ max: 2 * day })),
  emails: fc.integer({ min: 1, max: 3 }),
  perHours: fc.integer({ min: 6, max: 120 }),
  gapHours: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
  leavesAfter: fc.option(fc.integer({ min: 0, max: 6 * day }), { nil: undefined, freq: 1 }),
  crashes: fc.integer({ min: 0, max: 5 }),
  mailTrouble: fc.constantFrom(0, 0.1, 0.4),
});

/** Hour by hour and e-mail by e-mail, as the promise is worded. */
const keeps = ({ cap, gapSeconds = 0 }: CapRules, moments: readonly number[]): boolean =>
  moments.every((from, at) => moments.every((it, other) => other === at || Math.abs(it - from) >= gapSeconds * 1000)) &&
  moments.every((from) => moments.filter((it) => it >= from && it < from + (cap?.perSeconds ?? 0) * 1000).length <= (cap?.emails ?? 1e9));

/** A run of more weight, parked before an e-mail that counts, with when it is due: as the row says. */
type Promised = { readonly enrolmentId: string; readonly due: number };

describe('three sequences that mail one lead under random schedules, crashes, redeliveries and lost answers', () => {
  it('never pass cap and gap, and who has more weight speaks first', async () => {
    const seen = { crashes: 0, mails: 0, putOff: 0, yielded: 0, inGroup: 0, skipped: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, async (it) => {
        const caps: CapRules = {
          cap: { emails: it.emails, perSeconds: it.perHours * hour },
          ...(it.gapHours !== undefined && { gapSeconds: it.gapHours * hour }),
        };
        const live: LiveConfig = { ...liveConfig, brand: { ...liveConfig.brand, caps } };
        const built = (id: Id) => compile(sequenceOf(id, it.isRush ? it.low : it[id], it.isRush));
        const compiled = { low: built('low'), middle: built('middle'), high: built('high') };
        const promises = new Map<string, readonly Promised[]>();
        const onClaim = async (record: SendRecord, ports: Ports, now: Instant) => {
          if (it.isRush) return;
          const own = priorities[record.sequence as Id];
          const others = (await ports.enrolments.ofLead(record.leadId)).filter(
            (run) => run.speaks && !run.stop && run.endedAt === undefined && run.gsi1sk && priorities[run.sequence as Id] > own,
          );
          const dues = others.map((run) => ({
            enrolmentId: run.enrolmentId,
            due: toEpoch(addSeconds(run.gsi1sk ?? now, run.waitSeconds ?? 0)),
          }));
          promises.set(
            `${record.enrolmentId}/${record.step}/${record.round}`,
            dues.filter(({ due }) => due >= toEpoch(now)),
          );
        };
        const leaves: readonly Happening[] =
          it.leavesAfter === undefined ? [] : [{ at: addSeconds(start, it.leavesAfter), do: 'unsubscribe' }];
        const run = await runProtocol({
          seed: it.seed,
          compiled: compiled.low,
          others: [compiled.middle, compiled.high],
          live,
          start,
          happenings: [
            ...ids.map(
              (sequence, at): Happening => ({
                at: addSeconds(start, it.isRush ? 0 : (it.begin[at] ?? 0)),
                do: 'trigger',
                trigger: 't',
                sequence,
              }),
            ),
            ...leaves,
          ],
          crashes: it.crashes,
          crashRate: 0.02,
          mailTrouble: it.mailTrouble,
          isSwift: true,
          onClaim,
        });
        const isFree = (key: string, sequence: string) =>
          key.split('/')[1] === `mail-${(it.isRush ? it.low : it[sequence as Id]).transactional}`;
        const counted = run.trace.accepted.filter(({ key, sequence }) => !isFree(key, sequence));
        const moments = counted.map(({ at }) => toEpoch(at));
        expect(new Set(counted.map(({ key }) => key)).size, 'one accepted e-mail a key').toBe(counted.length);
        expect(keeps(caps, moments), `cap and gap: ${counted.map(({ key, at }) => `${key} ${at}`).join(', ')}`).toBe(true);
        for (const [at, mail] of counted.entries()) {
          const before = moments.slice(0, at);
          const taken = toEpoch(mail.at);
          for (const { due } of (promises.get(mail.key) ?? []).filter((promised) => promised.due >= taken)) {
            const displaced = keeps(caps, [...before, due]) && !keeps(caps, [...before, taken, due]);
            expect(displaced, `${mail.key} at ${mail.at} took the place of an e-mail due at ${new Date(due).toISOString()}`).toBe(false);
          }
        }
        const enrolments = await run.ports.enrolments.ofLead(run.leadId);
        expect(
          enrolments.every((one) => one.endedAt !== undefined && one.ending !== 'failed'),
          'every run ends',
        ).toBe(true);
        const decisions = await run.ports.decisions.ofLead(run.leadId);
        seen.crashes += run.crashesUsed;
        seen.mails += counted.length;
        seen.putOff += decisions.filter(({ reason }) => reason === 'capped' || reason === 'too-close').length;
        seen.yielded += decisions.filter(({ reason }) => reason === 'yields').length;
        seen.inGroup += decisions.filter(({ reason }) => reason === 'group-busy').length;
        seen.skipped += decisions.filter(({ outcome }) => outcome === 'skipped').length;
      }),
      { numRuns: runs, endOnFailure: runs > 2000 },
    );
    console.info(`caps: ${runs} runs, ${JSON.stringify(seen)}`);
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(runs / 20);
  }, 600_000);
});
