import { curveBasis, line } from 'd3-shape';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { DiagramView, EdgeView, NodeView } from '../contract.ts';
import { compact, number, percent } from '../lib/format.ts';

/** What a node says below its name, by its id; a bar of its part of all; and how many stand there now. */
export type NodeSays = { readonly lines: readonly string[]; readonly share?: number; readonly here?: number };
export type DiagramFigures = {
  readonly node: (node: NodeView) => NodeSays;
  readonly edge: (edge: EdgeView) => { readonly text: string; readonly share?: number };
};

/**
 * A sequence as it was laid out by the server. E-mails are links to their preview. It is a picture for those who see it; the table beside
 * it says the same.
 */
export const Diagram = ({
  diagram,
  figures,
  name,
  linkOf,
  onOpen,
}: {
  diagram: DiagramView;
  figures: DiagramFigures;
  name: string;
  linkOf?: (node: NodeView) => string | undefined;
  onOpen?: (node: NodeView) => void;
}) => {
  const box = useRef<HTMLDivElement>(null);
  const tip = useId();
  // Where it is wider than the screen, its middle is what one wants to see first.
  useEffect(() => {
    if (box.current) box.current.scrollLeft = (box.current.scrollWidth - box.current.clientWidth) / 2;
  }, []);
  const [isWhole, setWhole] = useState(false);
  const { width, height, nodes, edges } = diagram;
  return (
    <div class="diagram-box">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class={isWhole ? 'diagram fits' : 'diagram'} ref={box} tabIndex={0} aria-label={`Diagram of ${name}`}>
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
          <title>{name}</title>
          <defs>
            <marker
              id={tip}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerUnits="userSpaceOnUse"
              markerWidth="12"
              markerHeight="12"
              orient="auto"
            >
              <path class="tip" d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          {edges.map((it) => (
            <Edge key={`${it.from} ${it.to} ${it.label}`} edge={it} says={figures.edge(it)} tip={tip} />
          ))}
          {nodes.map((it) => (
            <Node key={it.id} node={it} says={figures.node(it)} href={linkOf?.(it)} onOpen={onOpen} />
          ))}
        </svg>
      </section>
      <button
        type="button"
        aria-pressed={isWhole}
        title="All of it at once, or as large as one reads it"
        onClick={() => setWhole(!isWhole)}
      >
        {isWhole ? 'Full size' : 'Whole'}
      </button>
    </div>
  );
};

const along = line<{ readonly x: number; readonly y: number }>(
  (it) => it.x,
  (it) => it.y,
).curve(curveBasis);
const widthOf = (text: string) => text.length * 6.3 + 8;

const Edge = ({ edge, says, tip }: { edge: EdgeView; says: ReturnType<DiagramFigures['edge']>; tip: string }) => {
  const { labelAt, points } = edge;
  const width = widthOf(says.text);
  return (
    <g>
      <path class="edge" stroke-width={1.2 + (says.share ?? 0) * 4} d={along([...points]) ?? ''} marker-end={`url(#${tip})`} />
      {labelAt && says.text !== '' && (
        <>
          <rect class="behind" x={labelAt.x - width / 2} y={labelAt.y - 9} width={width} height={18} rx={3} />
          <text class="label" x={labelAt.x} y={labelAt.y + 4}>
            {says.text}
          </text>
        </>
      )}
    </g>
  );
};

const lineHeight = 15;
const barWidth = 84;

type NodeDrawing = { node: NodeView; says: NodeSays; href: string | undefined; onOpen: ((node: NodeView) => void) | undefined };

const Node = ({ node, says, href, onOpen }: NodeDrawing) => {
  if (href === undefined)
    return (
      <g class={`node ${node.kind}`}>
        <Inside node={node} says={says} />
      </g>
    );
  return (
    <a
      class={`node ${node.kind}`}
      href={href}
      onClick={(event) => {
        if (!onOpen || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        event.stopPropagation();
        onOpen(node);
      }}
    >
      <Inside node={node} says={says} />
    </a>
  );
};

const Inside = ({ node, says }: { node: NodeView; says: NodeSays }) => {
  const { x, y, title, detail } = node;
  const hasBar = says.share !== undefined;
  const rows = (detail ? 1 : 0) + says.lines.length;
  const top = y - (rows * lineHeight + (hasBar ? 10 : 0)) / 2;
  const texts = [...(detail ? [{ text: detail, name: 'detail' }] : []), ...says.lines.map((text) => ({ text, name: 'figure' }))];
  return (
    <>
      <title>{[title, detail, ...says.lines].filter(Boolean).join('\n')}</title>
      <Outline node={node} />
      <text class="title" x={x} y={top + 5}>
        {title}
      </text>
      {texts.map((it, at) => (
        <text key={`${it.name} ${at}`} class={it.name} x={x} y={top + 5 + (at + 1) * lineHeight}>
          {it.text}
        </text>
      ))}
      {hasBar && <Share x={x} y={top + 12 + rows * lineHeight} share={says.share ?? 0} />}
      {says.here !== undefined && says.here > 0 && <Here node={node} here={says.here} />}
    </>
  );
};

const Share = ({ x, y, share }: { x: number; y: number; share: number }) => (
  <>
    <rect class="track" x={x - barWidth / 2} y={y} width={barWidth} height={5} rx={2.5} />
    <rect class="part" x={x - barWidth / 2} y={y} width={Math.max(0, Math.min(1, share)) * barWidth} height={5} rx={2.5} />
  </>
);

/** How many are there now, on the upper right corner. */
const Here = ({ node: { x, y, width, height, kind }, here }: { node: NodeView; here: number }) => {
  const text = compact(here);
  const wide = Math.max(24, text.length * 7.5 + 12);
  const isDiamond = kind === 'branch' || kind === 'split';
  const at = { x: x + width / 2 - (isDiamond ? width / 4 : 8), y: y - height / 2 + (isDiamond ? height / 4 - 8 : 0) };
  return (
    <g>
      <rect class="here" x={at.x - wide / 2} y={at.y - 10} width={wide} height={20} rx={10} />
      <text class="here-text" x={at.x} y={at.y + 4}>
        {text}
      </text>
    </g>
  );
};

const Outline = ({ node: { kind, x, y, width, height } }: { node: NodeView }) => {
  const [left, right, top, bottom] = [x - width / 2, x + width / 2, y - height / 2, y + height / 2];
  if (kind === 'branch' || kind === 'split') return <path class="outline" d={`M${x} ${top}L${right} ${y}L${x} ${bottom}L${left} ${y}Z`} />;
  if (kind === 'wait-for')
    return (
      <path class="outline" d={`M${left + 16} ${top}H${right - 16}L${right} ${y}L${right - 16} ${bottom}H${left + 16}L${left} ${y}Z`} />
    );
  const corner = kind === 'wait' ? 16 : kind === 'start' || kind === 'end' || kind === 'exit' ? Math.min(height / 2, 24) : 6;
  return <rect class="outline" x={left} y={top} width={width} height={height} rx={corner} />;
};

/** Of one time range: who stands where, who came by, what became of the mails. */
export const liveFigures: DiagramFigures = {
  node: (node) => ({
    lines: [lineOf(node)].filter((it) => it !== undefined),
    ...(node.share !== undefined && node.kind !== 'start' && { share: node.share }),
    ...(node.here !== undefined && { here: node.here }),
  }),
  edge: ({ label, runs, share }) => ({
    text: [label, runs === undefined ? '' : number(runs), runs === undefined || share === undefined || share === 1 ? '' : percent(share)]
      .filter(Boolean)
      .join(' · '),
    ...(share !== undefined && { share }),
  }),
};

const lineOf = ({ kind, came, mails }: NodeView): string | undefined => {
  if (kind === 'email' && mails && mails.sent > 0) return `${number(mails.sent)} sent · ${percent(mails.clicked / mails.sent)} clicked`;
  return came === undefined ? undefined : `${number(came)} came`;
};
