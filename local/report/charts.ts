import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, GridComponent, SVGRenderer]);

export type Series = { readonly name: string; readonly values: readonly number[] };
export type Bars = {
  /** For those who do not see it. */
  readonly label: string;
  readonly categories: readonly string[];
  readonly series: readonly Series[];
  /** `columns`: time runs to the right. `rows`: long names, one below the other. */
  readonly as: 'columns' | 'rows';
  readonly unit: string;
  /** Text at the end of each row, e.g. `12 (40 %)`. */
  readonly ends?: readonly string[];
};

/** Stacked bars as static SVG, once for wide pages and once for phones. Colours are the page's, so both light and dark. */
export const drawBars = (bars: Bars): string => {
  const drawn = (name: string, width: number) =>
    `<div class="chart ${name}" role="img" aria-label="${attribute(bars.label)}">${svgOf(bars, width)}</div>`;
  return drawn('wide', 920) + drawn('narrow', 330);
};

export const colourOf = (index: number) => `var(--series-${(index % 4) + 1})`;

const attribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
/** Wide pages have names to the left of the bars, phones above them. */
const rowHeight = (isWide: boolean) => (isWide ? 28 : 46);

const svgOf = (bars: Bars, width: number): string => {
  const height = bars.as === 'columns' ? (width > 500 ? 280 : 220) : bars.categories.length * rowHeight(width > 500) + (bars.ends ? 8 : 30);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(optionOf(bars, width));
    return tidied(chart.renderToSVGString());
  } finally {
    // Undisposed, it would keep the process alive.
    chart.dispose();
  }
};

/** Without what only scripts would read, and without the counter that numbers charts across a process. */
const tidied = (svg: string): string =>
  svg
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '')
    .replace(/ class="zr\d+-cls-\d+"/g, '')
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ xmlns(:xlink)?="[^"]*"| baseProfile="full"| version="1.1"| xml:space="preserve"| pointer-events="visible"/g, '')
    .replace('<svg ', '<svg aria-hidden="true" ')
    .replace(/\n+/g, '\n');

const text = { color: 'var(--soft)', fontSize: 12, fontFamily: 'inherit' };
const axisLine = { lineStyle: { color: 'var(--line)' } };

const optionOf = (bars: Bars, width: number) => {
  const { as, categories, series, ends } = bars;
  const names = {
    type: 'category' as const,
    data: as === 'rows' ? categories.map((it) => cut(it)) : [...categories],
    inverse: as === 'rows',
    axisTick: { show: false },
    axisLine,
    axisLabel: as === 'rows' ? rowLabel(width > 500) : text,
  };
  return {
    animation: false,
    grid: gridOf(bars, width),
    xAxis: as === 'rows' ? amountsOf(bars, width) : names,
    yAxis: as === 'rows' ? names : amountsOf(bars, width),
    series: series.map((it, index) => ({
      type: 'bar' as const,
      name: it.name,
      stack: 'all',
      silent: true,
      barMaxWidth: as === 'rows' && width <= 500 ? 18 : 22,
      barCategoryGap: '25%',
      itemStyle: { color: colourOf(index) },
      data: [...it.values],
      ...(ends && index === series.length - 1 && { label: endLabel(ends) }),
    })),
  };
};

const amountsOf = ({ as, unit, ends, series }: Bars, width: number) => ({
  type: 'value' as const,
  // Nobody gets half a task.
  ...(series.every((it) => it.values.every(Number.isInteger)) && { minInterval: 1 }),
  name: as === 'columns' ? unit : '',
  nameTextStyle: { ...text, align: 'left' as const },
  splitNumber: width > 500 ? 5 : 3,
  axisLabel: { ...text, show: !ends },
  splitLine: axisLine,
});

const gridOf = ({ as, categories, ends, series }: Bars, width: number) => {
  const right = ends ? 100 : 16;
  if (as === 'columns') return { outerBoundsMode: 'none' as const, left: leftOfAmounts(series), right, top: 28, bottom: 26 };
  const left = width > 500 ? Math.max(...categories.map((it) => cut(it).length)) * letterWidth + 14 : 2;
  return { outerBoundsMode: 'none' as const, left, right, top: 4, bottom: ends ? 4 : 26 };
};

/** Nothing here can measure text: a generous guess, and what is longer stands in full in the table. */
const letterWidth = 6.9;
const mostLetters = 48;
const cut = (name: string) => (name.length > mostLetters ? `${name.slice(0, mostLetters - 1)}…` : name);

/** Room for the highest amount beside the axis, which ends a little above the highest column. */
const leftOfAmounts = (series: Bars['series']): number => {
  const sums = (series[0]?.values ?? []).map((_, at) => series.reduce((sum, it) => sum + (it.values[at] ?? 0), 0));
  const highest = Math.max(1, ...sums);
  const step = 10 ** Math.floor(Math.log10(highest));
  return Math.max(40, (Math.ceil(highest / step) * step).toLocaleString('en-US').length * letterWidth + 6);
};

const rowLabel = (isWide: boolean) => ({
  ...text,
  color: 'var(--ink)',
  interval: 0,
  ...(!isWide && { inside: true, margin: 0, align: 'left' as const, verticalAlign: 'bottom' as const, padding: [0, 0, 13, 0] }),
});

const endLabel = (ends: readonly string[]) => ({
  show: true,
  position: 'right' as const,
  color: 'var(--ink)',
  fontSize: 12,
  fontFamily: 'inherit',
  formatter: ({ dataIndex }: { dataIndex: number }) => ends[dataIndex] ?? '',
});
