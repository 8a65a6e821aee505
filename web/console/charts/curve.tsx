import { scaleLinear, scaleTime } from 'd3-scale';
import { area, curveMonotoneX, line } from 'd3-shape';
import { calendarDay, number } from '../lib/format.ts';
import { useWidth } from './use-width.ts';

export type Curve = {
  readonly label: string;
  readonly points: readonly { readonly at: string; readonly value: number }[];
  /** Lines across, with what they mean. */
  readonly thresholds: readonly { readonly at: number; readonly what: string }[];
};

const height = 190;
const margin = { top: 14, bottom: 24, left: 34, right: 12 };

/** One figure over time, with the lines that matter. */
export const CurveChart = ({ curve }: { curve: Curve }) => {
  const { place, width } = useWidth(360);
  return (
    <figure class="chart" ref={place}>
      <Drawn curve={curve} width={width} />
    </figure>
  );
};

type Point = { readonly at: Date; readonly value: number };

const Drawn = ({ curve: { label, points: given, thresholds }, width }: { curve: Curve; width: number }) => {
  const points: readonly Point[] = given.map((it) => ({ at: new Date(it.at), value: it.value }));
  const first = points[0]?.at ?? new Date(0);
  const last = points.at(-1)?.at ?? first;
  const x = scaleTime(
    [first, last.getTime() === first.getTime() ? new Date(first.getTime() + 86_400_000) : last],
    [margin.left, width - margin.right],
  );
  const most = Math.max(...points.map((it) => it.value), ...thresholds.map((it) => it.at), 1);
  const y = scaleLinear([0, most * 1.12], [height - margin.bottom, margin.top]).nice(4);
  const [along, under] = [
    line<Point>(
      (it) => x(it.at),
      (it) => y(it.value),
    ).curve(curveMonotoneX),
    area<Point>(
      (it) => x(it.at),
      () => y(0),
      (it) => y(it.value),
    ).curve(curveMonotoneX),
  ];
  const end = points.at(-1);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <Across x={x} y={y} width={width} />
      <path class="under" d={under([...points]) ?? ''} />
      <path class="curve" d={along([...points]) ?? ''} />
      {end && <circle class="dot" cx={x(end.at)} cy={y(end.value)} r={3.5} />}
      <Thresholds thresholds={thresholds} y={y} width={width} />
    </svg>
  );
};

type Times = ReturnType<typeof scaleTime<number, number>>;
type Heights = ReturnType<typeof scaleLinear<number, number>>;

const Across = ({ x, y, width }: { x: Times; y: Heights; width: number }) => (
  <>
    {y.ticks(4).map((it) => (
      <g key={it}>
        <line class="grid-line" x1={margin.left} x2={width - margin.right} y1={y(it)} y2={y(it)} />
        <text x={margin.left - 6} y={y(it) + 4} text-anchor="end">
          {number(it)}
        </text>
      </g>
    ))}
    {x.ticks(Math.max(2, Math.floor(width / 120))).map((it) => (
      <text key={it.getTime()} x={x(it)} y={height - 6} text-anchor="middle">
        {calendarDay(it.toISOString())}
      </text>
    ))}
  </>
);

const longName = 16;
/** Names of lines that lie close together stand one above the other; long ones on the left, where a curve begins low. */
const Thresholds = ({ thresholds, y, width }: { thresholds: Curve['thresholds']; y: Heights; width: number }) => {
  const lastText = { start: Number.POSITIVE_INFINITY, end: Number.POSITIVE_INFINITY };
  return (
    <>
      {thresholds
        .toSorted((one, other) => one.at - other.at)
        .map((it) => {
          const side = it.what.length > longName ? 'start' : 'end';
          lastText[side] = Math.min(y(it.at) - 4, lastText[side] - 13);
          const x = side === 'start' ? margin.left + 4 : width - margin.right - 2;
          return (
            <g key={`${it.at} ${it.what}`}>
              <line class="threshold" x1={margin.left} x2={width - margin.right} y1={y(it.at)} y2={y(it.at)} />
              <text class="threshold-text" x={x} y={Math.max(10, lastText[side])} text-anchor={side}>
                {it.what}
              </text>
            </g>
          );
        })}
    </>
  );
};
