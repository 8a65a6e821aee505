import { describe, expect, it } from 'vitest';
import { type Cohort, forecast, hazardsOf, knownBy } from '#core/report/forecast';
import { drawsOf } from '#core/report/random';

/** Runs of BATON_FORECAST_WORLDS worlds are a minute's work each hundred. */
const worlds = Number(process.env.BATON_FORECAST_WORLDS ?? 8);

/** A company whose leads convert by a known curve: weeks of leads, and their conversions, drawn. */
const drawn = (
  seed: number,
  { weeks, perWeek, curve }: { readonly weeks: number; readonly perWeek: number; readonly curve: readonly number[] },
): Cohort[] => {
  const draws = drawsOf(seed);
  return Array.from({ length: weeks }, (_, week) => {
    const leads = draws.counts(perWeek, 3);
    let left = leads;
    const events: Record<number, number> = {};
    curve.forEach((hazard, age) => {
      const count = Array.from({ length: left }, () => draws.fraction()).filter((it) => it < hazard).length;
      if (count > 0) events[age] = count;
      left -= count;
    });
    return { week, leads, events };
  });
};
const curve = [0.02, 0.05, 0.04, 0.03, 0.02, 0.01, 0.01, 0.01, 0.005, 0.005];
const actual = (cohorts: readonly Cohort[], week: number) => cohorts.reduce((sum, it) => sum + (it.events[week - it.week] ?? 0), 0);

describe('the forecast', () => {
  it('learns the curve that leads follow from cohorts that are not done yet', () => {
    const cohorts = drawn(7, { weeks: 50, perWeek: 400, curve });
    const hazards = hazardsOf(knownBy(cohorts, 49), 49);
    for (const age of [0, 1, 2, 3, 4, 5]) expect(hazards[age]).toBeCloseTo(curve[age] ?? 0, 2);
    // A cohort that is too young to tell is no failure: nothing is learnt from it of later ages.
    const young: Cohort = { week: 49, leads: 100_000, events: { 0: 2000 } };
    const others = hazardsOf([...knownBy(cohorts, 49), young], 49);
    expect(others.slice(1)).toEqual(hazards.slice(1));
  });

  it('never looks at what happened after the moment that it stands at', () => {
    const cohorts = drawn(8, { weeks: 60, perWeek: 100, curve });
    const given = { last: 40, ahead: 6, seed: 'a' };
    const cut = cohorts
      .filter((it) => it.week <= 40)
      .map((it) => ({ ...it, events: Object.fromEntries(Object.entries(it.events).filter(([age]) => it.week + Number(age) <= 40)) }));
    expect(forecast(cohorts, given)).toEqual(forecast(cut, given));
  });

  it('says the same for the same cohorts', () => {
    const cohorts = drawn(9, { weeks: 40, perWeek: 60, curve });
    const given = { last: 39, ahead: 8, seed: 'a' };
    expect(forecast(cohorts.toReversed(), given)).toEqual(forecast(cohorts, given));
    expect(forecast(cohorts, { ...given, seed: 'b' })).not.toEqual(forecast(cohorts, given));
  });

  it('holds what it says of its range: of many worlds about four in five weeks lie within', () => {
    let [within, weeks, expected, came] = [0, 0, 0, 0];
    for (let seed = 1; seed <= worlds; seed++) {
      const cohorts = drawn(seed, { weeks: 60, perWeek: 80, curve });
      for (const it of forecast(cohorts, { last: 47, ahead: 12, seed: String(seed) }).weeks) {
        const count = actual(cohorts, it.week);
        weeks++;
        expected += it.expected;
        came += count;
        if (count >= it.low && count <= it.high) within++;
      }
    }
    if (worlds > 20) console.log({ weeks, within: within / weeks, expected, came });
    expect(within / weeks).toBeGreaterThan(0.68);
    expect(within / weeks).toBeLessThan(0.97);
    expect(Math.abs(expected - came) / came).toBeLessThan(0.1);
  });

  it('says that it is not to be relied on where little is known, or where it would have been wrong before', () => {
    const sound = forecast(drawn(3, { weeks: 60, perWeek: 100, curve }), { last: 59, ahead: 8, seed: 'a' });
    expect(sound.unreliable).toEqual([]);
    expect(sound.backTest.weeks).toBeGreaterThan(30);
    const thin = forecast(drawn(3, { weeks: 6, perWeek: 5, curve }), { last: 5, ahead: 8, seed: 'a' });
    expect(thin.unreliable.join()).toMatch(/only \d+ in the weeks.*only 6 whole weeks.*only 0 past weeks/);
    // Half a year of calm, then six times as many become customers.
    const turned = drawn(3, { weeks: 48, perWeek: 150, curve }).map((it) =>
      it.week < 38 ? it : { ...it, events: Object.fromEntries(Object.entries(it.events).map(([age, count]) => [age, count * 6])) },
    );
    expect(forecast(turned, { last: 47, ahead: 8, seed: 'a' }).unreliable.join()).toMatch(/held out only/);
  });

  it('expects nothing of nobody', () => {
    const none = forecast([], { last: 10, ahead: 4, seed: 'a' });
    expect(none.total).toEqual({ expected: 0, low: 0, high: 0 });
    expect(none.unreliable.length).toBeGreaterThan(0);
  });
});
