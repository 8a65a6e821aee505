import { Graph, layout } from '@dagrejs/dagre';
import { type Diagram, type DiagramEdge, type DiagramNode, edgeKey, type NodeKind } from './diagram.ts';

/** What happened at a step, below its name: lines of text, and its part of all who entered (0 to 1) as a bar. */
export type NodeFigure = string | { readonly lines: readonly string[]; readonly share?: number };
/** How many took a way, after its label; `share` (0 to 1) makes the line thicker. */
export type EdgeFigure = string | { readonly text: string; readonly share?: number };
/** Figures of a run: nodes by id, edges by `edgeKey`. What has none is drawn without. */
export type DiagramFigures = {
  readonly nodes: { readonly [nodeId: string]: NodeFigure };
  readonly edges: { readonly [edgeKey: string]: EdgeFigure };
};

/** The diagram as one SVG file: no script, no font and no picture from elsewhere, light and dark. Same diagram, same bytes. */
export const toSvg = (plain: Diagram, figures?: DiagramFigures): string => {
  const diagram = figures ? withFigures(plain, figures) : plain;
  const graph = laidOut(diagram);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const size = { width: Math.ceil(width) + 2 * margin, height: Math.ceil(height) + 2 * margin };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="Sequence ${escaped(diagram.title)}">`,
    `<title>${escaped(diagram.title)}</title>`,
    `<style>${style}${figures ? figureStyle : ''}</style>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" ${figures ? fixedTip : growingTip} orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>`,
    `<rect class="page" width="${size.width}" height="${size.height}"/>`,
    `<g transform="translate(${margin} ${margin})">`,
    ...diagram.edges.map((edge, index) => drawnEdge(edge, lineOf(graph, diagram, edge, index))),
    ...diagram.nodes.map((node) => drawnNode(node, graph.node(node.id) as Box)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
};

/** Where everything stands, for who draws it otherwise; `figures` make room below the names. Nodes by their middle. */
export const layOut = (plain: Diagram, figures: DiagramFigures) => {
  const diagram = withFigures(plain, figures);
  const graph = laidOut(diagram);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: diagram.nodes.map(({ id }) => boxOf(graph.node(id) as Box)),
    edges: diagram.edges.map((edge, index) => {
      const { points, x, y } = lineOf(graph, diagram, edge, index);
      return { points: points.map(pointOf), ...(edge.label && x !== undefined && y !== undefined && { labelAt: pointOf({ x, y }) }) };
    }),
  };
};

type Figure = Exclude<NodeFigure, string>;
type DrawnNode = DiagramNode & { readonly figure?: Figure };
type DrawnEdge = DiagramEdge & { readonly share?: number };
type DrawnDiagram = { readonly title: string; readonly nodes: readonly DrawnNode[]; readonly edges: readonly DrawnEdge[] };

const withFigures = ({ title, nodes, edges }: Diagram, figures: DiagramFigures): DrawnDiagram => ({
  title,
  nodes: nodes.map((node) => {
    const given = figures.nodes[node.id];
    return given === undefined ? node : { ...node, figure: typeof given === 'string' ? { lines: [given] } : given };
  }),
  edges: edges.map((edge) => {
    const given = figures.edges[edgeKey(edge)] ?? '';
    const { text, share } = typeof given === 'string' ? { text: given, share: undefined } : given;
    return { ...edge, label: [edge.label, text].filter(Boolean).join(' · '), ...(share !== undefined && { share }) };
  }),
});

const margin = 24;
/** With figures lines differ in thickness, and the tip must not grow with them. */
const growingTip = 'markerWidth="8" markerHeight="8"';
const fixedTip = 'markerUnits="userSpaceOnUse" markerWidth="13" markerHeight="13"';
const titleSize = 14;
const detailSize = 11.5;

type Point = { readonly x: number; readonly y: number };
type Box = Point & { readonly width: number; readonly height: number };
type Line = { readonly points: readonly Point[]; readonly x?: number; readonly y?: number };

const laidOut = ({ nodes, edges }: DrawnDiagram) => {
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
const lineOf = (graph: ReturnType<typeof laidOut>, { nodes }: DrawnDiagram, edge: DrawnEdge, index: number): Line => {
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

/** Room for the text; a rhombus and a hexagon need more at their sides, and a rhombus more with every line. */
const sizeOf = ({ kind, title, detail, figure }: DrawnNode) => {
  const lines = figure?.lines ?? [];
  const text = Math.max(textWidth(title, titleSize), ...[detail, ...lines].map((it) => textWidth(it, detailSize)));
  const isDiamond = shapeOf[kind] === 'diamond';
  const sides = { diamond: 64, hexagon: 52, pill: 36, box: 28, round: 32 }[shapeOf[kind]] + (isDiamond ? figureHeight(figure) * 4 : 0);
  const height = (isDiamond ? 76 : detail ? 48 : 34) + figureHeight(figure) * (isDiamond ? 1.6 : 1);
  return { width: Math.ceil(Math.max(96, text + sides)), height };
};

const lineHeight = 16;
const barHeight = 12;
const figureHeight = (figure: Figure | undefined) =>
  figure ? figure.lines.length * lineHeight + (figure.share === undefined ? 0 : barHeight) : 0;

/** Fonts differ from machine to machine: a generous guess at a letter's width. */
const textWidth = (text: string, size: number) => text.length * size * 0.58;

type Shape = 'box' | 'round' | 'hexagon' | 'diamond' | 'pill';
const shapeOf: { readonly [kind in NodeKind]: Shape } = {
  start: 'pill',
  end: 'pill',
  exit: 'pill',
  update: 'box',
  notify: 'box',
  'enrol-in': 'box',
  webhook: 'box',
  email: 'box',
  wait: 'round',
  'wait-for': 'hexagon',
  branch: 'diamond',
  split: 'diamond',
  repeat: 'box',
};

const drawnNode = (node: DrawnNode, box: Box): string => {
  const x = round(box.x);
  const y = box.y - figureHeight(node.figure) / 2;
  const detail = node.detail && `<text class="detail" x="${x}" y="${round(y + 14)}">${escaped(node.detail)}</text>`;
  return [
    `<g class="node ${node.kind}">${outline(shapeOf[node.kind], box)}`,
    `<text class="title" x="${x}" y="${round(y + (node.detail ? -3 : 5))}">${escaped(node.title)}</text>${detail}`,
    ...(node.figure ? [drawnFigure(node.figure, box.x, y + (node.detail ? 14 : 5))] : []),
    '</g>',
  ].join('');
};

/** Bars are of one length everywhere, so that steps can be compared by eye. */
const barWidth = 72;

const drawnFigure = ({ lines, share }: Figure, x: number, above: number): string => {
  const texts = lines.map(
    (it, index) => `<text class="figure" x="${round(x)}" y="${round(above + (index + 1) * lineHeight + 2)}">${escaped(it)}</text>`,
  );
  if (share === undefined) return texts.join('');
  const bar = (name: string, width: number) =>
    `<path class="${name}" d="M${round(x - barWidth / 2)} ${round(above + lines.length * lineHeight + 11)}h${round(width)}"/>`;
  return [...texts, bar('track', barWidth), ...(share > 0 ? [bar('bar', Math.min(1, share) * barWidth)] : [])].join('');
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

const drawnEdge = ({ label, share }: DrawnEdge, { points, x, y }: Line): string => {
  const thick = share === undefined ? '' : ` style="stroke-width:${round(1 + share * 5)}"`;
  const path = `<path class="edge"${thick} d="${curve(points)}" marker-end="url(#tip)"/>`;
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

const pointOf = ({ x, y }: Point): Point => ({ x: round(x), y: round(y) });
const boxOf = ({ width, height, ...middle }: Box): Box => ({ ...pointOf(middle), width: round(width), height: round(height) });
const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
const round = (value: number) => Math.round(value * 10) / 10;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const colours = (page: string, ink: string, soft: string, fills: { readonly [kind in NodeKind]: string }) =>
  [
    `.page,.behind{fill:${page}}.title{fill:${ink}}.detail,.label{fill:${soft}}.edge{stroke:${soft}}.tip{fill:${soft}}`,
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
  repeat: '#e3e9d0',
  update: '#f6dfef',
  notify: '#f6dfef',
  'enrol-in': '#f6dfef',
  webhook: '#f6dfef',
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
  repeat: '#3c4426',
  update: '#552a48',
  notify: '#552a48',
  'enrol-in': '#552a48',
  webhook: '#552a48',
});
const style = [
  'text{font-family:system-ui,sans-serif;text-anchor:middle}',
  `.title{font-size:${titleSize}px;font-weight:600}.detail,.label{font-size:${detailSize}px}`,
  '.edge{fill:none;stroke-width:1.5}.node>rect,.node>polygon{stroke:#7b8798;stroke-width:1}',
  light,
  `@media (prefers-color-scheme:dark){${dark}}`,
].join('');

const figureColours = (page: string, ink: string, track: string, bar: string) =>
  `.figure{fill:${ink}}.track{stroke:${track}}.bar{stroke:${bar}}.behind{fill:${page}}`;
const figureStyle = [
  `.figure{font-size:${detailSize}px;font-weight:600}.track,.bar{fill:none;stroke-width:5}`,
  '.label{font-weight:600}',
  figureColours('#ffffff', '#1c2430', '#00000026', '#2f6fbf'),
  `@media (prefers-color-scheme:dark){${figureColours('#14181f', '#eef1f5', '#ffffff2e', '#7db4f5')}}`,
].join('');
