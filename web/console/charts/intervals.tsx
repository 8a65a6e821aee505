import { scaleLinear } from 'd3-scale';
import { percent } from '../lib/format.ts';
import { useWidth } from './use-width.ts';

export type IntervalRow = {
  readonly name: string;
  readonly is: number;
  readonly from: number;
  readonly to: number;
  readonly isAhead: boolean;
};

const step = 34;
const foot = 24;

/** What is known of a rate: a dot where it is, a line where it may lie. */
export const IntervalChart = ({ rows, label }: { rows: readonly IntervalRow[]; label: string }) => {
  const { place, width } = useWidth();
  const left = Math.min(Math.max(...rows.map((it) => it.name.length)) * 7 + 16, width * 0.4);
  const most = Math.max(...rows.map((it) => it.to), 0.001);
  const x = scaleLinear([0, Math.min(1, most * 1.1)], [left, width - 24]).nice(4);
  const height = rows.length * step + foot;
  return (
    <figure class="chart" ref={place}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {x.ticks(width > 480 ? 5 : 3).map((it) => (
          <g key={it}>
            <line class="grid-line" x1={x(it)} x2={x(it)} y1={4} y2={height - foot} />
            <text x={x(it)} y={height - 6} text-anchor="middle">
              {percent(it)}
            </text>
          </g>
        ))}
        {rows.map((it, at) => {
          const y = at * step + step / 2;
          return (
            <g key={it.name} class={it.isAhead ? 'ahead' : ''}>
              <title>{`${it.name}: ${percent(it.is)}, between ${percent(it.from)} and ${percent(it.to)}`}</title>
              <text class="strong" x={left - 12} y={y + 4} text-anchor="end">
                {it.name}
              </text>
              <path class="whisker" d={`M${x(it.from)} ${y}H${x(it.to)}M${x(it.from)} ${y - 5}v10M${x(it.to)} ${y - 5}v10`} />
              <circle class="dot" cx={x(it.is)} cy={y} r={5} />
              <text class="strong" x={x(it.is)} y={y - 10} text-anchor="middle">
                {percent(it.is)}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
};
