import { describe, expect, it } from 'vitest';
import type { Condition, FieldTest } from '#core/condition';
import { evaluate, trackedKeys } from '#core/evaluate-condition';
import { explain, metBy } from '#core/explain-condition';
import { aLead, now, someFacts } from './examples.ts';

const field = (name: string, test: FieldTest): Condition => ({ kind: 'field', field: name, test });
const yes: Condition = field('country', { isSet: true });
const no: Condition = field('country', { isSet: false });

describe('a condition', () => {
  it.each<[string, Condition, boolean]>([
    ['is', field('country', { is: 'DE' }), true],
    ['is, in other letters', field('country', { is: 'de' }), true],
    ['is, a number as text', field('employees', { is: '120' }), true],
    ['is, missing', field('phone', { is: 'x' }), false],
    ['is-not', field('country', { isNot: 'DE' }), false],
    ['is-not, missing', field('phone', { isNot: 'x' }), true],
    ['in', field('country', { in: ['AT', 'DE'] }), true],
    ['in, missing', field('phone', { in: ['undefined'] }), false],
    ['not-in', field('country', { notIn: ['AT', 'CH'] }), true],
    ['not-in, missing', field('phone', { notIn: ['AT'] }), true],
    ['between, its ends included', field('employees', { between: [120, 120] }), true],
    ['between, outside', field('employees', { between: [121, 1000] }), false],
    ['between, text that is no number', field('company', { between: [0, 10] }), false],
    ['at-least', field('employees', { atLeast: 120 }), true],
    ['at-least, missing', field('phone', { atLeast: 0 }), false],
    ['at-most', field('employees', { atMost: 119 }), false],
    ['contains', field('company', { contains: 'GIN' }), true],
    ['contains, missing', field('phone', { contains: 'undefined' }), false],
    ['set', field('company', { isSet: true }), true],
    ['set, of an empty field', field('job-title', { isSet: false }), true],
    ['set, of a word of JavaScript', field('constructor', { isSet: true }), false],
    ['email-domain', field('email-domain', { in: ['engines.example'] }), true],
    ['fit', { kind: 'fit', atLeast: 20, atMost: 20 }, true],
    ['fit, too low', { kind: 'fit', atLeast: 21 }, false],
    ['engagement, as people read it', { kind: 'engagement', atLeast: 30 }, true],
    ['engagement, at most', { kind: 'engagement', atMost: 29 }, false],
    ['stage', { kind: 'stage', in: ['lead', 'mql'] }, true],
    ['stage, another', { kind: 'stage', in: ['won'] }, false],
    ['topic', { kind: 'topic', topic: 'product-tips' }, true],
    ['topic, withdrawn', { kind: 'topic', topic: 'events' }, false],
    ['topic, unknown', { kind: 'topic', topic: 'constructor' }, false],
    ['event', { kind: 'event', key: 'did:project.created' }, true],
    ['event, not yet', { kind: 'event', key: 'opened:welcome' }, false],
    ['all', { kind: 'all', of: [yes, yes] }, true],
    ['all, but one', { kind: 'all', of: [yes, no] }, false],
    ['any', { kind: 'any', of: [no, yes] }, true],
    ['any, none', { kind: 'any', of: [no, no] }, false],
    ['any, of nothing', { kind: 'any', of: [] }, false],
    ['not', { kind: 'not', of: no }, true],
  ])('of the kind "%s" is as it says', (_, condition, expected) => {
    const lead = aLead({
      fields: { country: 'DE', employees: '120', company: 'Engines', 'job-title': '' },
      consents: { 'product-tips': { given: true, at: now, source: 'form' }, events: { given: false, at: now, source: 'page' } },
    });
    expect(evaluate(condition, someFacts({ lead, engagement: 29.6, seen: { 'did:project.created': now } }))).toBe(expected);
  });

  it('tells which events it asks for, however deep', () => {
    const condition: Condition = {
      kind: 'all',
      of: [
        { kind: 'not', of: { kind: 'event', key: 'opened:welcome' } },
        { kind: 'any', of: [yes, { kind: 'event', key: 'did:x' }] },
      ],
    };
    expect(trackedKeys(condition)).toEqual(['opened:welcome', 'did:x']);
  });
});

describe('an explanation', () => {
  const core = field('employees', { between: [50, 1000] });

  it('says in words what was asked and what was met', () => {
    const condition: Condition = {
      kind: 'all',
      of: [
        core,
        { kind: 'any', of: [field('job-title', { contains: 'head' }), { kind: 'engagement', atLeast: 30 }] },
        { kind: 'not', of: { kind: 'topic', topic: 'events' } },
        { kind: 'event', key: 'did:project.created' },
        { kind: 'stage', in: ['lead', 'mql'] },
        { kind: 'fit', atLeast: 15, atMost: 40 },
      ],
    };
    expect(explain(condition, someFacts({ engagement: 12.4, seen: { 'did:project.created': now } }))).toBe(
      'employees between 50 and 1000 (120) and (job title contains “head” (not set) or engagement at least 30 (12)) and ' +
        `not (topic events (not agreed)) and did project.created (${now}) and stage lead or mql (lead) and fit at least 15 and at most 40 (20)`,
    );
  });

  it.each<[FieldTest, string]>([
    [{ is: 'DE' }, 'country is DE (DE)'],
    [{ isNot: 'AT' }, 'country is not AT (DE)'],
    [{ in: ['AT', 'DE'] }, 'country in AT, DE (DE)'],
    [{ notIn: ['AT'] }, 'country not in AT (DE)'],
    [{ isSet: true }, 'country set (DE)'],
    [{ isSet: false }, 'country not set (DE)'],
    [{ atLeast: 3 }, 'country at least 3 (DE)'],
    [{ atMost: 3 }, 'country at most 3 (DE)'],
  ])('has words for %j', (test, expected) => {
    expect(explain(field('country', test), someFacts())).toBe(expected);
  });

  it('of what was met names numbers and the words of the rule, never what else the lead wrote', () => {
    const facts = someFacts({
      lead: aLead({
        fields: { 'last-name': 'Lovelace', 'job-title': 'Head of Ada Ltd', employees: 120, country: 'de', 'is-partner': true },
      }),
    });
    expect(metBy(core, facts)).toEqual(['120 employees']);
    expect(metBy(field('country', { is: 'DE' }), facts)).toEqual(['DE']);
    expect(metBy(field('country', { in: ['AT', 'DE'] }), facts)).toEqual(['de']);
    expect(metBy(field('is-partner', { is: true }), facts)).toEqual(['is partner true']);
    expect(metBy(field('job-title', { contains: 'head' }), facts)).toEqual(['job title with “head”']);
    expect(metBy(field('last-name', { isSet: true }), facts)).toEqual([]);
    expect(metBy(field('last-name', { isNot: 'Byron' }), facts)).toEqual([]);
    expect(metBy({ kind: 'not', of: field('country', { is: 'AT' }) }, facts)).toEqual([]);
    expect(metBy({ kind: 'any', of: [field('country', { is: 'AT' }), core, core] }, facts)).toEqual(['120 employees']);
    expect(metBy(field('employees', { atMost: 3 }), facts)).toEqual([]);
  });
});
