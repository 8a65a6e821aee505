import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { trainedInWords, trainFile, trainLeads } from '#cli/score-train';
import { addSeconds } from '#core/instant';
import type { History } from '#core/ports';
import { PredictionModel } from '#core/predict/model';
import { chance, normal, planted } from '#tests/core/predict/tables';
import { aLead, live, now } from '#tests/core/rules/examples';
import { aStageMove } from '#tests/helpers/builders';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-train-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const asCsv = (delimiter: string) => {
  const rows = planted(600);
  const cell = (it: unknown) => `"${String(it)}"`;
  return [Object.keys(rows[0] ?? {}), ...rows.map((it) => Object.values(it))].map((it) => it.map(cell).join(delimiter)).join('\r\n');
};
const file = async (name: string, text: string) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};
const out = () => join(folder, 'made', 'prediction.json');
const today = '2026-11-23';

describe('baton score --train --from', () => {
  it('reads comma, semicolon and tab, with and without BOM, to the same model, and writes it', async () => {
    const models = await Promise.all(
      [asCsv(','), asCsv(';'), asCsv('\t'), `\uFEFF${asCsv(',')}`].map(async (text, at) =>
        trainFile({ from: await file(`leads-${at}.csv`, text), label: 'y', out: out(), today }),
      ),
    );
    const written = await readFile(out(), 'utf8');
    for (const { model } of models) expect(`${JSON.stringify(model, undefined, 2)}\n`).toBe(written);
    expect(PredictionModel.parse(JSON.parse(written)).counts.rows).toBe(600);
  });

  it('says what it learnt in words', async () => {
    const text = trainedInWords(await trainFile({ from: await file('leads.csv', `${asCsv(',')}\r\n1,2`), label: 'y', out: out(), today }));
    expect(text).toContain('Learnt from 450 of 600 outcomes');
    expect(text).toMatch(/AUC 0\.\d\d \(0\.\d\d to 0\.\d\d\): so often a good lead stands above a bad one\. chance: 0\.50/);
    expect(text).toMatch(/\+\d\.\d\d {2}size, a usual difference more/);
    expect(text).toMatch(/Rows that could not be read\n {2}line 602: the row has 2 cells/);
  });

  it('refuses in words, with exit code 1, and writes nothing', async () => {
    const from = await file('few.csv', asCsv(',').split('\r\n').slice(0, 100).join('\n'));
    const never = join(folder, 'never.json');
    const run = (...args: string[]) => promisify(execFile)(process.execPath, ['bin/baton.mjs', 'score', ...args]);
    await expect(run('--train', '--from', from, '--label', 'y', '--out', never)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there are 99 outcomes'),
    });
    expect(existsSync(never)).toBe(false);
    await expect(run('--train', '--diff')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('say one of --diff and --train'),
    });
    await expect(run('--train', '--from', from)).rejects.toMatchObject({ stderr: expect.stringContaining('--label') });
  }, 30_000);

  it('learns from the leads of a deployment, and wants to beat its rules', async () => {
    const histories = async function* (count: number): AsyncGenerator<History> {
      for (let at = 0; at < count; at++) {
        const employees = Math.round(100 + 40 * normal('employees', at));
        const isGood = chance('good', at) < 1 / (1 + Math.exp(-(employees - 100) / 20));
        yield {
          lead: aLead({ leadId: `lead${at}`, email: `p${at}@engines.example`, fields: { 'first-name': 'Ada', employees } }),
          moves: [aStageMove({ id: 'm', at: addSeconds(now, at), from: 'mql', to: isGood ? 'sal' : 'recycled', by: 'sales' })],
          events: [],
          sends: [],
          enrolments: [],
          decisions: [],
          consents: [],
        };
      }
    };
    const { model } = await trainLeads(histories(800), live, { out: out(), today });
    expect(model).toMatchObject({ source: 'leads', positive: 'good', heldOut: { baseline: { of: 'rules' } } });
    expect(JSON.stringify(model)).not.toMatch(/engines|Ada\b|lead\d/);
    await expect(trainLeads(histories(100), live, { out: out(), today })).rejects.toThrow('there are 100 outcomes');
    await expect(trainLeads(histories(0), live, { out: out(), today })).rejects.toThrow('no lead has an outcome yet');
  });
});

describe('marketing/prediction.json', () => {
  const marketing = async (model: string | undefined, rules: string) => {
    const dir = await mkdtemp(join(folder, 'marketing-'));
    await cp('marketing', dir, { recursive: true });
    if (model !== undefined) await writeFile(join(dir, 'prediction.json'), model);
    await writeFile(join(dir, 'scoring.yaml'), `${await readFile(join(dir, 'scoring.yaml'), 'utf8')}\n${rules}\n`);
    const { live: read, problems } = await loadMarketing(dir);
    return {
      prediction: read?.scoring.prediction,
      hash: read?.hash,
      found: problems.filter((it) => it.file !== 'sequences').map((it) => `${it.severity} ${it.file} ${it.code}`),
    };
  };

  it('goes to the live rules, and changes their hash', async () => {
    const { model } = await trainFile({ from: await file('ok.csv', asCsv(',')), label: 'y', out: out(), today });
    const text = JSON.stringify(model);
    const [without, advisory, blended] = await Promise.all([
      marketing(undefined, ''),
      marketing(text, ''),
      marketing(text, 'prediction: { use: blended, weight: 0.5 }'),
    ]);
    expect(without.prediction).toBeUndefined();
    expect(advisory).toMatchObject({ prediction: { use: 'advisory', weight: 0.3, model }, found: without.found });
    expect(blended.prediction).toMatchObject({ use: 'blended', weight: 0.5 });
    expect(new Set([without.hash, advisory.hash, blended.hash]).size).toBe(3);
  });

  it('that is missing, or is none, is a problem', async () => {
    expect((await marketing(undefined, 'prediction: { use: blended }')).found).toContain('error prediction.json no-file');
    expect((await marketing(undefined, 'prediction: { use: advisory }')).found).toContain('warning prediction.json no-file');
    expect((await marketing('{"format":"baton.prediction/1"}', '')).found).toContain('error prediction.json not-a-model');
    expect((await marketing('not json', '')).found).toContain('error prediction.json not-a-model');
    expect((await marketing(undefined, 'prediction: { use: sometimes }')).found.join()).toContain('error scoring.yaml');
  });
});

const bank = '../shared/data/uci-bank/bank.csv';
if (!existsSync(bank)) console.warn(`SKIPPED: there is no ${bank}; training is not tried on real data`);

describe.runIf(existsSync(bank))('real data: whom a bank won by telephone', () => {
  it('warns of the duration of the call that ended in the outcome', async () => {
    const { model } = await trainFile({ from: bank, label: 'y', out: out(), today });
    expect(model.warnings).toHaveLength(1);
    expect(model.warnings[0]).toContain('"duration" alone tells the outcome with AUC 0.81');
  }, 30_000);

  it('predicts without it, modestly and well calibrated', async () => {
    const { model } = await trainFile({ from: bank, label: 'y', drop: ['duration'], out: out(), today });
    const { auc, brier, brierOfBaseRate } = model.heldOut;
    expect(auc.value).toBeGreaterThan(0.65);
    expect(auc.value).toBeLessThan(0.85);
    expect(brier).toBeLessThan(brierOfBaseRate);
    expect(model.warnings).toEqual([]);
    expect(model.counts).toMatchObject({ rows: 4521, positive: 521 });
  }, 30_000);
});
