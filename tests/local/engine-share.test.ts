import { describe, expect, it } from 'vitest';
import { usualBehaviour } from '#core/behaviour/model';
import { costOf } from '#core/cost';
import { engineShareOf } from '#core/engine-share';
import type { Compiled } from '#core/sequences/compile';
import { usageOf } from '#local/meter';
import { compiledNurture, meterNurture } from '#local/plain-nurture';
import { runBlock } from '#local/simulate/block';
import type { World } from '#local/world';
import { aPlan, shippedVersion } from '#tests/helpers/simulation';

const leads = 80;

const metered = ({ meter, mail, runner, queues }: World): number => {
  const usage = usageOf(meter, {
    emails: mail.count(),
    transitions: runner.transitions().total,
    queueRequests: queues.counts.sends + queues.counts.receives + queues.counts.deletes,
    busEvents: 0,
  });
  const { total, ses } = costOf(usage);
  return (total - ses) / ses;
};

/** A budget is an estimate: what comes of it depends on what leads do. */
const isNear = (estimate: number | undefined, measured: number): void => {
  expect(estimate).toBeGreaterThan(measured * 0.8);
  expect(estimate).toBeLessThan(measured * 1.4);
};

describe('what mail costs beside SES, by the states on its way', () => {
  it('is about what the shipped sequences take', async () => {
    const version = await shippedVersion();
    let measured = 0;
    await runBlock(
      aPlan({ leads, behaviour: usualBehaviour(['trial.started']) }),
      version,
      { index: 0, from: 0, size: leads },
      {
        onEnd: (world) => {
          measured = metered(world);
        },
      },
    );
    isNear(engineShareOf(version.compiled), measured);
  });

  it('is about what six plain mails take', async () => {
    const { live } = await shippedVersion();
    const { usage } = await meterNurture(live, { leads: 40, mails: 6 });
    const { total, ses } = costOf(usage);
    isNear(engineShareOf([compiledNurture(6)]), (total - ses) / ses);
  });

  it('is nobody’s guess where nothing is mailed', () => {
    const silent: Pick<Compiled, 'artifact' | 'asl'> = compiledNurture(1);
    expect(engineShareOf([{ ...silent, asl: { ...silent.asl, States: { [silent.asl.StartAt]: { Type: 'Succeed' } } } }])).toBeUndefined();
  });
});
