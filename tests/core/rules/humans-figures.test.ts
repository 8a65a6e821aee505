import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type MachineReason, machineReasons } from '#core/humans';
import { figuresOf, judgedOf, rulesOfFixtures } from '#tests/helpers/human-figures';
import { type History, labelledHistories } from '#tests/helpers/labelled-histories';

const file = 'tests/fixtures/humans/histories.ndjson';
const histories = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((it) => JSON.parse(it) as History);
const fair = histories.filter((it) => !it.hard);
const only = (name: string, given: readonly History[], rules = rulesOfFixtures) => judgedOf(given, rules).filter((it) => it.name === name);
const seedOfFile = 5;

describe('labelled opens and clicks', () => {
  it('are enough, and such that their maker still makes the same', async () => {
    expect(histories.length).toBeGreaterThanOrEqual(60);
    expect(judgedOf(histories).length).toBeGreaterThanOrEqual(300);
    const made = labelledHistories(seedOfFile).map((it) => JSON.stringify(it));
    await expect(`${made.join('\n')}\n`).toMatchFileSnapshot(`../../../${file}`);
  });

  it('are told apart this well', () => {
    const table = {
      'clicks, all': figuresOf(only('clicked', histories)),
      'clicks, without the hard cases': figuresOf(only('clicked', fair)),
      'opens, all': figuresOf(only('opened', histories)),
      'opens, without the hard cases': figuresOf(only('opened', fair)),
    };
    console.info(`humans: ${histories.length} histories, ${judgedOf(histories).length} labelled opens and clicks`);
    console.table(table);
    const perfect = { 'machines, precision': 100, 'machines, recall': 100, 'people, precision': 100, 'people, recall': 100 };
    expect(table['clicks, without the hard cases']).toMatchObject(perfect);
    expect(table['opens, without the hard cases']).toMatchObject(perfect);
    const floors = { 'clicks, all': [94, 92, 86, 88], 'opens, all': [94, 90, 93, 96] } as const;
    for (const [name, [ofMachines, caught, ofPeople, kept]] of Object.entries(floors)) {
      const figures = table[name as keyof typeof floors];
      expect(figures['machines, precision']).toBeGreaterThanOrEqual(ofMachines);
      expect(figures['machines, recall']).toBeGreaterThanOrEqual(caught);
      expect(figures['people, precision']).toBeGreaterThanOrEqual(ofPeople);
      expect(figures['people, recall']).toBeGreaterThanOrEqual(kept);
    }
  });

  it('are wrong only in the cases that are marked as hard, and in each of these somewhere', () => {
    const cases = [...new Set(histories.map((it) => it.case))].map((name) => {
      const judged = judgedOf(histories.filter((it) => it.case === name));
      const wrong = judged.filter((it) => it.said !== it.isMachine).length;
      return { case: name, 'opens and clicks': judged.length, right: judged.length - wrong, wrong };
    });
    console.table(cases);
    const hard = new Set(histories.filter((it) => it.hard).map((it) => it.case));
    expect(cases.filter((it) => it.wrong > 0).map((it) => it.case)).toEqual(cases.filter((it) => hard.has(it.case)).map((it) => it.case));
  });

  it('made with other seeds are told apart as well', () => {
    const others = Array.from({ length: 20 }, (_, at) => labelledHistories(1000 + at)).flat();
    const clicks = figuresOf(only('clicked', others));
    const opens = figuresOf(only('opened', others));
    console.table({ 'clicks, 20 other seeds': clicks, 'opens, 20 other seeds': opens });
    for (const figures of [clicks, opens]) {
      expect(Math.min(figures['machines, precision'], figures['machines, recall'])).toBeGreaterThanOrEqual(90);
      expect(Math.min(figures['people, precision'], figures['people, recall'])).toBeGreaterThanOrEqual(85);
    }
  });

  it.each(Object.keys(machineReasons) as MachineReason[])('are told apart less well without the sign %s', (sign) => {
    const less = { ...rulesOfFixtures, ignoreSigns: [sign] };
    const [whole, without] = [judgedOf(histories), judgedOf(histories, less)].map((judged) => figuresOf(judged));
    const kinds = ['machines, recall', 'people, recall', 'machines, precision', 'people, precision'] as const;
    const isWorse = kinds.some((kind) => (without?.[kind] ?? 0) < (whole?.[kind] ?? 0));
    expect(isWorse || (without?.error ?? 0) > (whole?.error ?? 0)).toBe(true);
    if (sign !== 'image-proxy') expect(isWorse).toBe(true);
    expect(without?.error).toBeGreaterThan(whole?.error ?? 0);
  });
});
