import type { LiveConfig } from '#core/config';
import type { Enrolment } from '#core/enrolment';
import { halt } from '#core/errors';
import { rulesFor } from '#core/gentle';
import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import { StepInput } from '#core/messages';
import type { LineState } from '#core/ports';
import type { Artifact } from '#core/sequences/model';

/** What every handler of a step has. */
export type LoadStep = Omit<Use<'evaluate-branch'>, 'histories' | 'decisions'>;
export type LoadedStep = {
  readonly input: StepInput;
  readonly now: Instant;
  readonly lead: Lead;
  readonly enrolment: Enrolment;
  readonly artifact: Artifact;
  readonly live: LiveConfig;
  readonly line: LineState;
};

/** What a machine's step needs, read consistently. Throws Halt when the run has a stop (written to its row first) or is not ours any more. */
export const loadStep = async (use: LoadStep, event: unknown): Promise<LoadedStep> => {
  const input = StepInput.parse(event);
  const now = use.clock.now();
  const [lead, enrolment, suppressions, artifact, live, line] = await Promise.all([
    use.leads.find(input.leadId),
    use.enrolments.find(input),
    use.suppressions.ofLead(input.leadId),
    use.artifacts.get(input.sequence, input.version),
    use.config.live(),
    use.line.state(),
  ]);
  if (!lead || !enrolment || enrolment.leg !== input.leg) throw halt('the row is gone or on another leg');
  const stop = effectiveStop(enrolment, stopForLead(lead, suppressions, artifact, live.brand, now));
  if (stop) {
    await use.enrolments.stop(enrolment, stop);
    throw halt(stop.reason);
  }
  return { input, now, lead, enrolment, artifact, live: rulesFor(live, lead), line };
};
