import { type Diagram, type DiagramEdge, diagramOf, edgeKey } from '#core/sequences/diagram';
import { layOut } from '#core/sequences/diagram-svg';
import type { Artifact } from '#core/sequences/model';
import { diagramOfVersion } from './steps-of.ts';
import type { DiagramView, EdgeView, MailCounts, NodeView } from './views.ts';

/** Counted of one version. `ways` by `edgeKey`. */
export type DiagramCounts = {
  readonly entered: number;
  readonly here: { readonly [node: string]: number };
  readonly came: { readonly [node: string]: number };
  readonly ways: { readonly [edge: string]: number };
};

/** Of a version without an outline only its steps by name are shown, one below the other. */
const shownDiagram = (artifact: Artifact): Diagram =>
  diagramOfVersion(artifact) ?? {
    ...diagramOf({ id: artifact.sequence, enter: artifact.enter, steps: [] }),
    ...bare(artifact.stepIds),
  };

const bare = (stepIds: readonly string[]): Pick<Diagram, 'nodes' | 'edges'> => {
  const ids = ['(start)', ...stepIds, '(end)'];
  return {
    nodes: ids.map((id, at) => ({
      id,
      kind: at === 0 ? 'start' : at === ids.length - 1 ? 'end' : 'wait',
      title: id.replace(/[()]/g, ''),
      detail: '',
    })),
    edges: ids.slice(1).map((to, at) => ({ from: ids[at] ?? '', to, label: '' })),
  };
};

/** The diagram laid out, with what was counted of it, if anything was. Pure. */
export const diagramView = (
  artifact: Artifact,
  counts: DiagramCounts | undefined,
  mailsOf: (step: string) => MailCounts | undefined,
): DiagramView => {
  const { diagram, places } = laidOut(artifact);
  const all = counts && leavingBy(diagram, counts.ways);
  return {
    width: places.width,
    height: places.height,
    nodes: diagram.nodes.map((node, at): NodeView => {
      const mails = node.kind === 'email' ? mailsOf(node.id) : undefined;
      const came = node.id === '(start)' ? counts?.entered : counts?.came[node.id];
      return {
        ...node,
        ...(places.nodes[at] ?? { x: 0, y: 0, width: 0, height: 0 }),
        ...(counts && { here: counts.here[node.id] ?? 0, came: came ?? 0 }),
        ...(counts && counts.entered > 0 && { share: (came ?? 0) / counts.entered }),
        ...(mails && { mails }),
      };
    }),
    edges: diagram.edges.map((edge, at): EdgeView => {
      const runs = counts?.ways[edgeKey(edge)] ?? 0;
      const leaving = all?.get(edge.from) ?? 0;
      return {
        ...edge,
        ...(places.edges[at] ?? { points: [] }),
        ...(counts && { runs }),
        ...(leaving > 0 && { share: runs / leaving }),
      };
    }),
  };
};

const leavingBy = ({ edges }: Diagram, ways: DiagramCounts['ways']): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const edge of edges) sums.set(edge.from, (sums.get(edge.from) ?? 0) + (ways[edgeKey(edge)] ?? 0));
  return sums;
};

/** A version never changes: it is laid out once. Room is made for two lines of figures, and for a count after each label. */
const laidOut = (artifact: Artifact) => {
  const known = layouts.get(artifact);
  if (known) return known;
  const diagram = shownDiagram(artifact);
  const lines = ['12,345 here · 123,456 came', '123,456 sent · 45.6 % clicked'];
  const figures = {
    nodes: Object.fromEntries(diagram.nodes.map((it) => [it.id, { lines: it.kind === 'email' ? lines : lines.slice(0, 1) }])),
    edges: Object.fromEntries(diagram.edges.map((it: DiagramEdge) => [edgeKey(it), '123,456 · 45 %'])),
  };
  const made = { diagram, places: layOut(diagram, figures) };
  layouts.set(artifact, made);
  return made;
};
const layouts = new WeakMap<Artifact, { readonly diagram: Diagram; readonly places: ReturnType<typeof layOut> }>();
