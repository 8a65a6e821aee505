import { describe, expect, it } from 'vitest';
import type { Row } from '#core/predict/cells';
import { aucOf } from '#core/predict/measure';
import { PredictionModel } from '#core/predict/model';
import { predict } from '#core/predict/predict';
import { TrainingRefused } from '#core/predict/refusal';
import { train } from '#core/predict/train';
import { asTable, chance, normal, options, planted, plantedRow } from './tables.ts';

const slotOf = (model: PredictionModel, column: string, level?: string) => {
  const slot = model.columns.find((it) => it.column === column)?.slots.find((it) => it.level === level);
  if (!slot) throw new Error(`no slot ${column} ${level}`);
  return slot;
};
const whyNot = (rows: readonly Row[], more: object = {}): string => {
  try {
    train(asTable(rows), { ...options, ...more });
  } catch (error) {
    if (error instanceof TrainingRefused) return error.message;
    throw error;
  }
  return 'a model came of it';
};
const everyNumber = (value: unknown): readonly number[] =>
  typeof value === 'number' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(everyNumber) : [];

describe('a model learnt from planted weights', () => {
  const count = 12_000;
  const model = train(asTable(planted(count)), options);

  it('finds them again, within 0.1', () => {
    expect(Math.abs(slotOf(model, 'size').weight - 0.8)).toBeLessThan(0.1);
    expect(Math.abs(slotOf(model, 'age').weight + 0.5)).toBeLessThan(0.1);
    // Levels are told apart by their differences: all of them may move together with the intercept.
    const weightOf = (level: string) => slotOf(model, 'industry', level).weight;
    expect(Math.abs(weightOf('construction') - weightOf('software') - 1)).toBeLessThan(0.15);
    expect(Math.abs(weightOf('retail') - weightOf('software') + 1)).toBeLessThan(0.15);
  });

  it('orders held-out leads nearly as well as the truth does', () => {
    const all = Array.from({ length: count }, (_, at) => plantedRow(at));
    const best = aucOf(
      all.map((it) => it.logit),
      all.map((it) => (it.y === 'yes' ? 1 : 0)),
    ).value;
    const { auc } = model.heldOut;
    expect(auc.low).toBeLessThan(best);
    expect(auc.high).toBeGreaterThan(best - 0.005);
    expect(auc.value).toBeGreaterThan(best - 0.025);
  });

  it('says chances that come true', () => {
    expect(model.heldOut.bins).toHaveLength(10);
    for (const { predicted, observed } of model.heldOut.bins) expect(Math.abs(predicted - observed)).toBeLessThan(0.09);
    expect(model.heldOut.brier).toBeLessThan(model.heldOut.brierOfBaseRate);
    expect(model.counts).toMatchObject({ rows: count, trained: 9000, heldOut: 3000 });
  });

  it('explains every chance by contributions that add up to its log-odds', () => {
    for (let at = 0; at < 200; at++) {
      const { probability, base, contributions } = predict(model, plantedRow(at));
      const logit = contributions.reduce((sum, it) => sum + it.logOdds, base);
      expect(Math.log(probability / (1 - probability))).toBeCloseTo(logit, 9);
    }
    const [first] = predict(model, { size: 160, age: 40, industry: 'software' }).contributions;
    expect(first).toMatchObject({ column: 'size', words: 'size 160' });
    expect(first?.logOdds).toBeGreaterThan(1.5);
  });

  it('takes what it does not know for average or missing, and never fails', () => {
    for (const row of [{}, { size: 'a lot', industry: 'mining' }, { size: '1e308', age: -5, industry: '' }])
      expect(predict(model, row).probability).toSatisfy((it: number) => it > 0 && it < 1);
  });

  it('is written and read without loss', () => {
    expect(PredictionModel.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
    expect(model.warnings).toEqual([]);
  });
});

describe('the same rows', () => {
  it('give the same model to the byte, in any order', () => {
    const rows = planted(600);
    const text = (table: readonly Row[]) => JSON.stringify(train(asTable(table), options));
    expect(text(rows.toReversed())).toBe(text(rows));
    expect(text(rows)).toBe(text(rows));
  });

  it('twice in the table are counted, and are on one side of the hold-out', () => {
    const rows = planted(500);
    const model = train(asTable([...rows, ...rows]), options);
    expect(model.counts.repeated).toBe(500);
    expect(model.warnings.join()).toContain('500 rows repeat another one');
    expect(model.counts.heldOut % 2).toBe(0);
  });
});

describe('what tables are like', () => {
  const few = 1200;
  const with_ = (more: (at: number, row: Row) => Row) => asTable(planted(few).map((row, at) => ({ ...more(at, row), ...row })));

  it('missing values are told by a place of their own', () => {
    const rows = planted(few).map((row, at) => ({ ...row, size: at % 3 === 0 ? (at % 2 === 0 ? '' : 'N/A') : row.size }));
    const model = train(asTable(rows), options);
    expect(model.columns.find((it) => it.column === 'size')?.slots.map((it) => it.slot)).toEqual(['value', 'missing']);
    expect(predict(model, { ...rows[0], size: undefined }).contributions.map((it) => it.words)).toContain('size is not known');
  });

  it('a column of 5,000 values does not drown the others, and rare values are not kept', () => {
    const model = train(
      with_((at) => ({ city: `city ${Math.floor(chance('city', at) ** 4 * 5000)}` })),
      options,
    );
    const city = model.columns.find((it) => it.column === 'city');
    const kept = city?.kind === 'rates' ? city.levels.length : (city?.slots.length ?? 0);
    expect(kept).toBeLessThan(60);
    expect(model.heldOut.auc.value).toBeGreaterThan(0.72);
    expect(JSON.stringify(model)).not.toContain('city 4321');
  });

  it('a column of many values that tells something is used, by rates from other rows than the one at hand', () => {
    const rows = Array.from({ length: 4000 }, (_, at) => {
      const town = Math.floor(chance('town', at) * 60);
      return { town: `t${town}`, noise: normal('noise', at), y: chance('ty', at) < (town < 30 ? 0.7 : 0.2) ? 1 : 0 };
    });
    const model = train(asTable(rows), options);
    const town = model.columns.find((it) => it.column === 'town');
    expect(town?.kind).toBe('rates');
    expect(model.heldOut.auc.value).toBeGreaterThan(0.7);
    expect(predict(model, { town: 't3' }).probability).toBeGreaterThan(0.55);
    expect(predict(model, { town: 't45' }).probability).toBeLessThan(0.35);
  });

  it('a column of many values that tells nothing earns nothing', () => {
    const rows = planted(4000).map((row, at) => ({ ...row, town: `t${Math.floor(chance('town', at) * 300)}` }));
    expect(Math.abs(slotOf(train(asTable(rows), options), 'town').weight)).toBeLessThan(0.12);
  });

  it('constants, ids, dates, addresses and empty columns are left out, with the reason', () => {
    const model = train(
      with_((at) => ({
        same: 'x',
        'Lead Number': 660_000 + at * 7,
        key: `k-${at}`,
        when: `2026-01-${String((at % 28) + 1).padStart(2, '0')}`,
        contact: `p${at}@engines.example`,
        'First Name': at % 2 ? 'Ada' : 'Bob',
        nothing: '',
      })),
      options,
    );
    expect(Object.fromEntries(model.notUsed.map((it) => [it.column, it.because.slice(0, 14)]))).toEqual({
      same: 'it is the same',
      'Lead Number': 'it looks like ',
      key: 'almost every r',
      when: 'dates: what wa',
      contact: 'personal data:',
      'First Name': 'personal data:',
      nothing: 'it is empty',
    });
    expect(JSON.stringify(model)).not.toMatch(/engines\.example|Ada|bob/i);
  });

  it('numbers are read as people write them', () => {
    const texts = [
      (it: number) => `1,${String(Math.round(it) + 100).slice(-3)}.50`,
      (it: number) => `1.${String(Math.round(it) + 100).slice(-3)},50`,
      (it: number) => `€ 1 ${String(Math.round(it) + 100).slice(-3)}`,
    ];
    for (const text of texts) {
      const rows = planted(few).map((row) => ({ ...row, size: text(Number(row.size)) }));
      const model = train(asTable(rows), options);
      const size = model.columns.find((it) => it.column === 'size');
      expect(size?.kind === 'number' && size.mean).toSatisfy((it: number) => it > 1150 && it < 1250);
      expect(slotOf(model, 'size').weight).toBeGreaterThan(0.6);
    }
  });

  it('a column that separates the outcomes perfectly gives a warning and finite weights', () => {
    const model = train(
      with_((_, row) => ({ told: row.y === 'yes' ? 5 : -5 })),
      options,
    );
    expect(everyNumber(model).every(Number.isFinite)).toBe(true);
    expect(model.heldOut.auc.value).toBeGreaterThan(0.99);
    expect(model.warnings[0]).toMatch(/^"told" alone tells the outcome with AUC 1\.00: too good to be true.*--drop "told"$/);
    const { probability } = predict(model, { told: 5, size: 100 });
    expect(probability).toSatisfy((it: number) => it > 0.9 && it < 1);
  });

  it('a word of a category that gives the outcome away is found, too', () => {
    const model = train(
      with_((at, row) => ({ tags: row.y === 'yes' && at % 10 < 9 ? 'closed by us' : at % 2 ? 'ringing' : 'busy' })),
      options,
    );
    expect(model.warnings.join()).toContain('"tags" alone tells the outcome');
  });
});

describe('outcomes', () => {
  it.each([
    ['Yes', 'No'],
    ['TRUE', 'false'],
    ['1', '0'],
    ['1.0', '0.0'],
    ['Won', 'Lost'],
    ['converted', 'still open'],
    ['someone', 'nein'],
    [' y ', 'N'],
  ])('%s and %s are understood', (good, bad) => {
    const rows = planted(800).map((row) => ({ ...row, y: row.y === 'yes' ? good : bad }));
    const expected = rows.filter((it) => it.y === good).length;
    expect(train(asTable(rows), options).counts.positive).toBe(expected);
  });

  it('different spellings of the same are one, and rows without one are counted', () => {
    const rows = planted(800).map((row, at) => ({
      ...row,
      y: at % 50 === 0 ? '' : row.y === 'yes' ? ['yes', 'YES', 'Y'][at % 3] : ['no', 'No '][at % 2],
    }));
    expect(train(asTable(rows), options).counts).toMatchObject({ rows: 784, withoutOutcome: 16 });
  });

  it('two words that nobody knows are asked about, and then taken', () => {
    const rows = planted(800).map((row) => ({ ...row, y: row.y === 'yes' ? 'green' : 'blue' }));
    expect(whyNot(rows)).toContain('it is not clear which outcome in the column "y" is the good one: it says "blue", "green"');
    expect(train(asTable(rows), { ...options, positive: 'Green' }).positive).toBe('green');
    expect(whyNot(rows, { positive: 'red' })).toContain('nothing in the column "y" says "red"');
  });
});

describe('no model comes', () => {
  it('of too few outcomes', () => {
    expect(whyNot(planted(150))).toMatch(/there are 150 outcomes, \d+ good and \d+ bad; 200 are needed, and 50 of each/);
    const clear = planted(150).map((row, at) => ({ ...row, told: (row.y === 'yes' ? 1 : 0) + normal('told', at) / 2 }));
    expect(whyNot(clear)).toContain('there are 150 outcomes');
    expect(whyNot(clear, { least: { rows: 100, ofEach: 20 } })).toBe('a model came of it');
  });

  it('of one outcome only, or of none', () => {
    const all = (y: string) => planted(300).map((row) => ({ ...row, y }));
    expect(whyNot(all('yes'))).toContain('every row says "yes"');
    expect(whyNot(all(''))).toContain('is empty');
    expect(whyNot(planted(300), { label: 'z' })).toBe('there is no column "z"; there are: size, age, industry, y');
    expect(whyNot(planted(300), { drop: ['sizes'] })).toContain('there is no column "sizes"');
    expect(whyNot(planted(300), { drop: ['size', 'age', 'industry'] })).toContain('there is nothing to learn from');
  });

  it('of more columns than can be solved for', () => {
    const rows = planted(300).map((row, at) => ({
      ...Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`c${i}`, chance(`${i}`, at)])),
      ...row,
    }));
    expect(whyNot(rows)).toMatch(/the columns need 100\d weights, and 1000 is the most/);
  });

  it('of noise', () => {
    const rows = planted(1000).map((row, at) => ({ noise: normal('n', at), other: chance('o', at) < 0.5 ? 'a' : 'b', y: row.y }));
    expect(whyNot(rows)).toContain('does not beat chance (AUC 0.50) beyond doubt');
  });

  it('that the rules are as good as', () => {
    const rows = Array.from({ length: 2000 }, (_, at) => {
      const { logit, ...row } = plantedRow(at);
      return { ...row, score: Math.round(logit * 10) };
    });
    expect(whyNot(rows, { baseline: 'score' })).toContain('does not beat the rules (“score”, AUC 0.74) beyond doubt');
    const poor = rows.map((it) => ({ ...it, score: Number((it as Row).age) }));
    const model = train(asTable(poor), { ...options, baseline: 'score' });
    expect(model.heldOut.baseline).toMatchObject({ of: 'rules' });
    expect(model.heldOut.gain.low).toBeGreaterThan(0);
    expect(model.columns.map((it) => it.column)).not.toContain('score');
  });
});
