import type { Forecast, Range } from './forecast.ts';
import type { Report } from './report.ts';
import { count, counted, percent, type Section } from './tables.ts';
import type { ForecastGoal } from './week-cells.ts';
import { mondayOf } from './weeks.ts';

const nouns = { mql: 'MQL', won: 'deal' } as const;
const titles = { mql: 'MQLs to come', won: 'Deals to come' } as const;

export const rangeInWords = ({ expected, low, high }: Range): string => `${count(Math.round(expected))} (${count(low)} to ${count(high)})`;

const forecastInWords = (forecast: Forecast, goal: ForecastGoal): string => {
  const { weeks, total, level, unreliable } = forecast;
  const words = `In the next ${counted(weeks.length, 'week')}, this one included: about ${rangeInWords(total)} ${nouns[goal]}s; the range is meant to hold ${percent(level)} of the time.`;
  return unreliable.length === 0 ? words : `Unreliable: ${unreliable.join('; ')}. ${words}`;
};

/** The same in a line. */
export const forecastLine = ({ weeks, total, unreliable }: Forecast, goal: ForecastGoal): string =>
  `${titles[goal]} within ${counted(weeks.length, 'week')}: about ${rangeInWords(total)}${unreliable.length === 0 ? '' : `. Unreliable: ${unreliable.join('; ')}`}.`;

const backTestInWords = ({ backTest: { weeks, within, actual, expected }, level }: Forecast): string =>
  weeks === 0
    ? 'There are too few weeks to try it on the past.'
    : `Tried on the past: of ${weeks} held-out weeks (weeks that are seen from several earlier ones count each time) ${within} lay within their range (${percent(within / weeks)}; meant are ${percent(level)}); ${count(actual)} came where ${count(expected)} were expected.`;

export const forecastSection = ({ forecast }: Report, goal: ForecastGoal): Section => {
  const it = forecast[goal];
  return {
    id: `forecast-${goal}`,
    title: titles[goal],
    takeaway: `${forecastInWords(it, goal)} ${backTestInWords(it)} Made from ${counted(it.madeFrom.leads, 'lead')} of ${counted(it.madeFrom.weeks, 'week')}, ${count(it.madeFrom.events)} of whom got there, and about ${count(Math.round(it.madeFrom.newLeadsPerWeek))} new leads a week.`,
    tables: [
      {
        id: `forecast-${goal}`,
        caption: `${titles[goal]}${it.unreliable.length > 0 ? ' (unreliable)' : ''}: expected, and where it should lie ${percent(it.level)} of the time`,
        columns: [
          { name: 'week of', as: 'text' },
          { name: 'expected', as: 'number' },
          { name: 'from', as: 'count' },
          { name: 'to', as: 'count' },
        ],
        rows: [
          ...it.weeks.map(({ week, expected, low, high }) => [mondayOf(week), expected, low, high]),
          ['together', it.total.expected, it.total.low, it.total.high],
        ],
        bars: {
          as: 'rows',
          unit: `${nouns[goal]}s`,
          categories: it.weeks.map(({ week }) => mondayOf(week)),
          series: [{ name: 'expected', values: it.weeks.map((week) => week.expected) }],
          ends: it.weeks.map(rangeInWords),
        },
      },
    ],
  };
};
