import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulationInWords } from '#cli/simulate-text';
import { drawsOf } from '#core/behaviour/draws';
import { aboutOf, exactly, inDigits } from '#local/simulate/about';
import { runBlock } from '#local/simulate/block';
import { differenceReport } from '#local/simulate/difference';
import { differenceHtml } from '#local/simulate/difference-html';
import { differenceMarkdown } from '#local/simulate/difference-text';
import { estimate, samplingOf } from '#local/simulate/estimate';
import { simulationHtml } from '#local/simulate/html';
import { nextPause, possiblePauses } from '#local/simulate/pauses';
import { blocksOf, type Plan, type Version } from '#local/simulate/plan';
import { figuresOf, fullDays, simulationReport } from '#local/simulate/report';
import { chosenBlocks, isSample, leadsOf, sharesOf } from '#local/simulate/sample';
import { type Counts, simulate } from '#local/simulate/simulate';
import { add, addAll, countOf, type Tally } from '#local/simulate/tally';
import { aPlan, shippedVersion } from '#tests/helpers/simulation';

/** BATON_SAMPLE_RUNS=5000 for a long run, which tells its figures. */
const populations = Number(process.env.BATON_SAMPLE_RUNS ?? 400);

let version: Version;
beforeAll(async () => {
  version = await shippedVersion();
});

describe('the blocks of a sample', () => {
  it('are as many as asked for, each once, in their places, and all of them where nothing is left out', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.string(),
          leads: fc.integer({ min: 1, max: 5000 }),
          blockSize: fc.integer({ min: 1, max: 100 }),
          sample: fc.integer({ min: 1, max: 6000 }),
        }),
        (plan) => {
          const blocks = chosenBlocks(plan);
          expect(blocks).toHaveLength(Math.min(Math.ceil(plan.sample / plan.blockSize), blocksOf(plan)));
          expect(blocks.map((it) => it.index)).toEqual(blocks.map((_, at) => at));
          for (const [at, { from, size }] of blocks.entries()) {
            expect(from).toBeGreaterThan(blocks[at - 1]?.from ?? -1);
            expect([from % plan.blockSize, size]).toEqual([0, Math.min(plan.blockSize, plan.leads - from)]);
          }
          expect(leadsOf(blocks) === plan.leads).toBe(!isSample(plan));
        },
      ),
    );
  });

  it('are each as likely as any other, also where stretches are of different length', () => {
    const seeds = 3000;
    const times = Array.from({ length: 7 }, () => 0);
    for (let seed = 0; seed < seeds; seed++)
      for (const { from } of chosenBlocks({ seed: String(seed), leads: 7, blockSize: 1, sample: 3 })) times[from] = (times[from] ?? 0) + 1;
    for (const it of times) expect(Math.abs(it / seeds - 3 / 7)).toBeLessThan(0.035);
  });

  it('have the shares of a day’s ceiling that they have in the whole', () => {
    const plan = aPlan({ leads: 103, blockSize: 10 });
    expect(sharesOf(plan, version)('2026-03-05', 17)).toBe(17);
    const all = Array.from({ length: 200 }, (_, at) => sharesOf({ ...plan, seed: String(at), sample: 40 }, version)('2026-03-05', 17));
    const mean = all.reduce((sum, it) => sum + it, 0) / all.length;
    expect(Math.abs(mean - (17 * 4) / 11)).toBeLessThan(0.3);
  });
});

/** What blocks might have counted: mails of a busy and a quiet day, something rare, and something that the list is sorted by. */
const syntheticBlock = (seed: string, place: number, blocks: number): Tally => {
  const draw = drawsOf(seed);
  const tally: Tally = new Map();
  const some = (what: string, mean: number) => {
    let [count, chance] = [0, draw(`${place}`, what)];
    for (let term = Math.exp(-mean); chance >= term && count < 1000; term *= mean / ++count) chance -= term;
    return count;
  };
  add(tally, 500, 'leads');
  add(tally, 200 + some('busy', 60), 'mails', 'busy');
  add(tally, 200 + some('other', 60), 'mails', 'other');
  add(tally, 3 * some('qualified', 20), 'qualified');
  add(tally, some('rare', 0.04), 'rare');
  add(tally, some('sorted', 5 + (40 * place) / blocks), 'sorted');
  return tally;
};

type Figures = { readonly emails: number; readonly busiest: number; readonly qualified: number; readonly rare: number } & {
  readonly sorted: number;
  readonly costPerQualified: number;
};

const figuresIn = ({ tallies: [tally = new Map()] }: Pick<Counts, 'tallies'>): Figures => {
  const [busy, other] = [countOf(tally, 'mails', 'busy'), countOf(tally, 'mails', 'other')];
  const qualified = countOf(tally, 'qualified');
  return {
    ...{ emails: busy + other, busiest: Math.max(busy, other), qualified },
    ...{ rare: countOf(tally, 'rare'), sorted: countOf(tally, 'sorted'), costPerQualified: (busy + other) / Math.max(1, qualified) },
  };
};

/** How often the whole lies within the margins of a sample. */
const coverage = (sample: number): { readonly [Name in keyof Figures]: number } => {
  const within: Record<string, number> = {};
  for (let population = 0; population < populations; population++) {
    const plan: Plan = aPlan({ seed: `people ${population}`, leads: 60_000, blockSize: 500, sample });
    const all = Array.from({ length: blocksOf(plan) }, (_, place) => syntheticBlock(plan.seed, place, blocksOf(plan)));
    const whole: Tally = new Map();
    for (const it of all) addAll(whole, it);
    const groups = chosenBlocks(plan).map(({ from }) => countsOf(all[from / 500] ?? new Map(), 500));
    const sampled: Tally = new Map();
    for (const { tallies } of groups) addAll(sampled, tallies[0] ?? []);
    const sampling = samplingOf(plan, { ...countsOf(sampled, groups.length * 500), groups });
    if (!sampling) throw new Error('no sample');
    const { figures, margins } = estimate(sampling, figuresIn);
    const truth = figuresIn(countsOf(whole, plan.leads));
    for (const name of Object.keys(truth) as (keyof Figures)[])
      within[name] = (within[name] ?? 0) + (Math.abs(figures[name] - truth[name]) <= (margins?.[name] ?? -1) ? 1 : 0);
  }
  return Object.fromEntries(Object.entries(within).map(([name, times]) => [name, times / populations])) as ReturnType<typeof coverage>;
};
const countsOf = (tally: Tally, leads: number): Counts => ({ tallies: [tally], difference: new Map(), leads });

describe('margins of a sample', () => {
  it.each([3000, 10_000, 50_000])('have the whole within them about 19 times of 20: %i of 60,000', (sample) => {
    const found = coverage(sample);
    if (process.env.BATON_SAMPLE_RUNS !== undefined) console.log(sample, found);
    for (const name of ['emails', 'qualified', 'busiest', 'costPerQualified'] as const) {
      expect(found[name], name).toBeGreaterThan(0.92);
      expect(found[name], name).toBeLessThan(0.985);
    }
    // Wider than they need be: of what is rare, and where the list is sorted.
    for (const name of ['rare', 'sorted'] as const) expect(found[name], name).toBeGreaterThan(0.94);
  });

  it('are none where too few blocks were run, or not all that were to be', () => {
    const plan = aPlan({ leads: 20_000, sample: 2000 });
    const groups = chosenBlocks(plan).map(() => countsOf(syntheticBlock('a', 1, 40), 500));
    const simulated = { ...countsOf(syntheticBlock('a', 1, 40), 2000), groups };
    const sampling = samplingOf(plan, simulated);
    expect(sampling && estimate(sampling, figuresIn).margins).toBeUndefined();
    expect(samplingOf(plan, { ...simulated, leads: 1500 })).toBeUndefined();
    const report = simulationReport(plan, version, { ...simulated, leads: 1500, pauses: [[]] });
    expect([report.ofLeads, report.sampled]).toEqual([20_000, undefined]);
  });
});

describe('figures of a sample', () => {
  const about = aboutOf({ sampled: 5000 });

  it('are said to the digits that it can tell', () => {
    expect(about.number(4_711_040, 44_306)).toBe('4,711,000 ± 45,000');
    expect(about.number(0, 736)).toBe('0 to 740');
    expect(about.number(400, 1043)).toBe('0 to 1,500');
    expect(about.number(123_456)).toBe('≈ 120,000');
    expect(about.number(1_000_000, 0)).toBe('1,000,000');
    expect(about.dollars(1089.5246, 12.44)).toBe('$1,090 ± $12');
    expect(about.dollars(0.0148, 0.0013)).toBe('$0.0148 ± $0.0013');
    expect(about.percent(1, 3)).toBe('≈ 33 %');
    expect([about.change(-400, 1043), about.change(0, 1228)]).toEqual(['−400 ± 1,100', '0 ± 1,300']);
    expect([exactly.number(4711), exactly.change(-4711)]).toEqual(['4,711', '−4,711']);
    expect(inDigits({ a: 123_456, share: 0.25, list: [{ b: 7 }] }, { a: 7000, share: 0.1, list: [{ b: 1 }] })).toEqual({
      ...{ a: 123_500, share: 0.25, list: [{ b: 7 }] },
    });
  });
});

describe('stop-the-line in a sample', () => {
  const mail = (complained: number): Tally => {
    const tally: Tally = new Map();
    add(tally, 2000, 'health', 'tips', '2026-03-02T09', 'delivered');
    add(tally, complained, 'health', 'tips', '2026-03-02T11', 'complained');
    return tally;
  };

  it('pauses what has surely too much trouble, and says of what may be chance that it may', () => {
    const live = version.live;
    expect(nextPause(mail(40), live, [], 200)).toMatchObject({ sequence: 'tips', at: '2026-03-02T12:00:00.000Z' });
    expect(nextPause(mail(40), live, [], 200)?.why).toContain('8000 of 400000 mails');
    const few = Math.floor(2000 * live.brand.stopTheLine.complaints) + 1;
    expect(nextPause(mail(few), live, [], 200)).toBeUndefined();
    expect(possiblePauses(mail(few), live, [], 200).map((it) => it.sequence)).toEqual(['tips']);
    expect(possiblePauses(mail(0), live, [], 200)).toEqual([]);
  });
});

describe('a simulated sample', () => {
  const plan = aPlan({ leads: 20, blockSize: 2, days: 6 });

  it('runs its blocks as they run in the whole, says the same whatever the number of workers, and says that it is one', async () => {
    const sample = { ...plan, sample: 11 };
    const done = await simulate(sample, [version, version], { workers: 1 });
    const again = await simulate(sample, [version, version], { workers: 2 });
    const tally: Tally = new Map();
    for (const block of chosenBlocks(sample)) addAll(tally, (await runBlock(plan, version, block)).tally);
    expect([...(done.tallies[0] ?? [])].sort()).toEqual([...tally].sort());

    const tell = (simulated: typeof done) => {
      const difference = differenceReport(sample, [version, version], simulated, { quota: 5, desk: { tasksPerDay: { ruth: 1 } } });
      const html = simulationHtml(difference.after, version.diagrams, differenceHtml(difference, 'main'));
      const markdown = differenceMarkdown(difference, { before: 'main', after: 'this' });
      return { json: JSON.stringify(difference), html, markdown, words: simulationInWords(difference.after) };
    };
    const told = tell(done);
    expect(tell(again)).toEqual(told);
    for (const text of [told.html, told.markdown, told.words]) expect(text).toContain('12 of 20 leads were run (6 of 10 blocks)');
    expect(told.html).toContain('Reached by nobody in the sample');
    expect(told.markdown).toContain('Nothing in the sample: its 12 leads get the same');
    const { after } = JSON.parse(told.json) as { after: ReturnType<typeof simulationReport> };
    expect([after.sampled, after.leads]).toEqual([12, 20]);
    expect(after.emails).toBe(after.emailsPerDay.reduce((sum, it) => sum + it.together, 0));
    expect(after.margins?.emails).toBeGreaterThan(0);
    expect(after.margins?.emailsPerDay).toHaveLength(after.emailsPerDay.length);
    expect(after.margins?.handoffs?.reps).toHaveLength(after.handoffs.reps.length);
    expect(after.neverReachedAtMost).toBe(3);
    expect(after.daysOverQuotaBetween?.[0]).toBeLessThanOrEqual(after.daysOverQuota);
  }, 300_000);

  it('of all blocks is the whole, to the byte', async () => {
    const bytes = async (one: Plan) => {
      const done = await simulate(one, [version], { workers: 1 });
      const report = simulationReport(one, version, done);
      return [JSON.stringify(report), simulationHtml(report, version.diagrams), simulationInWords(report)];
    };
    expect(await bytes({ ...plan, leads: 9, sample: 9 })).toEqual(await bytes({ ...plan, leads: 9 }));
  }, 300_000);

  it('knows a day of the warm-up as used up when its own blocks used up theirs', () => {
    const warmUp = { start: '2026-03-02', perDay: [4, 10] };
    const warming = { ...version, live: { ...version.live, brand: { ...version.live.brand, warmUp } } };
    const sample = { ...plan, sample: 11 };
    const due = sharesOf(sample, warming);
    const reportOf = (less: number) => {
      const tally: Tally = new Map();
      add(tally, due('2026-03-03', 10) - less, 'mails', '2026-03-03', 'webinar-follow-up');
      add(tally, due('2026-03-02', 4), 'mails', '2026-03-02', 'webinar-follow-up');
      return simulationReport(sample, warming, { ...countsOf(tally, 12), groups: [], pauses: [[]] });
    };
    expect([fullDays(reportOf(0)), fullDays(reportOf(1))]).toEqual([2, 1]);
    expect(figuresOf({ plan, version: warming, options: {}, pauses: [] }, countsOf(new Map(), 20), 0).emailsPerDay[0]).not.toHaveProperty(
      'isWarmUpUsedUp',
    );
  });
});
