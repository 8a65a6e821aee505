import { armsFor } from '#core/arms';
import type { Enrolment } from '#core/enrolment';
import type { Winners } from '#core/experiments/rows';
import { type Migration, type Move, moveOf } from '#core/next-leg';
import type { Ports } from '#core/ports';
import type { Artifact } from '#core/sequences/model';
import { beginNextLeg, type LegUse } from './begin-next-leg.ts';

export type MigrateUse = LegUse & {
  readonly artifacts: Pick<Ports['artifacts'], 'get'>;
  readonly sends: Pick<Ports['sends'], 'ofLead'>;
  readonly experiments: Pick<Ports['experiments'], 'winners'>;
  /** Every run that has not ended, of every sequence; may hold some that have. */
  readonly runs: () => AsyncIterable<Enrolment>;
};

/** What it takes to look. */
export type LookUse = Pick<MigrateUse, 'artifacts' | 'runs' | 'clock'>;

export type StepMoves = {
  readonly from: string;
  readonly to: string;
  readonly leads: number;
  /** Leads that may get mail within 24 hours of being moved. */
  readonly mailWithinADay: readonly string[];
};
export type MigrationPlan = {
  readonly sequence: string;
  readonly version: string;
  readonly steps: readonly StepMoves[];
  /** About to go on, or with a mail on its way: a later look moves them. */
  readonly waiting: number;
  /** Leads by a step that has no place in the new version: they stop the migration. */
  readonly unmapped: { readonly [step: string]: number };
};
export type Migrated = MigrationPlan & { readonly moved: number };

type Asked = { readonly migration: Migration; readonly target: Artifact };

/** Looks only: what a migration would do now, to whom. */
export const planMigration = async (use: LookUse, asked: Asked): Promise<MigrationPlan> => {
  const steps = new Map<string, StepMoves>();
  const unmapped: Record<string, number> = {};
  let waiting = 0;
  for await (const { run, move } of moves(use, asked)) {
    if (move.do === 'wait') waiting += 1;
    if (move.do === 'unmapped') unmapped[move.from] = (unmapped[move.from] ?? 0) + 1;
    if (move.do !== 'move') continue;
    const key = `${move.from} ${move.step}`;
    const { leads, mailWithinADay } = steps.get(key) ?? { leads: 0, mailWithinADay: [] };
    const mailed = move.mayMailWithinADay ? [...mailWithinADay, run.leadId] : mailWithinADay;
    steps.set(key, { from: move.from, to: move.step, leads: leads + 1, mailWithinADay: mailed });
  }
  const { sequence, version } = asked.target;
  return { sequence, version, steps: [...steps.values()].sort((a, b) => (a.from < b.from ? -1 : 1)), waiting, unmapped };
};

/**
 * Moves whoever may be moved now, `perSecond` at most; asked again it goes on with the rest, so a crash costs nothing. Nobody is
 * moved while any lead stands on a step without a place. A mail that is on its way is waited for.
 */
export const migrate = async (
  use: MigrateUse,
  asked: Asked,
  pace: { readonly perSecond: number; readonly sleep: (milliseconds: number) => Promise<void> },
): Promise<Migrated> => {
  const plan = await planMigration(use, asked);
  if (Object.keys(plan.unmapped).length > 0) return { ...plan, moved: 0 };
  const winners = await use.experiments.winners(asked.target.sequence);
  let moved = 0;
  let waiting = plan.waiting;
  for await (const { run, move } of moves(use, asked)) {
    if (move.do !== 'move') continue;
    if (await moveOne(use, run, move, { ...asked, winners })) moved += 1;
    else waiting += 1;
    await pace.sleep(1000 / pace.perSecond);
  }
  return { ...plan, waiting, moved };
};

const moveOne = async (
  use: MigrateUse,
  run: Enrolment,
  { to }: Extract<Move, { do: 'move' }>,
  { target, winners }: Asked & { readonly winners: Winners },
): Promise<boolean> => {
  const sends = await use.sends.ofLead(run.leadId);
  const isOnItsWay = sends.some((it) => it.enrolmentId === run.enrolmentId && (it.state === 'CLAIMED' || it.state === 'CALLING'));
  if (isOnItsWay || run.token === undefined) return false;
  const written = await beginNextLeg(use, run, {
    ...to,
    version: target.version,
    arms: { ...armsFor(target, run.leadId, winners), ...run.arms },
    because: { why: 'migrated', id: target.version },
    parkedAs: { token: run.token, awaiting: run.sinceHere ? [] : (run.awaiting ?? []) },
  });
  return written !== 'refused';
};

async function* moves(use: LookUse, { migration, target }: Asked): AsyncGenerator<{ readonly run: Enrolment; readonly move: Move }> {
  for await (const run of use.runs()) {
    if (run.sequence !== target.sequence || run.version === target.version || run.endedAt !== undefined) continue;
    const source = await use.artifacts.get(run.sequence, run.version);
    yield { run, move: moveOf(run, migration, { source, target, now: use.clock.now() }) };
  }
}
