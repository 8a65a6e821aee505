import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import { readReport } from '#cli/report';
import { addSeconds, type Instant } from '#core/instant';
import type { MailResult, OutgoingEmail, Ports } from '#core/ports';
import { type Cells, cell } from '#core/report/cells';
import { renderDigest } from '#core/report/digest';
import { dueDigest } from '#core/report/digest-week';
import { gather } from '#core/report/gather';
import { weekOf } from '#core/report/weeks';
import { digest } from '#lambdas/ticks/digest';
import { recountAll } from '#tests/helpers/count-run';
import { madeUpHistories, madeUpLead, storeLeads } from '#tests/helpers/made-up-leads';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';

const day = 86_400;
/** A Monday; 08:00 in Berlin is 06:00 UTC then. */
const monday = '2026-05-18T00:00:00.000Z';
const rules = { to: ['sales', 'owners', 'Maeve@lintel.example'], weekday: 1, minute: 480 };
const live = { ...liveConfig, brand: { ...liveConfig.brand, timeZone: 'Europe/Berlin' }, sales: { ...liveConfig.sales, digest: rules } };
const leads = Array.from({ length: 80 }, (_, at) =>
  madeUpLead(at, { seed: 'digest', from: '2026-01-05T00:00:00.000Z', weeks: 19, now: monday }),
);

/** A team, a table, and a mail service that does as it is told. */
const aWorld = async (answers: (mail: OutgoingEmail) => MailResult['result'] = () => 'accepted') => {
  const table = memoryTable();
  await storeLeads(table, leads);
  const clock = { at: monday as Instant };
  const mails: OutgoingEmail[] = [];
  const ports = {
    ...stores(table, async () => []),
    clock: { now: () => clock.at },
    config: { live: async () => live },
    artifacts: { current: async () => [nurture().artifact] },
    mail: {
      send: async (mail: OutgoingEmail) => {
        const result = answers(mail);
        if (result === 'accepted' || result === 'unknown') mails.push(mail);
        return result === 'accepted' ? { result, messageId: 'm' } : { result, reason: 'told so' };
      },
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  } as unknown as Ports;
  const setClock = (at: Instant) => {
    clock.at = at;
  };
  const recountAt = async (at: Instant) => {
    setClock(at);
    await recountAll(ports, (seconds) => setClock(addSeconds(clock.at, seconds)), 40);
  };
  return { table, ports, mails, setClock, recountAt, tick: digest(ports) };
};
const at = (hours: number) => addSeconds(monday, hours * 3600);
const everybody = [...new Set([...live.sales.team.map((rep) => rep.email), nurture().artifact.owner, 'maeve@lintel.example'])].sort();

describe('the weekly digest', () => {
  it('goes once to each, on Monday at eight where the brand is, with the figures of the whole week before', async () => {
    const { ports, mails, setClock, recountAt, tick } = await aWorld();
    await recountAt(at(2.5));
    setClock(at(5.9));
    await tick();
    expect(mails).toEqual([]);
    for (let hour = 6; hour < 6 + 7 * 24; hour++) {
      setClock(at(hour));
      await tick();
    }
    expect(mails.map((it) => it.to).sort()).toEqual(everybody);
    const [mail] = mails;
    const known = await ports.recounts.report();
    const week = weekOf(monday) - 1;
    const mqls = known?.cells[`week\t${week}\tmql`] ?? 0;
    const came = known?.cells[`week\t${week}\tlead`] ?? 0;
    expect(came).toBeGreaterThan(0);
    expect(mail?.text).toMatch(new RegExp(`New leads +${came} `));
    expect(mail?.subject).toContain(`${mqls} MQL`);
    expect(mail?.text).toContain('11 to 17 May 2026');
    expect(mail?.html).not.toMatch(/<script|<img|https?:/);
    expect(mail?.tags.lead).toBeUndefined();
  });

  it('compares with the weeks that are known, and says so where they are too few', () => {
    const of = (cells: Cells) => renderDigest({ cells, week, asOf: monday, live }).text;
    const week = weekOf(monday) - 1;
    const leadsIn = (...counts: readonly number[]) =>
      Object.fromEntries(counts.map((count, back) => [cell('week', week - back, 'lead'), count]));
    expect(of(leadsIn(3, 0, 300))).toContain('usually 150');
    expect(of(leadsIn(3, 0, 300))).toContain('It takes 3 whole weeks before this one to say; 2 are known.');
    expect(of(leadsIn(30, 1, 1, 1))).toContain('New leads: 30, more than the usual 1.');
    expect(of(leadsIn(3))).not.toContain('usual');
  });

  it('says what a walk through all leads says', async () => {
    const { ports, table, recountAt } = await aWorld();
    await recountAt(at(2.5));
    const known = await ports.recounts.report();
    const now = known?.asOf ?? '';
    const tasks = new Map(leads.flatMap((it) => it.tasks.map((task) => [task.taskId, task])));
    const around = { salesTasks: { find: async (id: string) => tasks.get(id) }, live, now };
    const window = { since: '2026-01-01', until: '2026-05-31' };
    const { cells } = await gather(madeUpHistories(leads), window, around);
    const ofWeeks = Object.entries(cells).filter(([name]) => /^(week|cohort|curve)\t/.test(name));
    expect(known?.cells).toEqual(Object.fromEntries(ofWeeks));
    const report = await readReport(table, live, { ...window, now, weeksAhead: 4 });
    expect(report.leadsRead).toBe(leads.length);
    expect(report.funnel.steps.find((it) => it.step === 'mql')?.count).toBe(cells['funnel\tall\t\tmql']);
  });

  it('waits for figures that hold the whole week, a day at most', async () => {
    const { mails, setClock, recountAt, tick } = await aWorld();
    setClock(at(7));
    await tick();
    expect(mails).toEqual([]);
    await recountAt(at(-22));
    setClock(at(8));
    await tick();
    expect(mails).toEqual([]);
    setClock(at(6 + 25));
    await tick();
    expect(mails).toHaveLength(everybody.length);
  });

  it('is made up for once after an outage, and goes on where the mail service stopped it', async () => {
    let isOpen = false;
    const { mails, setClock, recountAt, tick } = await aWorld(({ to }) => (to === everybody[1] && !isOpen ? 'throttled' : 'accepted'));
    await recountAt(at(2.5));
    setClock(at(3 * 24));
    await tick();
    expect(mails.map((it) => it.to)).toEqual([everybody[0]]);
    isOpen = true;
    setClock(at(3 * 24 + 1));
    await tick();
    await tick();
    expect(mails.map((it) => it.to)).toEqual(everybody);
  });

  it('goes once though several ticks run at the same time', async () => {
    const { mails, setClock, recountAt, tick } = await aWorld();
    await recountAt(at(2.5));
    setClock(at(7));
    await Promise.all(Array.from({ length: 8 }, () => tick()));
    expect(mails).toHaveLength(everybody.length);
  });
});

describe('when it is due', () => {
  it('is the same day and time of the week everywhere, whatever the clocks do', () => {
    const zones = ['Europe/Dublin', 'America/Los_Angeles', 'Asia/Tokyo', 'Australia/Sydney', 'America/Sao_Paulo', 'Asia/Kolkata'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 700 * day }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 0, max: 1439 }),
        (zone, seconds, weekday, minute) => {
          const now = addSeconds('2025-12-29T00:00:00.000Z', seconds);
          const due = dueDigest({ weekday, minute }, zone, now);
          expect(due.at <= now).toBe(true);
          expect(dueDigest({ weekday, minute }, zone, due.at)).toEqual(due);
          // The one before lies a week back, give or take the hour of a clock change.
          const before = dueDigest({ weekday, minute }, zone, addSeconds(due.at, -1));
          expect(before.week).toBe(due.week - 1);
          expect(Math.abs(Date.parse(due.at) - Date.parse(before.at) - 7 * day * 1000)).toBeLessThanOrEqual(3_600_000);
          expect(Date.parse(now) - Date.parse(due.at)).toBeLessThan(7 * day * 1000 + 3_600_000);
        },
      ),
      { numRuns: 60 },
    );
  });
});
