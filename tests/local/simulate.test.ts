import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideLine } from '#core/stop-the-line';
import { runBlock } from '#local/simulate/block';
import { compareStories } from '#local/simulate/compare';
import { differenceReport } from '#local/simulate/difference';
import { differenceMarkdown } from '#local/simulate/difference-text';
import { simulationHtml } from '#local/simulate/html';
import { nextPause } from '#local/simulate/pauses';
import { blocksOf, type Version } from '#local/simulate/plan';
import { readRecorded } from '#local/simulate/replay';
import { simulationReport } from '#local/simulate/report';
import { whatIf } from '#local/simulate/sales-queue';
import { simulate } from '#local/simulate/simulate';
import { add, addAll, countOf, sumsBy, type Tally, under } from '#local/simulate/tally';
import { aPlan, shippedVersion } from '#tests/helpers/simulation';

let version: Version;
let folder: string;
beforeAll(async () => {
  version = await shippedVersion();
  folder = await mkdtemp(join(tmpdir(), 'baton-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a simulation', () => {
  it('says the same, to the byte, whatever the number of workers, and sees what a list sees', async () => {
    const plan = aPlan({ leads: 24, blockSize: 5, days: 20 });
    const bytes = async (workers: number) => {
      const done = await simulate(plan, [version], { workers });
      return {
        json: JSON.stringify(simulationReport(plan, version, done)),
        html: simulationHtml(simulationReport(plan, version, done), version.diagrams),
      };
    };
    const alone = await bytes(1);
    expect(await bytes(2)).toEqual(alone);
    const report = JSON.parse(alone.json) as ReturnType<typeof simulationReport>;
    expect(report.leads).toBe(24);
    expect(report.emails).toBeGreaterThan(24);
    expect(report.emailsPerLead.reduce((sum, it) => sum + it.leads, 0)).toBe(24);
    expect(report.emailsPerLead.reduce((sum, it) => sum + it.leads * it.emails, 0)).toBe(report.emails);
    expect(report.usage.emails).toBeGreaterThanOrEqual(report.emails);
    expect(report.sequences.find((it) => it.sequence === 'webinar-follow-up')?.enrolments).toBe(24);
    expect(report.deadLetters).toBe(0);
  }, 300_000);

  it('stops after the blocks that are under way, and says how far it came', async () => {
    const plan = aPlan({ leads: 12, blockSize: 3, days: 3 });
    const controller = new AbortController();
    const done = await simulate(plan, [version], { workers: 1, signal: controller.signal, onProgress: () => controller.abort() });
    const report = simulationReport(plan, version, done);
    expect([report.leads, report.ofLeads]).toEqual([3, 12]);
  }, 300_000);
});

describe('a warm-up that blocks share', () => {
  it('keeps the day’s ceiling together, however the blocks are cut', async () => {
    const warmUp = { start: '2026-03-02', perDay: [4, 7, 9] };
    const warming = { ...version, live: { ...version.live, brand: { ...version.live.brand, warmUp } } };
    const sent = async (blockSize: number) => {
      const plan = aPlan({ leads: 18, blockSize, days: 4, overDays: 0 });
      const tally: Tally = new Map();
      for (let index = 0; index < blocksOf(plan); index++) {
        const from = index * blockSize;
        addAll(tally, (await runBlock(plan, warming, { index, from, size: Math.min(blockSize, 18 - from) })).tally);
      }
      return simulationReport(plan, warming, { leads: 18, tallies: [tally], pauses: [[]] }).emailsPerDay.slice(0, 3);
    };
    for (const size of [18, 5])
      for (const [at, day] of (await sent(size)).entries()) {
        expect(day.together).toBeLessThanOrEqual(day.warmUp ?? 0);
        // On the third there are no more leads than that who wait for mail.
        if (size === 18 && at < 2) expect(day.together).toBe(day.warmUp);
      }
  }, 300_000);
});

describe('stop-the-line over all blocks', () => {
  const health = (complained: number): Tally => {
    const tally: Tally = new Map();
    add(tally, 500, 'health', 'tips', '2026-03-02T09', 'delivered');
    add(tally, 1, 'health', 'tips', '2026-03-02T11', 'complained');
    add(tally, complained, 'health', 'tips', '2026-03-02T14', 'complained');
    return tally;
  };

  it('pauses from the end of the hour in which the mail of all was reported too often', () => {
    const pause = nextPause(health(4), version.live, []);
    expect(pause).toMatchObject({ sequence: 'tips', at: '2026-03-02T15:00:00.000Z' });
    expect(pause?.why).toBe(decideLine({ delivered: 500, bounced: 0, complained: 5 }, version.live.brand.stopTheLine));
  });

  it('pauses nothing below the limit, and nothing twice', () => {
    expect(nextPause(health(0), version.live, [])).toBeUndefined();
    expect(nextPause(health(4), version.live, [{ sequence: 'tips', at: '2026-03-02T15:00:00.000Z', why: '' }])).toBeUndefined();
  });

  it('holds a paused sequence back in every block', async () => {
    // They come after the pause: who comes in the moment of it, within the hours, has its mail in that moment.
    const plan = aPlan({ leads: 4, days: 3, overDays: 1 });
    const pause = { sequence: 'webinar-follow-up', at: plan.startAt, why: 'a test' };
    const { tally } = await runBlock({ ...plan, pauses: [pause] }, version, { index: 0, from: 0, size: 4 });
    expect(under(tally, 'mails').filter((it) => it.at[1] === 'webinar-follow-up')).toEqual([]);
  }, 120_000);
});

describe('tallies', () => {
  it('come to the same in any grouping', () => {
    const some = (...entries: readonly (readonly [string, number])[]): Tally => new Map(entries);
    const [a, b, c] = [some(['x\ty', 1]), some(['x\ty', 2], ['x\tz', 5]), some(['w', 1])];
    const left: Tally = new Map(a);
    addAll(left, b);
    addAll(left, c);
    const right: Tally = new Map(b);
    addAll(right, c);
    addAll(right, a);
    expect([...left].sort()).toEqual([...right].sort());
    expect(countOf(left, 'x', 'y')).toBe(3);
    expect(sumsBy(left, 'x')).toEqual({ y: 3, z: 5 });
  });
});

describe('the queue before sales', () => {
  const sales = {
    team: [{ rep: 'ruth', email: 'r@example.com', timeZone: 'UTC', countries: [], weight: 1, role: 'rep' as const }],
    route: ['weighted' as const],
  };
  const tally: Tally = new Map();
  // Monday at nine: twelve tasks at once.
  add(tally, 12, 'task', '2026-03-02T09', 'ruth');

  it('is worked off in the working hours of reps, and what comes too late is told', () => {
    const { reps, waiting } = whatIf(tally, aPlan({ days: 5 }), sales as never, { tasksPerDay: { ruth: 8 }, slaHours: 4 });
    // One an hour: those of the sixth hour on wait longer than four hours.
    expect(reps).toEqual([{ rep: 'ruth', capacity: 8, longestQueue: 11, medianWaitHours: 5, late: 7 }]);
    expect(waiting).toMatchObject({ '2026-03-02': 4, '2026-03-03': 0 });
  });

  it('promises nothing where nobody said within how long', () => {
    const { reps } = whatIf(tally, aPlan({ days: 5 }), sales as never, { tasksPerDay: { ruth: 8 } });
    expect(reps[0]).not.toHaveProperty('late');
  });
});

describe('two versions', () => {
  it('are the same to every lead when nothing changed', async () => {
    const plan = aPlan({ leads: 6, days: 12 });
    const done = await simulate(plan, [version, version], { workers: 1 });
    const report = differenceReport(plan, [version, version], done, {});
    expect([report.same, report.different]).toEqual([6, 0]);
    expect(differenceMarkdown(report, { before: 'main', after: 'this' })).toContain('Nothing: all 6 leads get the same');
  }, 300_000);

  it('tell which e-mails come earlier, later, no more or anew, and who would get a second copy', () => {
    const lead = { leadId: 'a', endings: { tips: 'completed' }, answers: [] };
    const at = (day: number) => `2026-03-0${day}T09:00:00.000Z`;
    const before = [
      {
        ...lead,
        mails: [
          { email: 'tips/one', content: 'A', at: at(2) },
          { email: 'tips/two', content: 'B', at: at(3) },
          { email: 'tips/three', content: 'C', at: at(4) },
        ],
      },
    ];
    const after = [
      {
        ...lead,
        qualifiedAt: at(9),
        answers: ['sales: accept'],
        mails: [
          { email: 'tips/one', content: 'A', at: at(3) },
          { email: 'tips/second', content: 'B', at: at(4) },
          { email: 'tips/again', content: 'A', at: at(5) },
        ],
      },
    ];
    const { tally, samples } = compareStories(before, after);
    expect(Object.fromEntries(tally)).toMatchObject({
      'mail\ttips/one\tlater': 1,
      'mail\ttips/two\tno more': 1,
      'mail\ttips/three\tno more': 1,
      'mail\ttips/second\tnew': 1,
      'shift\t1 to 3 days later': 1,
      'qualified\tqualifies now': 1,
      'copy\ttwice\ttips/one\ttips/again': 1,
      'copy\tmoved\ttips/two\ttips/second': 1,
      different: 1,
    });
    expect(samples.map((it) => it.what)).toEqual(expect.arrayContaining(['a second copy', 'another answer of sales']));
  });
});

describe('recorded histories', () => {
  it('are done again by the same people with the same mails', async () => {
    const file = join(folder, 'events.ndjson');
    const email =
      (await import('#local/simulate/population')).rowOf({ count: 1 }, ['events'], 'test', '2026-03-02T09:00:00.000Z', 0).email ?? '';
    const lines = [
      { email, at: '2026-03-03T10:00:00Z', event: 'project.created' },
      { email, sequence: 'webinar-follow-up', step: 'recording', did: 'opened', after: 600 },
      { email, sequence: 'webinar-follow-up', step: 'recording', did: 'clicked', after: 700, link: 'https://lintel.example/recording' },
    ];
    await writeFile(file, lines.map((it) => JSON.stringify(it)).join('\n'));
    const recorded = await readRecorded(createInterface({ input: createReadStream(file) }));
    const plan = { ...aPlan({ leads: 1, days: 8, overDays: 0 }), recorded };
    const { tally } = await runBlock(plan, version, { index: 0, from: 0, size: 1 });
    expect(countOf(tally, 'step', 'webinar-follow-up', 'recording', 'clicked')).toBe(1);
    expect(countOf(tally, 'step', 'webinar-follow-up', 'checklist', 'sent')).toBe(1);
  }, 120_000);

  it('are refused with the line that is wrong', async () => {
    const lines = async function* () {
      yield '{"email":"a@b.example","at":"2026-03-03T10:00:00Z","event":"x"}';
      yield '{"email":"a@b.example"}';
    };
    await expect(readRecorded(lines())).rejects.toThrow('line 2 of the recorded events');
  });
});
