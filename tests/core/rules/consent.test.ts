import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmationId, isConfirmed, needsDoubleOptIn, type Permission, permissionFor } from '#core/consent';
import { addSeconds } from '#core/instant';
import type { Consent, Lead } from '#core/lead';
import type { Suppression } from '#core/ports';
import type { LawfulBasis } from '#core/sequences/model';
import { aLead, brand, day } from './examples.ts';

const topic = 'product-tips';
const at = (days: number) => addSeconds('2026-07-01T00:00:00.000Z', days * day);
const doi = { topics: { [topic]: { label: 'Tips', consent: 'double-opt-in' as const } }, consent: brand.consent };
const agreed: Consent = { given: true, at: at(1), source: 'form' };
const confirmed: Consent = { ...agreed, confirmed: { at: at(2) } };
const lead = (consent?: Consent, more: Partial<Lead> = {}) => aLead({ consents: consent ? { [topic]: consent } : {}, ...more });
const left = (days: number, scope: Suppression['scope'] = `TOPIC#${topic}`): Suppression => ({
  scope,
  reason: 'unsubscribed',
  at: at(days),
});
const ask = (
  one: Lead,
  {
    suppressions = [],
    basis = 'consent',
    rules = brand,
  }: { suppressions?: Suppression[]; basis?: LawfulBasis; rules?: Parameters<typeof permissionFor>[3] } = {},
): string => said(permissionFor(one, suppressions, { topic, lawfulBasis: basis }, rules));
const said = (permission: Permission) => (permission.may ? 'may' : permission.because);

describe('permission to mail', () => {
  it.each<[string, string, string]>([
    ['an agreement, where one is enough', ask(lead(agreed)), 'may'],
    ['no agreement', ask(lead()), 'no-consent'],
    ['an agreement withdrawn', ask(lead({ ...agreed, given: false })), 'unsubscribed'],
    ['an unconfirmed agreement to a topic with double opt-in', ask(lead(agreed), { rules: doi }), 'consent-unconfirmed'],
    ['a confirmed one', ask(lead(confirmed), { rules: doi }), 'may'],
    ['having left later than confirmed', ask(lead(confirmed), { suppressions: [left(3)] }), 'unsubscribed'],
    ['having confirmed later than left', ask(lead(confirmed), { suppressions: [left(1.5)] }), 'may'],
    ['agreeing anew without confirming, after leaving', ask(lead({ ...agreed, at: at(9) }), { suppressions: [left(3)] }), 'unsubscribed'],
    ['having left everything', ask(lead(confirmed), { suppressions: [left(3, 'ALL')] }), 'unsubscribed'],
    ['having left another topic', ask(lead(agreed), { suppressions: [left(3, 'TOPIC#events')] }), 'may'],
    [
      'a complaint, whatever is confirmed later',
      ask(lead({ ...agreed, confirmed: { at: at(9) } }), { suppressions: [left(3, 'GLOBAL')] }),
      'suppressed',
    ],
    ['an address that takes no mail', ask(lead(agreed), { suppressions: [left(3, `ADDRESS#${aLead().leadId}`)] }), 'suppressed'],
    [
      'a former address that takes no mail',
      ask(lead(agreed, { addressId: 'new' }), { suppressions: [left(3, `ADDRESS#${aLead().leadId}`)] }),
      'may',
    ],
    ['a legitimate interest', ask(lead(), { basis: 'legitimate-interest' }), 'may'],
    ['a legitimate interest where double opt-in is the rule', ask(lead(), { basis: 'legitimate-interest', rules: doi }), 'no-consent'],
    ['a legitimate interest in who left', ask(lead(), { basis: 'legitimate-interest', suppressions: [left(3)] }), 'unsubscribed'],
    ['a contract where double opt-in is the rule', ask(lead(), { basis: 'contract', rules: doi }), 'may'],
    ['a contract with who left', ask(lead(), { basis: 'contract', suppressions: [left(3)] }), 'unsubscribed'],
    ['asking who agreed to confirm', ask(lead(agreed), { basis: 'confirmation' }), 'may'],
    ['asking who never agreed', ask(lead(), { basis: 'confirmation' }), 'nothing-to-confirm'],
    ['asking who confirmed', ask(lead(confirmed), { basis: 'confirmation' }), 'nothing-to-confirm'],
    ['asking who left after agreeing', ask(lead(agreed), { basis: 'confirmation', suppressions: [left(3)] }), 'unsubscribed'],
    [
      'asking who agreed again after leaving',
      ask(lead({ ...agreed, at: at(5) }), { basis: 'confirmation', suppressions: [left(3)] }),
      'may',
    ],
    [
      'asking an address that complained',
      ask(lead({ ...agreed, at: at(5) }), { basis: 'confirmation', suppressions: [left(3, 'GLOBAL')] }),
      'suppressed',
    ],
  ])('%s', (_, answer, expected) => {
    expect(answer).toBe(expected);
  });

  it('asks for double opt-in by the topic, by the country, and where the country is unknown if the rules say so', () => {
    const rules = (doubleOptIn: readonly string[]) => ({ topics: brand.topics, consent: { ...brand.consent, doubleOptIn } });
    const from = (country?: string) => ({ fields: country === undefined ? {} : { country } });
    expect(needsDoubleOptIn(from('DE'), topic, rules(['DE', 'AT']))).toBe(true);
    expect(needsDoubleOptIn(from('de'), topic, rules(['DE']))).toBe(true);
    expect(needsDoubleOptIn(from('FR'), topic, rules(['DE']))).toBe(false);
    expect(needsDoubleOptIn(from(), topic, rules(['DE']))).toBe(false);
    expect(needsDoubleOptIn(from('Germany'), topic, rules(['unknown']))).toBe(true);
    expect(needsDoubleOptIn(from('US'), topic, doi)).toBe(true);
  });

  it('never comes back by anything but the owner’s own confirmation, whatever is told in whatever order', () => {
    const scope = fc.constantFrom<Suppression['scope']>('ALL', `TOPIC#${topic}`);
    const suppressions = fc.array(fc.record({ scope, reason: fc.constant('unsubscribed'), at: fc.integer({ min: 0, max: 20 }).map(at) }), {
      minLength: 1,
      maxLength: 4,
    });
    const basis = fc.constantFrom<LawfulBasis>('consent', 'legitimate-interest', 'contract');
    fc.assert(
      fc.property(
        suppressions,
        basis,
        fc.integer({ min: 0, max: 40 }),
        fc.option(fc.integer({ min: 0, max: 40 })),
        (gone, lawfulBasis, given, pressed) => {
          const one = lead({ given: true, at: at(given), source: 'list', ...(pressed !== null && { confirmed: { at: at(pressed) } }) });
          const last =
            gone
              .map((it) => it.at)
              .sort()
              .at(-1) ?? '';
          const may = permissionFor(one, gone, { topic, lawfulBasis }, brand).may;
          expect(may).toBe(pressed !== null && at(pressed) > last);
          expect(isConfirmed(one, gone, topic)).toBe(pressed !== null && at(pressed) > last);
        },
      ),
    );
  });

  it('names the sequence that asks as no marketer can', () => {
    expect(confirmationId('events')).toBe('confirm_events');
  });
});
