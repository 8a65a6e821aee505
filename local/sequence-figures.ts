import type { Compiled } from '#core/sequences/compile';
import type { Diagram, DiagramEdge } from '#core/sequences/diagram';
import type { DiagramFigures } from '#core/sequences/diagram-svg';
import { withFusedWaits } from './report/fused-waits.ts';
import type { StatesRunner } from './states/runner.ts';

/** One run through a machine: the steps it came by, in order, and whether it is still at the last one. */
export type Trace = { readonly steps: readonly string[]; readonly isRunning: boolean; readonly hasCompleted: boolean };

/** What mails of one e-mail step came to. */
export type MailFigures = { readonly sent: number; readonly opened: number; readonly clicked: number };

/** `isSettled`: whether this e-mail of this run went or was left out. */
export const tracesOf = (
  runner: StatesRunner,
  { artifact }: Compiled,
  isSettled: (enrolmentId: string, step: string) => boolean,
): readonly Trace[] => {
  const steps = new Set(artifact.stepIds);
  const stepOf = (state: string): string | undefined => {
    const name = state.replace(/ \(.*\)$/, '');
    return steps.has(name) ? name : undefined;
  };
  return runner.list({ stateMachine: artifact.sequence }).map(({ executionArn, name, status }) => {
    const enrolmentId = name.slice(0, name.lastIndexOf('-'));
    const entered = runner.history(executionArn).map((it) => it.state);
    const states = withFusedWaits(entered, artifact.fused, (step) => isSettled(enrolmentId, step));
    const visited = states.flatMap((it) => stepOf(it) ?? []);
    return {
      steps: visited.filter((step, at) => step !== visited[at - 1]),
      isRunning: status === 'RUNNING',
      hasCompleted: status === 'SUCCEEDED' && !states.includes('Route'),
    };
  });
};

/** The figures of a diagram's nodes and edges. Where two edges join the same nodes, neither can be told and both stay bare. */
export const diagramFigures = (diagram: Diagram, traces: readonly Trace[], mails: ReadonlyMap<string, MailFigures>): DiagramFigures => {
  const entered = tally(traces.flatMap((it) => [...new Set(it.steps)]));
  const here = tally(traces.flatMap((it) => (it.isRunning ? (it.steps.at(-1) ?? []) : [])));
  const ways = tally(traces.flatMap(waysOf));
  const exits = new Set<string | undefined>(diagram.nodes.filter((it) => it.kind === 'exit').map((it) => it.id));
  const nodes = diagram.nodes.flatMap(({ id }) => {
    if (id === '(start)') return [[id, `${traces.length} entered`] as const];
    if (id === '(end)')
      return [[id, `${traces.filter((it) => it.hasCompleted && !exits.has(it.steps.at(-1))).length} came to the end`] as const];
    return [[id, nodeWords(entered.get(id) ?? 0, here.get(id) ?? 0, mails.get(id))] as const];
  });
  const edges = diagram.edges
    .filter((edge) => diagram.edges.filter((it) => isBetween(it, edge)).length === 1)
    .map((it) => [`${it.from} ${it.to} ${it.label}`, String(ways.get(`${it.from} ${it.to}`) ?? 0)] as const);
  return { nodes: Object.fromEntries(nodes), edges: Object.fromEntries(edges) };
};

const isBetween = (one: DiagramEdge, other: DiagramEdge) => one.from === other.from && one.to === other.to;

const waysOf = ({ steps, hasCompleted }: Trace): readonly string[] => {
  const path = ['(start)', ...steps, ...(hasCompleted ? ['(end)'] : [])];
  return path.slice(1).map((to, at) => `${path[at]} ${to}`);
};

const nodeWords = (entered: number, here: number, mail: MailFigures | undefined): string => {
  const waiting = here > 0 ? ` · ${here} here now` : '';
  if (!mail) return `${entered} came${waiting}`;
  return `${mail.sent} sent · ${mail.opened} opened · ${mail.clicked} clicked${waiting}`;
};

const tally = (words: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
};
