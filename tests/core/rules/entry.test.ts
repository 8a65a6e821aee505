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
