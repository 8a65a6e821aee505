import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { compileSequence } from '#core/sequences/compile';
import type { CompiledEmail, Step } from '#core/sequences/model';
import { digest } from '#tests/helpers/chaos';
import { mailAt, waitOf } from '#tests/helpers/legs';
import { type Happening, runProtocol } from '#tests/helpers/protocol-run';
import { liveConfig, nurtureSequence } from '#tests/helpers/protocol-sequence';

const start = '2026-03-23T13:00:00.000Z';
const day = 86_400;
const runs = Number(process.env.BATON_LOGIC_RUNS ?? 150);

const steps: readonly Step[] = [
  { id: 'enrich', kind: 'webhook', url: 'https://x.example/', sends: [], keeps: ['plan'], into: { seats: 'seats' }, timeOutSeconds: 5 },
  {
    id: 'sign',
    kind: 'wait-for',
    atMostSeconds: 3 * day,
    since: 'enrolment',
    arms: [
      { name: 'a', awaits: 'did:a', steps: [mailAt('mail-a')] },
      { name: 'b', awaits: 'did:b', steps: [mailAt('mail-b')] },
    ],
    // The mail's own state sits it out.
    timedOut: [mailAt('mail-none'), waitOf('settle', 1)],
  },
  {
    id: 'nudge',
    kind: 'repeat',
    times: 3,
    until: { kind: 'event', key: 'did:enough' },
    steps: [mailAt('remind'), { ...waitOf('pause', 2), onlyIf: { kind: 'answer', step: 'enrich', name: 'plan', test: { is: 'pro' } } }],
  },
  { id: 'mark', kind: 'update', fields: { 'tag-through': true } },
  { id: 'also', kind: 'enrol-in', sequence: 'other' },
];
const mails = ['mail-a', 'mail-b', 'mail-none', 'remind', 'hello'];
const content: CompiledEmail = { subject: 's', preheader: '', html: '<p>x</p>', text: 'x' };
const emails = Object.fromEntries(mails.map((it) => [it, content]));
const compiled = compileSequence({ ...nurtureSequence, steps }, emails, digest);
const other = compileSequence(
  { ...nurtureSequence, id: 'other', enter: { on: { event: 'none' }, again: 'never' }, steps: [mailAt('hello')] },
  emails,
  digest,
);

const own = (name: string, latest: number) =>
  fc.tuple(fc.integer({ min: 0, max: latest }), fc.uuid()).map(([seconds, eventId]): Happening => {
    const at = addSeconds(start, seconds);
    return { at, do: 'event', event: { source: 'own', eventId, name, at, leadId: '' } };
  });

const scenario = fc.record({
  seed: fc.integer(),
  signs: fc.array(fc.oneof(own('a', 4 * day), own('b', 4 * day)), { maxLength: 3 }),
  enough: fc.array(own('enough', 8 * day), { maxLength: 1 }),
  isPro: fc.boolean(),
  failing: fc.integer({ min: 0, max: 9 }),
  crashes: fc.integer({ min: 0, max: 8 }),
});

/** The machine's first try of a webhook and its six more. */
const mostCalls = 7;
/** It answers at last, and what it said dies with the function. */
const diedOnTheLastCall = { seed: 1816417863, signs: [], enough: [], isPro: false, failing: 6, crashes: 6 };

it('every way through ends, once, by what happened first, whatever crashes and whatever comes twice', async () => {
  const seen: Record<string, number> = { crashes: 0, a: 0, b: 0, none: 0, silent: 0 };
  await fc.assert(
    fc.asyncProperty(scenario, async ({ seed, signs, enough, isPro, failing, crashes }) => {
      let calls = 0;
      const ids = new Set<string>();
      const run = await runProtocol({
        seed,
        compiled,
        others: [other],
        live: liveConfig,
        start,
        happenings: [{ at: start, do: 'trigger', trigger: 'trial-1' }, ...signs, ...enough],
        crashes,
        crashRate: 0.02,
        mailTrouble: 0,
        answerWebhook: ({ id }) => {
          ids.add(id);
          return calls++ < failing ? { status: 500 } : { status: 200, answer: { plan: isPro ? 'pro' : 'basic', seats: 3 } };
        },
      });
      const [enrolment] = (await run.ports.enrolments.ofLead(run.leadId)).filter((it) => it.sequence === 'nurture');
      expect(enrolment?.ending).toBe('completed');
      const keys = run.trace.accepted.map((it) => it.key);
      expect(new Set(keys).size, 'one e-mail a step and round').toBe(keys.length);
      // A sender that died at its call sends nothing twice, and perhaps nothing: its record is there all the same.
      const steps = (await run.ports.sends.ofLead(run.leadId)).map((it) => `${it.step}/${it.round}`);
      const ways = steps.filter((it) => it.startsWith('mail-'));
      expect(ways, 'one way only').toHaveLength(1);
      const way = ways[0]?.slice('mail-'.length, -'/1'.length) ?? '';
      // The way of what happened first, of all that the row knows.
      const known = Object.entries(enrolment?.seen ?? {}).filter(([key]) => key === 'did:a' || key === 'did:b');
      const decided = (await run.ports.decisions.ofLead(run.leadId)).find((it) => it.step === 'sign');
      if (way !== 'none') expect(decided?.outcome).toBe(`arm:${way}`);
      else expect(known.every(([, at]) => at >= addSeconds(start, 3 * day - 3600))).toBe(true);
      expect(steps.filter((it) => it.startsWith('remind/')).length).toBeLessThanOrEqual(3);
      expect(steps).toContain('remind/1');
      expect(steps, 'the other sequence, by its own row').toContain('hello/1');
      expect((await run.ports.leads.find(run.leadId))?.fields['tag-through']).toBe(true);
      expect(ids.size, 'one id for all attempts').toBe(1);
      // Of the last call that is made the answer may be lost: the function died before it was kept, and nobody asks again.
      const isLost = calls === mostCalls && enrolment?.answers === undefined;
      const isSilent = calls > 0 && (calls <= failing || isLost);
      expect(enrolment?.answers).toEqual(isSilent ? undefined : { 'enrich.plan': isPro ? 'pro' : 'basic' });
      seen.crashes = (seen.crashes ?? 0) + run.crashesUsed;
      seen[way] = (seen[way] ?? 0) + 1;
      if (isSilent) seen.silent = (seen.silent ?? 0) + 1;
    }),
    { numRuns: runs, endOnFailure: false, examples: [[diedOnTheLastCall]] },
  );
  console.info(`logic: ${runs} runs, ${JSON.stringify(seen)}`);
  for (const way of ['a', 'b', 'none', 'silent']) expect(seen[way]).toBeGreaterThan(runs / 50);
}, 600_000);
