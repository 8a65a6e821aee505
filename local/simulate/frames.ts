import { isConfirmation } from '#core/consent';
import type { SimulationFile } from '#core/console/outside';
import type { SimulationFrame } from '#core/console/views';
import { addSeconds, type Instant } from '#core/instant';
import type { Artifact } from '#core/sequences/model';
import type { LeadRows } from '#local/report/lead-rows';
import { stepsOfState } from '#local/report/traces';
import type { World } from '#local/world';
import type { Plan, Version } from './plan.ts';
import { add, countOf, type Tally, under } from './tally.ts';

/** Where everybody is on each day: who came to a step and who left it, by the day (UTC) of each. Sums of days come later. */
export const countFrames = (tally: Tally, { runner, mail }: World, { compiled }: Version, leads: readonly LeadRows[]): void => {
  for (const { artifact } of compiled) if (!isConfirmation(artifact.sequence)) countSteps(tally, runner, artifact);
  for (const { at, tags } of mail.mails()) if (tags.lead !== undefined) frame(tally, tags.sequence ?? '', at, 'sent');
  for (const { enrolments, moves } of leads) {
    for (const run of enrolments) {
      frame(tally, run.sequence, run.enrolledAt, 'entered');
      if (run.endedAt === undefined) continue;
      frame(tally, run.sequence, run.endedAt, 'ended');
      if (run.ending === 'completed') frame(tally, run.sequence, run.endedAt, 'came', '(end)');
    }
    const qualified = moves.find((it) => it.to === 'mql');
    if (qualified) for (const sequence of new Set(enrolments.map((it) => it.sequence))) frame(tally, sequence, qualified.at, 'qualified');
  }
};

const frame = (tally: Tally, sequence: string, at: Instant, what: string, node = '', count = 1): void =>
  add(tally, count, 'frame', sequence, at.slice(0, 10), what, node);

const countSteps = (tally: Tally, runner: World['runner'], { sequence, stepIds, repeats = {} }: Artifact): void => {
  const known = new Set(stepIds);
  const came = new Set<string>();
  for (const { executionArn, name, stopDate } of runner.list({ stateMachine: sequence })) {
    const enrolmentId = name.slice(0, name.lastIndexOf('-'));
    let at: string | undefined;
    for (const { state, enteredAt } of runner.history(executionArn)) {
      for (const step of stepsOfState(state, repeats).filter((it) => known.has(it) && it !== at)) {
        if (at !== undefined) frame(tally, sequence, enteredAt, 'here', at, -1);
        frame(tally, sequence, enteredAt, 'here', step);
        if (!came.has(`${enrolmentId} ${step}`)) frame(tally, sequence, enteredAt, 'came', step);
        came.add(`${enrolmentId} ${step}`);
        at = step;
      }
    }
    if (at !== undefined && stopDate !== undefined) frame(tally, sequence, stopDate, 'here', at, -1);
  }
};

/** As the console shows it: a frame a day, the first at the end of the first day. */
export const simulationFile = (name: string, at: Instant, { startAt, days }: Plan, { compiled }: Version, tally: Tally): SimulationFile => {
  const artifacts = compiled.map((it) => it.artifact).filter((it) => !isConfirmation(it.sequence));
  const sequences = artifacts.map((it) => it.sequence).toSorted();
  return {
    ...{ name, at, days, sequences },
    leads: countOf(tally, 'leads'),
    versions: Object.fromEntries(artifacts.map((it) => [it.sequence, it.version])),
    frames: Object.fromEntries(sequences.map((it) => [it, framesOf(tally, it, startAt, days)])),
  };
};

const framesOf = (tally: Tally, sequence: string, startAt: Instant, days: number): readonly SimulationFrame[] => {
  const sums: Sums = { totals: new Map(), here: new Map(), came: new Map() };
  const changes = new Map<string, ReturnType<typeof under>[number][]>();
  for (const it of under(tally, 'frame', sequence)) changes.set(it.at[0] ?? '', [...(changes.get(it.at[0] ?? '') ?? []), it]);
  return Array.from({ length: days }, (_, index) => {
    const date = addSeconds(startAt, index * 86_400).slice(0, 10);
    for (const { at, count } of changes.get(date) ?? []) take(sums, at[1] ?? '', at[2] ?? '', count);
    const total = (what: string) => sums.totals.get(what) ?? 0;
    return {
      day: index + 1,
      date,
      ...{ entered: total('entered'), ended: total('ended'), sent: total('sent'), qualified: total('qualified') },
      here: positive(sums.here),
      came: { '(start)': total('entered'), ...positive(sums.came) },
    };
  });
};

type Sums = { readonly totals: Map<string, number>; readonly here: Map<string, number>; readonly came: Map<string, number> };
const take = ({ totals, here, came }: Sums, what: string, node: string, count: number): void => {
  const [map, key] = what === 'here' ? [here, node] : what === 'came' ? [came, node] : [totals, what];
  map.set(key, (map.get(key) ?? 0) + count);
};
const positive = (sums: ReadonlyMap<string, number>) => Object.fromEntries([...sums].filter(([, count]) => count > 0));
