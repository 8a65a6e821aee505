import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LiveConfig } from '#core/config';
import { addSeconds } from '#core/instant';
import { runProtocol } from '#tests/helpers/protocol-run';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';

const start = '2026-03-23T13:00:00.000Z';
const runs = Number(process.env.BATON_EXITS_RUNS ?? 20);
const live: LiveConfig = {
  ...liveConfig,
  brand: {
    ...liveConfig.brand,
    exits: [
      { when: { kind: 'field', field: 'account', test: { is: 'closed' } }, as: 'exit' },
      { on: 'contract.signed', as: 'goal' },
    ],
  },
};

const scenario = fc.record({
  seed: fc.integer(),
  closesAfter: fc.option(fc.integer({ min: 0, max: 8 * 86_400 }), { nil: undefined }),
  signsAfter: fc.option(fc.integer({ min: 0, max: 8 * 86_400 }), { nil: undefined }),
  crashes: fc.nat(6),
});

it('no mail goes after a global exit that was durable before the claim, whatever crashes and whatever comes twice', async () => {
  const counts = { ended: 0, refused: 0, mails: 0 };
  await fc.assert(
    fc.asyncProperty(scenario, async ({ seed, closesAfter, signsAfter, crashes }) => {
      /** Sends whose last claim came when the exit was there already. */
      const tooLate = new Set<string>();
      const run = await runProtocol({
        seed,
        compiled: nurture(),
        live,
        start,
        happenings: [
          { at: start, do: 'trigger', trigger: 'trial-1' },
          ...(closesAfter === undefined
            ? []
            : [{ at: addSeconds(start, closesAfter), do: 'import' as const, cells: { account: 'closed' } }]),
          ...(signsAfter === undefined
            ? []
            : [
                {
                  at: addSeconds(start, signsAfter),
                  do: 'event' as const,
                  event: {
                    source: 'own' as const,
                    eventId: 'signed',
                    name: 'contract.signed',
                    at: addSeconds(start, signsAfter),
                    leadId: '',
                  },
                },
              ]),
        ],
        crashes,
        crashRate: 0.02,
        mailTrouble: 0,
        onClaim: async ({ leadId, sequence, enrolmentId, step, round }, ports) => {
          const [lead, row] = await Promise.all([ports.leads.find(leadId), ports.enrolments.find({ leadId, sequence, enrolmentId })]);
          const isOver = lead?.fields.account === 'closed' || row?.stop !== undefined;
          tooLate[isOver ? 'add' : 'delete'](`${enrolmentId}/${step}/${round}`);
        },
      });
      expect(run.trace.accepted.map((it) => it.key).filter((it) => tooLate.has(it))).toEqual([]);
      const [enrolment] = await run.ports.enrolments.ofLead(run.leadId);
      if (enrolment?.stop) counts.ended += 1;
      if (!enrolment) counts.refused += 1;
      if (enrolment) expect(enrolment.endedAt).toBeDefined();
      counts.mails += run.trace.accepted.length;
    }),
    { numRuns: runs },
  );
  expect(counts.ended).toBeGreaterThan(0);
  expect(counts.mails).toBeGreaterThan(runs / 2);
}, 600_000);
