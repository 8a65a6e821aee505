import { expect, it } from 'vitest';
import { holdFor, isPatient } from '#core/holds';
import { addSeconds } from '#core/instant';
import { aLead, now } from '#tests/helpers/builders';

const running = { paused: {} };
const stopped = { paused: { nurture: { at: now, by: 'stop-the-line', why: 'too many bounced' } } } as const;
const situation = { lead: aLead(), sequence: 'nurture', lawfulBasis: 'consent', line: running, brand: {}, now } as const;
const hours = (count: number) => addSeconds(now, count * 3600);

it('holds nothing back without a reason, and nothing for a time that is over', () => {
  expect(holdFor(situation)).toBeUndefined();
  expect(holdFor({ ...situation, lead: aLead({ coolUntil: now, pausedUntil: now }) })).toBeUndefined();
});

it('waits for the hold that lasts longest', () => {
  const lead = aLead({ coolUntil: hours(72), pausedUntil: hours(48) });
  expect(holdFor({ ...situation, lead })).toEqual({ reason: 'cooling-down', until: hours(72) });
  expect(holdFor({ ...situation, lead, line: stopped })).toEqual({ reason: 'cooling-down', until: hours(72) });
  expect(holdFor({ ...situation, line: stopped })).toEqual({ reason: 'sequence-paused', until: hours(12) });
});

it('says the narrowest of those that last as long', () => {
  const everything = { paused: { ...stopped.paused, '*everything': stopped.paused.nurture, '*sends': stopped.paused.nurture } };
  const off = { off: { nurture: 'hold' } } as const;
  expect(holdFor({ ...situation, line: everything })?.reason).toBe('everything-paused');
  expect(holdFor({ ...situation, line: everything, brand: off })?.reason).toBe('sequence-off');
  expect(holdFor({ ...situation, line: stopped, lead: aLead({ awayUntil: hours(12), coolUntil: hours(12) }) })?.reason).toBe(
    'sequence-paused',
  );
  expect(holdFor({ ...situation, lead: aLead({ awayUntil: hours(12), coolUntil: hours(12) }) })?.reason).toBe('out-of-office');
});

it('is for one sequence when that is paused, and uses up no deferrals', () => {
  expect(holdFor({ ...situation, sequence: 'another', line: stopped })).toBeUndefined();
  expect(isPatient('sequence-paused')).toBe(true);
});

it('holds a confirmation mail for nothing but the pause of its sequence', () => {
  const confirmation = {
    ...situation,
    lead: aLead({ coolUntil: hours(72), pausedUntil: hours(48) }),
    lawfulBasis: 'confirmation',
  } as const;
  expect(holdFor(confirmation)).toBeUndefined();
  expect(holdFor({ ...confirmation, line: stopped })?.reason).toBe('sequence-paused');
});

it('waits for somebody who is away, which is no fault of the mail', () => {
  expect(holdFor({ ...situation, lead: aLead({ awayUntil: hours(72) }) })).toEqual({ reason: 'out-of-office', until: hours(72) });
  expect(holdFor({ ...situation, lead: aLead({ awayUntil: now }) })).toBeUndefined();
  expect(holdFor({ ...situation, lead: aLead({ awayUntil: hours(72) }), lawfulBasis: 'confirmation' })).toBeUndefined();
  expect(isPatient('out-of-office')).toBe(true);
});
