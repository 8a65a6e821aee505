import { describe, expect, it } from 'vitest';
import { warmUpInWords } from '#cli/warm-up-text';
import { warmUpPlan } from '#core/warm-up';

const warmUp = { start: '2026-12-01', perDay: [50, 100] };

describe('the warm-up as doctor tells it', () => {
  it('has each day with its ceiling, today marked, and what SES’s quota has to do with it', () => {
    const words = warmUpInWords(warmUpPlan({ warmUp, timeZone: 'Europe/Dublin' }, '2026-12-02T12:00:00.000Z'));
    expect(words.split('\n').slice(0, 4)).toEqual([
      'Warm-up  running  (days in Europe/Dublin)',
      '    2026-12-01       50',
      '    2026-12-02      100  today',
      '    2026-12-03  no ceiling any more',
    ]);
    expect(words).toMatch(/SES's own quota .*24 hours/);
  });

  it('says before it that the first day’s ceiling holds, and after it that it is over', () => {
    const at = (now: string) => warmUpInWords(warmUpPlan({ warmUp, timeZone: 'Europe/Dublin' }, now));
    expect(at('2026-11-01T12:00:00.000Z')).toMatch(/not begun; until its first day/);
    expect(at('2026-12-03T12:00:00.000Z')).toMatch(/^Warm-up {2}over/);
  });

  it('says when one is wanted, where there is none', () => {
    expect(warmUpInWords({ state: 'none' })).toMatch(/none .*\n.*Wanted when this domain has sent little/);
  });
});
