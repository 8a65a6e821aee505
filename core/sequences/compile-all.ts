import type { Instant } from '#core/instant';
import type { Report } from '#core/problems';
import { type Compiled, compileSequence, type Digest, type Emails } from './compile.ts';
import { checkLegs } from './legs.ts';
import { checkCompiled } from './limits.ts';
import { checkAgainstLock, type Lock, nextLock, type Pack } from './lock.ts';
import type { Sequence } from './model.ts';
import { everyStep } from './plan.ts';

/** One sequence of `marketing/`, its e-mails compiled, and where to report at paths of its file. */
export type ToCompile = { readonly sequence: Sequence; readonly emails: Emails; readonly report: Report };

export type CompiledAll = {
  readonly compiled: readonly { readonly sequence: Sequence; readonly compiled: Compiled }[];
  /** What `baton.lock.json` must say to match; to be written only when nothing was reported as an error. */
  readonly lock: Lock;
};

/** `now`: when sequences begin that the lock does not know. Compiles every sequence and checks it against Step Functions and the lock. One with errors that keep it from compiling is left out. */
export const compileAll = (all: readonly ToCompile[], lock: Lock, digest: Digest, now?: Instant, pack?: Pack): CompiledAll => {
  const compiled = all.flatMap(({ sequence, emails, report }) => {
    checkAgainstLock(lock, [sequence], report);
    if (!isComplete(sequence, emails)) return [];
    const one = compileSequence(sequence, emails, digest);
    checkLegs(sequence, report);
    checkCompiled(one, report);
    return [{ sequence, compiled: one }];
  });
  return { compiled, lock: nextLock(lock, compiled, now, pack) };
};

/** Has steps, each with a name of its own, and the e-mails they send; what is missing was reported where it was read. */
const isComplete = (sequence: Sequence, emails: Emails): boolean => {
  const steps = everyStep(sequence.steps);
  const names = new Set(steps.map((it) => it.id));
  return names.size > 0 && names.size === steps.length && steps.every((it) => it.kind !== 'email' || emails[it.id] !== undefined);
};
