import { isConfirmation } from '#core/consent';
import type { Enrolment } from '#core/enrolment';
import { type Instant, toEpoch } from '#core/instant';
import type { History } from '#core/ports';
import { addCells, type Cells, cell, collected, parting } from '#core/report/cells';
import { type DiagramEdge, edgeKey } from '#core/sequences/diagram';
import type { Artifact } from '#core/sequences/model';
import type { DiagramCounts } from './diagram-view.ts';
import { positionOf } from './positions.ts';
import { pathOf, type Visit } from './run-path.ts';
import { diagramOfVersion } from './steps-of.ts';
import { sequenceDays } from './views.ts';

/** Whole numbers by sequence and cell; two are put together by adding. */
export type RunCells = { readonly [sequence: string]: Cells };

/**
 * What one lead's runs add to the figures of its sequences: where they are now, and of those that began in the last 7, 28 and 91 days
 * which way they took and how they ended. A pure function of the lead's rows.
 */
export const runCellsOf = (
  history: Pick<History, 'enrolments' | 'sends' | 'decisions'>,
  artifactOf: (sequence: string, version: string) => Artifact | undefined,
  now: Instant,
): RunCells => {
  const found: Record<string, Record<string, number>> = {};
  for (const run of history.enrolments.filter((it) => !isConfirmation(it.sequence))) {
    const sum = { ...found[run.sequence] };
    addCells(sum, cellsOfRun(run, history, artifactOf(run.sequence, run.version), now));
    found[run.sequence] = sum;
  }
  return found;
};

const cellsOfRun = (
  run: Enrolment,
  { sends, decisions }: Pick<History, 'sends' | 'decisions'>,
  artifact: Artifact | undefined,
  now: Instant,
): Cells => {
  const { version, endedAt, enrolledAt } = run;
  const path = artifact && pathOf({ run, sends, decisions }, artifact);
  const ages = sequenceDays.filter((it) => toEpoch(now) - toEpoch(enrolledAt) <= it * 86_400_000);
  const steps = new Set(path?.visits.map((it) => it.to));
  const ways = new Set(artifact && path ? path.visits.flatMap((it) => edgeOf(artifact, it)) : []);
  return collected((take) => {
    if (endedAt === undefined) {
      take(cell('at', version, positionOf(run)));
      take(cell('running', version));
    }
    for (const days of ages) {
      take(cell('entered', days, version));
      if (endedAt !== undefined) take(cell('end', days, version, path?.ending ?? 'ended'));
      for (const step of steps) take(cell('came', days, version, step));
      for (const way of ways) take(cell('way', days, version, way));
    }
  });
};

/** The edge of the diagram that a visit went by; of several between two steps, the arm tells. */
const edgeOf = (artifact: Artifact, { from, to, arm }: Visit): readonly string[] => {
  const between = edgesOf(artifact).get(`${from} ${to}`) ?? [];
  const edge = between.find((it) => it.label === arm || it.label.startsWith(`${arm} `) || it.label.replace(' ', '-') === arm) ?? between[0];
  return edge ? [edgeKey(edge)] : [];
};

const edgesOf = (artifact: Artifact): ReadonlyMap<string, readonly DiagramEdge[]> => {
  const known = edges.get(artifact);
  if (known) return known;
  const made = new Map<string, DiagramEdge[]>();
  for (const edge of diagramOfVersion(artifact)?.edges ?? [])
    made.set(`${edge.from} ${edge.to}`, [...(made.get(`${edge.from} ${edge.to}`) ?? []), edge]);
  edges.set(artifact, made);
  return made;
};
const edges = new WeakMap<Artifact, ReadonlyMap<string, readonly DiagramEdge[]>>();

const under = (cells: Cells, ...names: readonly (string | number)[]): readonly (readonly [string, number])[] => {
  const prefix = `${cell(...names)}${parting}`;
  return Object.entries(cells).flatMap(([name, count]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), count] as const] : []));
};

/** The figures of one version. */
export const countsOfVersion = (cells: Cells, version: string, days: number): DiagramCounts => ({
  entered: cells[cell('entered', days, version)] ?? 0,
  here: Object.fromEntries(under(cells, 'at', version)),
  came: Object.fromEntries(under(cells, 'came', days, version)),
  ways: Object.fromEntries(under(cells, 'way', days, version)),
});
export const endingsOf = (cells: Cells, version: string, days: number) => under(cells, 'end', days, version);
/** Runs now, by version. */
export const runningOf = (cells: Cells): ReadonlyMap<string, number> => new Map(under(cells, 'running'));

/** The list of sequences shows what these last days came to. */
export const summaryDays = 28;
export const sumsOf = (cells: Cells, days: number): { readonly running: number; readonly entered: number; readonly ended: number } => {
  const sum = (rows: readonly (readonly [string, number])[]) => rows.reduce((all, [, count]) => all + count, 0);
  return { running: sum(under(cells, 'running')), entered: sum(under(cells, 'entered', days)), ended: sum(under(cells, 'end', days)) };
};
