import type { Enrolment } from '#core/enrolment';
import { addSeconds } from '#core/instant';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import { dueOf, type Resume, resumeOf } from '#core/next-leg';
import type { Ports } from '#core/ports';
import { beginNextLeg, type LegUse } from './begin-next-leg.ts';

/** More legs than this are not begun for one run: what fails each time needs a person. */
export const mostRecoveries = 3;
/** A machine is asked after only when its wait has been over this long. */
const lostAfterSeconds = 3600;

/** What it takes to recover one run. */
export type RecoveringUse = Omit<LegUse, 'enrolments'> & {
  readonly enrolments: Pick<Ports['enrolments'], 'nextLeg' | 'stop'>;
  readonly leads: Pick<Ports['leads'], 'find'>;
  readonly suppressions: Pick<Ports['suppressions'], 'ofLead'>;
  readonly artifacts: Pick<Ports['artifacts'], 'get'>;
  readonly config: Ports['config'];
};
export type RecoverUse = RecoveringUse & {
  /** Runs that a fault ended. */
  readonly failed: () => AsyncIterable<Enrolment>;
  /** Runs that have not ended; may hold some that have. */
  readonly runs: () => AsyncIterable<Enrolment>;
  /** Is there an execution that still runs this leg? */
  readonly isRunning: (sequence: string, enrolmentId: string, leg: number) => Promise<boolean>;
};

export type Recovery = {
  readonly leadId: string;
  readonly enrolmentId: string;
  readonly sequence: string;
  /** Of the leg that failed or is gone. */
  readonly leg: number;
  readonly because: 'failed' | 'lost';
  readonly failure?: string;
  readonly at: string;
  readonly outcome: 'recovered' | 'would-recover' | 'too-often' | 'has-a-stop' | 'another-run' | 'moved-on';
};

/**
 * Runs that ended by a fault, and runs whose execution is gone, take their next leg where they were. Bounded, and never past a
 * stop or beside another run of the sequence. Asked again it changes nothing more.
 */
export async function* recover(
  use: RecoverUse,
  { sequence, isDryRun }: { readonly sequence?: string | undefined; readonly isDryRun: boolean },
): AsyncGenerator<Recovery> {
  const isMeant = (run: Enrolment) => sequence === undefined || run.sequence === sequence;
  for await (const run of use.failed()) {
    if (run.ending === 'failed' && isMeant(run)) yield recoverRun(use, run, 'failed', isDryRun);
  }
  for await (const run of use.runs()) {
    if (isMeant(run) && (await isLost(use, run))) yield recoverRun(use, run, 'lost', isDryRun);
  }
}

/** A leg that was never parked is the watchdog's to start. */
const isLost = async (use: RecoverUse, run: Enrolment): Promise<boolean> => {
  const due = dueOf(run);
  if (run.endedAt !== undefined || due === undefined || due > addSeconds(use.clock.now(), -lostAfterSeconds)) return false;
  return !(await use.isRunning(run.sequence, run.enrolmentId, run.leg));
};

export const recoverRun = async (
  use: RecoveringUse,
  run: Enrolment,
  because: Recovery['because'],
  isDryRun: boolean,
): Promise<Recovery> => {
  const { leadId, enrolmentId, sequence, leg, failure } = run;
  const artifact = await use.artifacts.get(sequence, run.version);
  const to = resumeOf(run, artifact, use.clock.now());
  const said = { leadId, enrolmentId, sequence, leg, because, ...(failure !== undefined && { failure }), at: to.startAt };
  const [lead, suppressions, live] = await Promise.all([use.leads.find(leadId), use.suppressions.ofLead(leadId), use.config.live()]);
  const stop = effectiveStop(run, stopForLead(lead, suppressions, artifact, live.brand, use.clock.now()));
  if (stop || !lead) return { ...said, outcome: 'has-a-stop' };
  if (lead.active[sequence] !== enrolmentId) return { ...said, outcome: 'another-run' };
  if ((run.recoveries ?? 0) >= mostRecoveries) return { ...said, outcome: 'too-often' };
  if (isDryRun) return { ...said, outcome: 'would-recover' };
  const written = await begin(use, run, to, because);
  if (written === 'refused') return { ...said, outcome: 'moved-on' };
  // Another run may have been let in between our look and our write: it stays, this one ends.
  if ((await use.leads.find(leadId))?.active[sequence] === enrolmentId) return { ...said, outcome: 'recovered' };
  await use.enrolments.stop(run, { reason: 'exit', at: use.clock.now() });
  return { ...said, outcome: 'another-run' };
};

const begin = (use: RecoveringUse, run: Enrolment, to: Resume, because: Recovery['because']) =>
  beginNextLeg(use, run, {
    ...to,
    because: { why: 'recovered', id: `${run.enrolmentId}-${run.leg}` },
    revives: { ending: because === 'failed' ? 'failed' : 'none', most: mostRecoveries },
    ...(because === 'lost' && run.token !== undefined && { parkedAs: { token: run.token, awaiting: [] } }),
  });
