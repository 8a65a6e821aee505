import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armsFor } from '#core/arms';
import { fractionOf } from '#core/hash';
import { anArtifact } from './examples.ts';

/** Of 20,000 draws at a share of a half a standard deviation is 0.0035; the draws are fixed, so nothing here is left to luck. */
const slack = 0.03;
const ids = Array.from({ length: 20_000 }, (_, at) => `lead${at}`);
const shareOf = <T>(items: readonly T[], is: (item: T) => boolean) => items.filter(is).length / items.length;

describe('a hash fraction', () => {
  it('is even over a hundred buckets, for texts that differ in a digit', () => {
    const buckets = ids.map((id) => Math.floor(fractionOf(id) * 100));
    const counts = Array.from({ length: 100 }, (_, bucket) => buckets.filter((it) => it === bucket).length);
    // Chi-squared with 99 degrees of freedom: 160 is passed once in 10,000 times.
    const chi = counts.reduce((sum, it) => sum + (it - 200) ** 2 / 200, 0);
    expect(chi).toBeLessThan(160);
    expect(new Set(ids.map(fractionOf)).size).toBe(ids.length);
  });

  it('lies from 0 up to 1 and depends on the text alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fractionOf(text)).toBeGreaterThanOrEqual(0);
        expect(fractionOf(text)).toBeLessThan(1);
        expect(fractionOf(text)).toBe(fractionOf(text));
      }),
    );
    // Runs on every machine and in every version must agree: arms are fixed by it.
    expect(fractionOf('lead1 trial-nurture subject')).toBe(0.787728206425243);
  });
});

describe('the arms of splits', () => {
  const arm = (name: string, share: number, holdout = false) => ({ name, share, holdout });
  const artifact = anArtifact({
    splits: { subject: [arm('short', 45), arm('long', 45), arm('none', 10, true)], offer: [arm('call', 50), arm('demo', 50)] },
  });
  const arms = ids.map((id) => armsFor(artifact, id));

  it('come in their shares', () => {
    expect(Math.abs(shareOf(arms, (it) => it.subject === 'short') - 0.45)).toBeLessThan(slack / 2);
    expect(Math.abs(shareOf(arms, (it) => it.subject === 'long') - 0.45)).toBeLessThan(slack / 2);
    expect(Math.abs(shareOf(arms, (it) => it.subject === 'none') - 0.1)).toBeLessThan(slack / 2);
  });

  it('of two splits do not depend on each other, nor on those of another sequence', () => {
    const short = arms.filter((it) => it.subject === 'short');
    expect(Math.abs(shareOf(short, (it) => it.offer === 'call') - 0.5)).toBeLessThan(slack);
    const elsewhere = ids.map((id, at) => armsFor({ ...artifact, sequence: 'webinar' }, id).offer === arms[at]?.offer);
    expect(Math.abs(shareOf(elsewhere, (isSame) => isSame) - 0.5)).toBeLessThan(slack);
  });

  it('are the same for a lead every time, and none without splits', () => {
    expect(armsFor(artifact, 'lead1')).toEqual(arms[1]);
    expect(armsFor(anArtifact(), 'lead1')).toEqual({});
  });
});

describe('the arms of any splits', () => {
  const name = fc.stringMatching(/^[a-z]{1,8}$/);
  const split = fc
    .tuple(fc.integer({ min: 1, max: 80 }), fc.boolean())
    .map(([share, holdout]) => [arm('one', share, holdout), arm('two', 20), arm('three', 80 - share)].filter((it) => it.share > 0));
  const arm = (called: string, share: number, holdout = false) => ({ name: called, share, holdout });
  const splits = fc.dictionary(name, split, { minKeys: 1, maxKeys: 4 });
  const designed = (given: { readonly [split: string]: unknown }) =>
    Object.fromEntries(Object.keys(given).map((it) => [it, { design: `d-${it}` } as never]));

  it('depend on nothing but lead, sequence and split: not on the version, nor on what other splits there are', () => {
    fc.assert(
      fc.property(splits, splits, fc.uuid(), (some, others, leadId) => {
        const alone = armsFor(anArtifact({ splits: some }), leadId);
        const together = armsFor(anArtifact({ version: 'v2', topic: 'other', splits: { ...others, ...some } }), leadId);
        for (const it of Object.keys(some)) expect(together[it]).toBe(alone[it]);
      }),
    );
  });

  it('are the published winner for all but those whom chance holds out, in that split alone', () => {
    fc.assert(
      fc.property(splits, fc.uuid(), (some, leadId) => {
        const artifact = anArtifact({ splits: some, experiments: designed(some) });
        const [won = ''] = Object.keys(some);
        const before = armsFor(artifact, leadId);
        const after = armsFor(artifact, leadId, { [`${won}#d-${won}`]: 'two' });
        const isHeldOut = some[won]?.some((it) => it.holdout && it.name === before[won]);
        expect(after).toEqual({ ...before, [won]: isHeldOut ? before[won] : 'two' });
        expect(armsFor(artifact, leadId, { [`${won}#another design`]: 'two' })).toEqual(before);
      }),
    );
  });

  it('of two splits fall as two coins do, whatever they are called', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 2 }), ([one = '', other = '']) => {
        const half = [arm('a', 50), arm('b', 50)];
        const artifact = anArtifact({ splits: { [one]: half, [other]: half } });
        const both = ids.slice(0, 2000).filter((id) => new Set(Object.values(armsFor(artifact, id))).size === 1);
        // Four and a half standard deviations of 2,000 coins.
        expect(Math.abs(both.length - 1000)).toBeLessThan(100);
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});
