import { describe, expect, it } from 'vitest';
import { migrationInWords, migrationOf } from '#cli/migrate';
import { recoveriesInWords } from '#cli/recover';
import { email, sequenceOf, wait } from '#tests/core/sequences/sequences';

describe('what leads move by', () => {
  const steps = [{ ...email('welcome'), was: 'hello' }, wait('settle', 2)];

  it('is `migrate:` and every `was:`, of which the first wins', () => {
    const asked = sequenceOf(steps, { migrate: { from: 'all', steps: { gone: 'settle' } } });
    expect(migrationOf(asked)).toEqual({ from: 'all', steps: { hello: 'welcome', gone: 'settle' } });
    const other = sequenceOf(steps, { migrate: { from: ['0123456789abcdef'], steps: { hello: 'settle' } } });
    expect(migrationOf(other).steps).toEqual({ hello: 'settle' });
  });

  it('is nothing without `migrate:`', () => {
    expect(() => migrationOf(sequenceOf(steps))).toThrow('leads finish on the version they are on');
  });
});

describe('what is said', () => {
  const plan = { sequence: 'nurture', version: 'v2', waiting: 2, unmapped: {} };
  const steps = [{ from: 'settle', to: 'settle', leads: 7, mailWithinADay: ['lead-a'] }];

  it('of a dry run: who moves, and who may get mail', () => {
    expect(migrationInWords({ ...plan, steps })).toBe(
      [
        'To version v2 of nurture would move:',
        '  7 from "settle" to "settle"',
        '1 of them may get mail within 24 hours: lead-a',
        '2 are about to go on, or a mail to them is on its way: run this again in a while.',
      ].join('\n'),
    );
  });
  it('of steps without a place: nobody was moved', () => {
    const said = migrationInWords({ ...plan, steps, unmapped: { old: 3 }, moved: 0 });
    expect(said).toContain('Nobody was moved');
    expect(said).toContain('3 on "old", which version v2 does not have');
  });
  it('of a recovery: what was wrong, and where it goes on', () => {
    const it = {
      leadId: 'l',
      enrolmentId: 'e',
      sequence: 'nurture',
      leg: 1,
      because: 'failed' as const,
      failure: 'States.Runtime',
      at: 'more',
    };
    expect(recoveriesInWords([{ ...it, outcome: 'recovered' }])).toBe(
      'nurture e of lead l failed in leg 1 (States.Runtime): goes on at "more"',
    );
    expect(recoveriesInWords([{ ...it, outcome: 'too-often' }])).toContain('3 times before');
    expect(recoveriesInWords([])).toContain('No run');
  });
});
