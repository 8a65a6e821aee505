import { describe, expect, it } from 'vitest';
import { putOff } from '#core/decide-send';
import { addSeconds } from '#core/instant';
import { aSendRecord } from '#tests/helpers/builders';
import { anArtifact, day, now } from './examples.ts';

describe('an e-mail that is put off', () => {
  const record = aSendRecord({ firstDeferredAt: addSeconds(now, -15 * day), deferrals: 9 });
  const artifact = anArtifact({ longestSeconds: 60 * day });

  it('is given up after the time that the sequence says, when it is the mail that cannot go', () => {
    expect(putOff({ record, artifact, now }, { enrolledAt: now }, 'window-closed')).toEqual({ do: 'skip', reason: 'gave-up' });
  });

  it('waits through a pause, which is no fault of it', () => {
    expect(putOff({ record, artifact, now }, { enrolledAt: now }, 'paused-by-lead')).toEqual({ do: 'defer', reason: 'paused-by-lead' });
    expect(putOff({ record, artifact, now }, { enrolledAt: now }, 'warm-up')).toEqual({ do: 'defer', reason: 'warm-up' });
  });

  it('waits no longer than its run may last: what its slowest path leaves of a year', () => {
    const enrolled = (days: number) => ({ enrolledAt: addSeconds(now, -days * day) });
    expect(putOff({ record, artifact, now }, enrolled(272), 'paused-by-lead').do).toBe('defer');
    expect(putOff({ record, artifact, now }, enrolled(274), 'paused-by-lead')).toEqual({ do: 'skip', reason: 'gave-up' });
    expect(putOff({ record: { ...record, holds: 100 }, artifact, now }, enrolled(0), 'sequence-paused').do).toBe('skip');
  });
});
