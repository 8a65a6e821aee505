import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandDefaults, type LiveConfig } from '#core/config';
import { addSeconds } from '#core/instant';
import type { Lead } from '#core/lead';
import { type Happening, runProtocol } from '#tests/helpers/protocol-run';
import { confirmations, liveConfig, nurture } from '#tests/helpers/protocol-sequence';

const start = '2026-03-23T13:00:00.000Z';
const runs = Number(process.env.BATON_CONSENT_RUNS ?? 200);
const compiled = nurture();

const rules = (consent: 'opt-in' | 'double-opt-in'): LiveConfig => ({
  ...liveConfig,
  brand: { ...liveConfig.brand, ...brandDefaults, topics: { tips: { label: 'Tips', consent } } },
});
const asking = confirmations();

const at = fc
  .oneof(fc.integer({ min: 0, max: 14 * 86_400 }), fc.integer({ min: 0, max: 600 }))
  .map((seconds) => addSeconds(start, seconds));
const pressed = (on: 'unsubscribe' | 'preferences' | 'confirm', body: string) =>
  at.map((when): Happening => ({ at: when, do: 'press', on, body }));
/** A form behind the API, or a list that is older than what we know. */
const agreed = fc.tuple(at, fc.integer({ min: 0, max: 3 * 86_400 })).map(
  ([when, ago]): Happening => ({
    at: when,
    do: 'import',
    cells: { 'consent-topics': 'tips', 'consent-at': addSeconds(when, -ago), 'consent-source': 'form' },
  }),
);
const complained = fc.tuple(at, fc.uuid()).map(
  ([when, eventId]): Happening => ({
    at: when,
    do: 'event',
    event: { source: 'ses', eventId, kind: 'complained', at: when, messageId: eventId, leadId: '', sequence: 'nurture' },
  }),
);
const triggered = fc.tuple(at, fc.uuid()).map(([when, trigger]): Happening => ({ at: when, do: 'trigger', trigger }));
const happening = fc.oneof(
  { weight: 3, arbitrary: agreed },
  { weight: 3, arbitrary: pressed('confirm', '') },
  { weight: 2, arbitrary: pressed('unsubscribe', 'List-Unsubscribe=One-Click') },
  { weight: 2, arbitrary: pressed('preferences', 'action=save') },
  { weight: 2, arbitrary: pressed('preferences', 'action=save&topic=tips') },
  { weight: 1, arbitrary: pressed('preferences', 'action=leave-all') },
  { weight: 1, arbitrary: pressed('preferences', 'action=pause') },
  { weight: 1, arbitrary: complained },
  { weight: 1, arbitrary: triggered },
);
const consents = fc.constantFrom<Lead['consents']>(
  {},
  { tips: { given: true, at: start, source: 'form' } },
  { tips: { given: true, at: start, source: 'form', confirmed: { at: start } } },
);
const scenario = fc.record({
  seed: fc.integer(),
  kind: fc.constantFrom('opt-in' as const, 'double-opt-in' as const),
  consents,
  happenings: fc.array(happening, { minLength: 1, maxLength: 7 }),
  crashes: fc.integer({ min: 0, max: 6 }),
});

describe('consent that comes and goes, under random orders, crashes and redeliveries', () => {
  it('never ends in a send after a loss of consent that was durable before the claim', async () => {
    const seen = { asked: 0, nurtured: 0, back: 0, crashes: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, async ({ seed, kind, happenings, crashes, ...given }) => {
        const run = await runProtocol({
          seed,
          compiled,
          others: asking,
          consents: given.consents,
          live: rules(kind),
          start,
          happenings: [{ at: start, do: 'trigger', trigger: 'trial-1' }, ...happenings],
          crashes,
          crashRate: 0.02,
          mailTrouble: 0.1,
        });
        const { accepted, permissions } = run.trace;
        for (const mail of accepted) {
          const basis = mail.sequence === 'nurture' ? 'consent' : 'confirmation';
          const known = permissions.filter((it) => it.basis === basis);
          const atClaim = known.findLast((it) => it.order <= mail.claimedAt);
          const cameBack = known.some((it) => it.may && it.order > mail.claimedAt && it.order <= mail.acceptedAt);
          expect(atClaim?.may === true || cameBack, `${mail.key} of ${mail.sequence} was allowed when it was claimed`).toBe(true);
          seen[basis === 'consent' ? 'nurtured' : 'asked']++;
          if (basis === 'consent' && known.some((it) => !it.may && it.order < mail.claimedAt)) seen.back++;
        }
        expect(new Set(accepted.map((it) => it.key)).size, 'one accepted e-mail a key').toBe(accepted.length);
        for (const enrolment of await run.ports.enrolments.ofLead(run.leadId)) expect(enrolment.ending).not.toBe('failed');
        seen.crashes += run.crashesUsed;
      }),
      { numRuns: runs, endOnFailure: true },
    );
    console.info(`consent: ${runs} runs, ${JSON.stringify(seen)}`);
    expect(seen.asked).toBeGreaterThan(runs / 20);
    expect(seen.nurtured).toBeGreaterThan(runs / 4);
    expect(seen.back, 'mails to who had no consent before').toBeGreaterThan(runs / 100);
    expect(seen.crashes).toBeGreaterThan(runs / 4);
  }, 600_000);
});
