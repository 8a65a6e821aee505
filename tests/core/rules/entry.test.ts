import { describe, expect, it } from 'vitest';
import { decideEntry, type EntrySituation } from '#core/decide-entry';
import { addSeconds } from '#core/instant';
import { reasons } from '#core/reasons';
import { aLead, anArtifact, anEnrolment, brand, day, now, someFacts } from './examples.ts';

const situation = (changes: Partial<EntrySituation> = {}): EntrySituation => ({
  lead: aLead(),
  artifact: anArtifact(),
  enrolments: [],
  suppressions: [],
  facts: someFacts(),
  trigger: 'event1',
  brand,
  now,
  ...changes,
});
const consent = (given: boolean) => ({ 'product-tips': { given, at: now, source: 'page' } });
const entering = (again: 'never' | 'always' | { afterSeconds: number }) => anArtifact({ enter: { on: { event: 'trial.started' }, again } });
const ended = anEnrolment({ endedAt: addSeconds(now, -10 * day), ending: 'completed' });

describe('a lead enters a sequence', () => {
  it.each<[string, Partial<EntrySituation>]>([
    ['with consent and nothing against it', {}],
    ['while another sequence runs', { enrolments: [anEnrolment({ sequence: 'webinar' })] }],
    ['when another topic was left', { suppressions: [{ scope: 'TOPIC#events', reason: 'unsubscribed', at: now }] }],
    ['again, where that is always allowed', { artifact: entering('always'), enrolments: [ended] }],
    ['again, to the second when the time has passed', { artifact: entering({ afterSeconds: 10 * day }), enrolments: [ended] }],
    [
      'when the condition holds',
      { artifact: anArtifact({ enter: { on: { imported: 'fair' }, again: 'never', if: { kind: 'fit', atLeast: 20 } } }) },
    ],
  ])('%s', (_, changes) => {
    expect(decideEntry(situation(changes))).toEqual({ enter: true });
  });
});

describe('a lead does not enter a sequence', () => {
  it.each<[string, Partial<EntrySituation>]>([
    ['no-consent', { lead: aLead({ consents: {} }) }],
    ['unsubscribed', { lead: aLead({ consents: consent(false) }) }],
    ['unsubscribed', { suppressions: [{ scope: 'TOPIC#product-tips', reason: 'unsubscribed', at: now }] }],
    ['suppressed', { suppressions: [{ scope: 'GLOBAL', reason: 'bounced', at: now }] }],
    ['suppressed', { lead: aLead({ stage: 'mql', consents: {} }), suppressions: [{ scope: 'GLOBAL', reason: 'complained', at: now }] }],
    ['qualified', { lead: aLead({ stage: 'mql' }) }],
    ['goal', { lead: aLead({ stage: 'won' }) }],
    ['already-running', { enrolments: [anEnrolment()] }],
    ['already-running', { artifact: entering('always'), enrolments: [ended, anEnrolment({ enrolmentId: 'e2' })] }],
    ['ran-before', { enrolments: [ended] }],
    ['ran-before', { artifact: entering({ afterSeconds: 10 * day + 1 }), enrolments: [ended] }],
    [
      'ran-before',
      { artifact: entering({ afterSeconds: 30 * day }), enrolments: [{ ...ended, endedAt: addSeconds(now, -90 * day) }, ended] },
    ],
    [
      'entry-condition-false',
      { artifact: anArtifact({ enter: { on: { imported: 'fair' }, again: 'never', if: { kind: 'fit', atLeast: 21 } } }) },
    ],
  ])('because: %s (%#)', (reason, changes) => {
    expect(decideEntry(situation(changes))).toEqual({ enter: false, reason });
  });

  it('because it left the topic, also where no consent was ever written', () => {
    const left = situation({
      lead: aLead({ consents: {} }),
      suppressions: [{ scope: 'TOPIC#product-tips', reason: 'unsubscribed', at: now }],
    });
    expect(decideEntry(left)).toEqual({ enter: false, reason: 'unsubscribed' });
  });
});

describe('reasons', () => {
  it('are stable codes, each with one sentence', () => {
    for (const [code, sentence] of Object.entries(reasons)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(sentence).toMatch(/^[a-z`].{10,100}[^.]$/);
    }
  });
});

describe('the ways into a sequence', () => {
  const byDay = anArtifact({ enter: { on: { date: { field: 'renewal', plusDays: -30, atMinute: 0, yearly: false } }, again: 'never' } });
  const when = { kind: 'stage', in: ['engaged'] } as const;
  const becoming = anArtifact({ enter: { on: { when, reads: ['stage'] }, again: 'never' } });
  const afterExit = anArtifact({ enter: { on: { event: 'trial.started' }, again: 'after-exit' } });
  const exited = anEnrolment({ endedAt: now, ending: 'exited', endedAs: 'exit' });
  const stoppedBy = (reason: 'exit' | 'goal' | 'unsubscribed') =>
    anEnrolment({ endedAt: now, ending: 'stopped', stop: { reason, at: now } });
  const off = (inside: 'hold' | 'finish' | 'exit') => ({ ...brand, off: { 'trial-nurture': inside } });
  const newOnly = anArtifact({ enter: { on: { event: 'trial.started' }, who: 'new-leads-only', again: 'never' } });
  const engaged = aLead({ stage: 'engaged' });

  it.each<[string, Partial<EntrySituation>, string]>([
    ['a condition that holds', { artifact: becoming, trigger: 'became:1', lead: engaged, facts: someFacts({ lead: engaged }) }, 'enter'],
    ['a condition that held', { artifact: becoming, trigger: 'became:1' }, 'holds-no-more'],
    ['a day', { artifact: byDay, trigger: 'date:2026-08-01', lead: aLead({ fields: { renewal: '2026-08-01' } }) }, 'enter'],
    [
      'a day that is another now',
      { artifact: byDay, trigger: 'date:2026-08-01', lead: aLead({ fields: { renewal: '2026-09-01' } }) },
      'day-changed',
    ],
    [
      'a day that has passed',
      { artifact: byDay, trigger: 'date:2026-07-01', lead: aLead({ fields: { renewal: '2026-07-01' } }) },
      'day-missed',
    ],
    ['again, after an exit step', { artifact: afterExit, enrolments: [exited] }, 'enter'],
    ['again, after an exit event', { artifact: afterExit, enrolments: [exited, stoppedBy('exit')] }, 'enter'],
    ['again, after the goal', { artifact: afterExit, enrolments: [exited, stoppedBy('goal')] }, 'ran-before'],
    ['again, after a goal step', { artifact: afterExit, enrolments: [{ ...exited, endedAs: 'goal' }] }, 'ran-before'],
    ['again, after its end', { artifact: afterExit, enrolments: [ended] }, 'ran-before'],
    ['a lead from before', { artifact: newOnly, brand: { ...brand, since: { 'trial-nurture': now } } }, 'came-before'],
    ['a lead from after', { artifact: newOnly, brand: { ...brand, since: { 'trial-nurture': '2026-06-01T00:00:00.000Z' } } }, 'enter'],
    ['a sequence that is off', { brand: off('finish') }, 'sequence-off'],
    ['a global exit', { brand: { ...brand, exits: [{ when, as: 'exit' }] }, lead: engaged }, 'exit'],
    [
      'a global exit of another',
      { brand: { ...brand, exits: [{ when, as: 'exit' }] }, lead: engaged, artifact: anArtifact({ ownExitsOnly: true }) },
      'enter',
    ],
  ])('%s', (_, changes, expected) => {
    const entry = decideEntry(situation(changes));
    expect(entry.enter ? 'enter' : entry.reason).toBe(expected);
  });
});
