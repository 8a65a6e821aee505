import { describe, expect, it } from 'vitest';
import { decoyPath, defaultHumanRules } from '#core/humans';
import { HumansShape, readHumans, withDecoyAt } from '#core/humans-schema';

const read = (raw: unknown) => {
  const found: string[] = [];
  const parsed = HumansShape.parse(raw);
  const humans = readHumans(parsed, ['humans'], (path, { code, got }) => void found.push(`${path.join('.')} ${code} ${got}`));
  return { humans, found };
};

describe('scoring.yaml’s humans', () => {
  it('means our own rules where it says nothing, without an invisible link', () => {
    expect(read({})).toEqual({ humans: defaultHumanRules, found: [] });
    expect(readHumans(undefined, ['humans'], () => undefined)).toEqual(defaultHumanRules);
    expect(withDecoyAt(defaultHumanRules, 'https://go.lintel.example')).toEqual(defaultHumanRules);
  });

  it('is said in words', () => {
    const { humans, found } = read({
      'machine-from': 0.9,
      'after-delivery': '8 seconds',
      'links-at-once': { 'at-least': 4, within: '20 seconds' },
      burst: { 'at-least': 10, within: '2 minutes' },
      'image-proxies': 'ignore',
      'ignore-signs': ['no-agent'],
      'decoy-link': true,
    });
    expect(found).toEqual([]);
    expect(withDecoyAt(humans, 'https://go.lintel.example')).toEqual({
      machineFrom: 0.9,
      secondsAfterDelivery: 8,
      linksAtOnce: { atLeast: 4, withinSeconds: 20 },
      burst: { atLeast: 10, withinSeconds: 120 },
      imageProxy: 'ignore',
      ignoreSigns: ['no-agent'],
      decoy: `https://go.lintel.example${decoyPath}`,
    });
  });

  it('tells of durations that are none, and refuses what there is not', () => {
    expect(read({ 'after-delivery': 'soon', burst: { 'at-least': 5, within: '1 moment' } }).found).toEqual([
      'humans.after-delivery not-understood soon',
      'humans.burst.within not-understood 1 moment',
    ]);
    for (const wrong of [{ 'machine-from': 0.3 }, { 'ignore-signs': ['mood'] }, { 'decoy-link': 'yes' }, { threshold: 1 }])
      expect(HumansShape.safeParse(wrong).success).toBe(false);
  });
});
