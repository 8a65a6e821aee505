import { scaleBand, scaleLinear } from 'd3-scale';
import { compact, number } from '../lib/format.ts';
import { useWidth } from './use-width.ts';

export type Bars = {
  /** For those who do not see it. */
  readonly label: string;
  readonly as: 'rows' | 'columns';
  readonly unit: string;
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** What stands at the end of each row. */
  readonly ends?: readonly string[];
};

const seriesClass = (at: number): string => `s${(at % 4) + 1}`;

/** Bars, one on the other where there are several series: rows for names, columns for time. */
export const BarChart = ({ bars }: { bars: Bars }) => {
  const { place, width } = useWidth();
  return (
    <figure class="chart" ref={place}>
      {bars.series.length > 1 && <Legend names={bars.series.map((it) => it.name)} />}
      {bars.as === 'rows' ? <Rows bars={bars} width={width} /> : <Columns bars={bars} width={width} />}
    </figure>
  );
};

const Legend = ({ names }: { names: readonly string[] }) => (
  <ul class="legend">
    {names.map((it, at) => (
      <li key={it}>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <rect class={seriesClass(at)} width="12" height="12" rx="3" />
        </svg>
        {it}
      </li>
    ))}
  </ul>
);

type Drawing = { readonly bars: Bars; readonly width: number };
const letter = 6.6;
const widthOf = (text: string) => text.length * letter;
const cut = (text: string, room: number) => {
  const most = Math.max(4, Math.floor(room / letter));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};
const totalsOf = ({ categories, series }: Bars) => categories.map((_, at) => series.reduce((sum, it) => sum + (it.values[at] ?? 0), 0));

const Rows = ({ bars, width }: Drawing) => {
  const { categories, series } = bars;
  const totals = totalsOf(bars);
  const ends = bars.ends ?? totals.map((it) => number(it));
  const isWide = width > 480;
  const longest = Math.max(...categories.map(widthOf));
  const left = isWide ? Math.min(longest + 14, width * 0.36) : 0;
  const right = Math.min(Math.max(...ends.map(widthOf)) + 14, width * 0.45);
  const step = isWide ? 28 : 44;
  const x = scaleLinear([0, Math.max(...totals, 1e-9)], [left, Math.max(left + 30, width - right)]);
  return (
    <svg
      width={width}
      height={categories.length * step}
      viewBox={`0 0 ${width} ${categories.length * step}`}
      role="img"
      aria-label={bars.label}
    >
      {categories.map((category, at) => {
        const top = at * step + (isWide ? 5 : 20);
        let before = 0;
        return (
          <g key={`${category} ${at}`}>
            <title>{`${category}: ${ends[at] ?? ''}`}</title>
            {isWide ? (
              <text class="strong" x={left - 10} y={top + 13} text-anchor="end">
                {cut(category, left - 12)}
              </text>
            ) : (
              <text class="strong" x={0} y={top - 5}>
                {cut(category, width)}
              </text>
            )}
            {series.map((it, index) => {
              const from = before;
              before += it.values[at] ?? 0;
              const length = Math.max(0, x(before) - x(from));
              return (
                <rect key={it.name} class={seriesClass(index)} x={x(from)} y={top} width={length} height={18} rx={length > 4 ? 3 : 0} />
              );
            })}
            <text class="strong" x={x(totals[at] ?? 0) + 8} y={top + 13}>
              {ends[at]}
            </text>
          </g>
        );
      })}
    </svg>
  );
};

const height = 240;
const margin = { top: 24, bottom: 24, left: 44, right: 8 };

const Columns = ({ bars, width }: Drawing) => {
  const totals = totalsOf(bars);
  const x = scaleBand(
    bars.categories.map((_, at) => String(at)),
    [margin.left, width - margin.right],
  ).padding(0.25);
  const y = scaleLinear([0, Math.max(...totals, 1)], [height - margin.bottom, margin.top]).nice(4);
  const every = Math.max(1, Math.ceil((bars.categories.length * 48) / (width - margin.left)));
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={bars.label}>
      {y.ticks(4).map((it) => (
        <g key={it}>
          <line class="grid-line" x1={margin.left} x2={width - margin.right} y1={y(it)} y2={y(it)} />
          <text x={margin.left - 8} y={y(it) + 4} text-anchor="end">
            {compact(it)}
          </text>
        </g>
      ))}
      <text x={0} y={12}>
        {bars.unit}
      </text>
      {bars.categories.map((category, at) => (
        <Column
          key={`${category} ${at}`}
          bars={bars}
          at={at}
          x={x(String(at)) ?? 0}
          band={x.bandwidth()}
          y={y}
          isNamed={at % every === 0}
        />
      ))}
    </svg>
  );
};

type ColumnDrawing = { bars: Bars; at: number; x: number; band: number; y: (value: number) => number; isNamed: boolean };

const Column = ({ bars, at, x, band, y, isNamed }: ColumnDrawing) => {
  let before = 0;
  const category = bars.categories[at] ?? '';
  const values = bars.series.map((it) => ({ name: it.name, value: it.values[at] ?? 0 }));
  return (
    <g>
      <title>{`${category}: ${values.map((it) => `${it.name} ${number(it.value)}`).join(', ')}`}</title>
      {values.map((it, index) => {
        const from = before;
        before += it.value;
        const tall = Math.max(0, y(from) - y(before));
        return <rect key={it.name} class={seriesClass(index)} x={x} y={y(before)} width={band} height={tall} rx={tall > 4 ? 2 : 0} />;
      })}
      {isNamed && (
        <text x={x + band / 2} y={height - 7} text-anchor="middle">
          {category.replace(/^\d{4}-/, '')}
        </text>
      )}
    </g>
  );
};
