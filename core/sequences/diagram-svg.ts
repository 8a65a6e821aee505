import { Graph, layout } from '@dagrejs/dagre';
import type { Diagram, DiagramEdge, DiagramNode, NodeKind } from './diagram.ts';

/** What is said of a run: a line under each node by its id, words after each edge by `<from> <to> <label>`. */
export type DiagramFigures = { readonly nodes: { readonly [id: string]: string }; readonly edges: { readonly [edge: string]: string } };

const noFigures: DiagramFigures = { nodes: {}, edges: {} };

/** The diagram as one SVG file: no script, no font and no picture from elsewhere, light and dark. Same diagram, same bytes. */
export const toSvg = (plain: Diagram, figures: DiagramFigures = noFigures): string => {
  const diagram = withFigures(plain, figures);
  const graph = laidOut(diagram);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const size = { width: Math.ceil(width) + 2 * margin, height: Math.ceil(height) + 2 * margin };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="Sequence ${escaped(diagram.title)}">`,
    `<title>${escaped(diagram.title)}</title>`,
    `<style>${style}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
    `<rect class="page" width="${size.width}" height="${size.height}"/>`,
    `<g transform="translate(${margin} ${margin})">`,
    ...diagram.edges.map((edge, index) => drawnEdge(edge, lineOf(graph, diagram, edge, index))),
    ...diagram.nodes.map((node) => drawnNode(node, graph.node(node.id) as Box)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
};

type FiguredNode = DiagramNode & { readonly figures?: string };
type FiguredDiagram = Omit<Diagram, 'nodes'> & { readonly nodes: readonly FiguredNode[] };

const withFigures = ({ nodes, edges, ...diagram }: Diagram, figures: DiagramFigures): FiguredDiagram => ({
  ...diagram,
  nodes: nodes.map((it) => ({ ...it, ...(figures.nodes[it.id] !== undefined && { figures: figures.nodes[it.id] as string }) })),
  edges: edges.map((it) => {
    const words = figures.edges[`${it.from} ${it.to} ${it.label}`];
    return words === undefined ? it : { ...it, label: it.label === '' ? words : `${it.label} · ${words}` };
  }),
});

const margin = 24;
const titleSize = 14;
const detailSize = 11.5;
const figuresHeight = 18;

type Point = { readonly x: number; readonly y: number };
type Box = Point & { readonly width: number; readonly height: number };
type Line = { readonly points: readonly Point[]; readonly x?: number; readonly y?: number };

const laidOut = ({ nodes, edges }: FiguredDiagram) => {
  const graph = new Graph({ directed: true, multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 46, edgesep: 18 });
  for (const node of nodes) graph.setNode(node.id, sizeOf(node));
  for (const [index, { from, to, label }] of edges.entries()) {
    const box = label ? { width: textWidth(label, detailSize) + 10, height: 18, labelpos: 'c' } : {};
    graph.setEdge(from, to, box, String(index));
  }
  layout(graph);
  return graph;
};

/** The layout takes every node for a rectangle: lines of a rhombus are led on to its sides. */
const lineOf = (graph: ReturnType<typeof laidOut>, { nodes }: FiguredDiagram, edge: DiagramEdge, index: number): Line => {
  const line = graph.edge({ v: edge.from, w: edge.to, name: String(index) }) as Line;
  const isRhombus = (id: string) => nodes.some((node) => node.id === id && shapeOf[node.kind] === 'diamond');
  const inner = line.points.slice(1, -1);
  const [first, last] = [inner[0] ?? line.points.at(-1), inner.at(-1) ?? line.points[0]];
  const from = first && isRhombus(edge.from) ? sideOf(graph.node(edge.from) as Box, first) : line.points[0];
  const to = last && isRhombus(edge.to) ? sideOf(graph.node(edge.to) as Box, last) : line.points.at(-1);
  return { ...line, points: [...(from ? [from] : []), ...inner, ...(to ? [to] : [])] };
};

/** Where the line from a rhombus's middle to a point crosses its side. */
const sideOf = ({ x, y, width, height }: Box, toward: Point): Point => {
  const [across, down] = [toward.x - x, toward.y - y];
  const part = 1 / (Math.abs(across) / (width / 2) + Math.abs(down) / (height / 2));
  return { x: x + across * part, y: y + down * part };
};

/** Room for the text; a rhombus and a hexagon need more at their sides. */
const sizeOf = ({ kind, title, detail, figures = '' }: FiguredNode) => {
  const text = Math.max(textWidth(title, titleSize), textWidth(detail, detailSize), textWidth(figures, detailSize));
  const sides = { diamond: 64, hexagon: 52, pill: 36, box: 28, round: 32 }[shapeOf[kind]];
  const height = shapeOf[kind] === 'diamond' ? 76 : detail ? 48 : 34;
  return { width: Math.ceil(Math.max(96, text + sides)), height: figures === '' ? height : height + figuresHeight };
};

/** Fonts differ from machine to machine: a generous guess at a letter's width. */
const textWidth = (text: string, size: number) => text.length * size * 0.58;

type Shape = 'box' | 'round' | 'hexagon' | 'diamond' | 'pill';
const shapeOf: { readonly [kind in NodeKind]: Shape } = {
  start: 'pill',
  end: 'pill',
  exit: 'pill',
  email: 'box',
  wait: 'round',
  'wait-for': 'hexagon',
  branch: 'diamond',
  split: 'diamond',
};

const drawnNode = (node: FiguredNode, box: Box): string => {
  const x = round(box.x);
  const y = round(box.y - (node.figures === undefined ? 0 : figuresHeight / 2 - 1));
  const below = round(y + (node.detail ? 31 : 22));
  const figures = node.figures && `<text class="figures" x="${x}" y="${below}">${escaped(node.figures)}</text>`;
  const detail = node.detail && `<text class="detail" x="${x}" y="${round(y + 14)}">${escaped(node.detail)}</text>`;
  return [
    `<g class="node ${node.kind}">${outline(shapeOf[node.kind], box)}`,
    `<text class="title" x="${x}" y="${round(y + (node.detail ? -3 : 5))}">${escaped(node.title)}</text>${detail}${figures ?? ''}</g>`,
  ].join('');
};

const outline = (shape: Shape, { x, y, width, height }: Box): string => {
  const [left, right, top, bottom] = [x - width / 2, x + width / 2, y - height / 2, y + height / 2];
  if (shape === 'diamond')
    return polygon([
      [x, top],
      [right, y],
      [x, bottom],
      [left, y],
    ]);
  if (shape === 'hexagon')
    return polygon([
      [left + 16, top],
      [right - 16, top],
      [right, y],
      [right - 16, bottom],
      [left + 16, bottom],
      [left, y],
    ]);
  const corner = { box: 4, round: 16, pill: height / 2 }[shape];
  return `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" rx="${round(corner)}"/>`;
};

const polygon = (points: readonly (readonly [number, number])[]) =>
  `<polygon points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}"/>`;

const drawnEdge = ({ label }: DiagramEdge, { points, x, y }: Line): string => {
  const path = `<path class="edge" d="${curve(points)}" marker-end="url(#tip)"/>`;
  if (!label || x === undefined || y === undefined) return path;
  const width = textWidth(label, detailSize) + 8;
  const back = `<rect class="behind" x="${round(x - width / 2)}" y="${round(y - 9)}" width="${round(width)}" height="18" rx="3"/>`;
  return `${path}${back}<text class="label" x="${round(x)}" y="${round(y + 4)}">${escaped(label)}</text>`;
};

/** Through the middles of the layout's corners, so that the line bends softly. */
const curve = (points: readonly Point[]): string => {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const bends = rest.slice(0, -1).map((point, index) => {
    const after = rest[index + 1] ?? last;
    const isLast = index === rest.length - 2;
    return `Q${at(point)} ${at(isLast ? after : { x: (point.x + after.x) / 2, y: (point.y + after.y) / 2 })}`;
  });
  return `M${at(first)}${bends.length > 0 ? bends.join('') : `L${at(last)}`}`;
};

const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
const round = (value: number) => Math.round(value * 10) / 10;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const colours = (page: string, ink: string, soft: string, fills: { readonly [kind in NodeKind]: string }) =>
  [
    `.page,.behind{fill:${page}}.title,.figures{fill:${ink}}.detail,.label{fill:${soft}}.edge{stroke:${soft}}.tip{fill:${soft}}`,
    ...Object.entries(fills).map(([kind, fill]) => `.${kind}>rect,.${kind}>polygon{fill:${fill}}`),
  ].join('');

const light = colours('#ffffff', '#1c2430', '#4d5868', {
  start: '#e8ebef',
  end: '#e8ebef',
  exit: '#f8dcd8',
  email: '#d9e8fb',
  wait: '#f1efe6',
  'wait-for': '#fbeccb',
  branch: '#e7defa',
  split: '#d6f0e2',
});
const dark = colours('#14181f', '#eef1f5', '#aab4c2', {
  start: '#2b323d',
  end: '#2b323d',
  exit: '#5a2b27',
  email: '#1f3d63',
  wait: '#38352a',
  'wait-for': '#574318',
  branch: '#43336b',
  split: '#1d4a36',
});
const style = [
  'text{font-family:system-ui,sans-serif;text-anchor:middle}',
  `.title{font-size:${titleSize}px;font-weight:600}.detail,.label,.figures{font-size:${detailSize}px}.figures{font-weight:600}`,
  '.edge{fill:none;stroke-width:1.5}.node>rect,.node>polygon{stroke:#7b8798;stroke-width:1}',
  light,
  `@media (prefers-color-scheme:dark){${dark}}`,
].join('');
