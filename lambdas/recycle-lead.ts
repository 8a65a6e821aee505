import type { Ports } from '#core/ports';

export type Recycle = {
  readonly leadId: string;
  readonly sequence: string;
  /** '': from the first step. */
  readonly step: string;
  /** Of whatever gave the lead back: the same id again changes nothing. */
  readonly recycleId: string;
};

/**
 * Sends a lead through a sequence again, from a step on. A run of it that goes on takes its next leg there; a run that ended is
 * over for good (a stop stays), so a new enrolment begins there, triggered by the recycle id. `again` and the entry's condition
 * are not asked; consent, suppressions and the stage are. Throws when the sequence in force has no such step.
 */
export const recycleLead =
  (use: { readonly artifacts: Pick<Ports['artifacts'], 'current'>; readonly enrolQueue: Ports['enrolQueue'] }) =>
  async ({ leadId, sequence, step, recycleId }: Recycle): Promise<void> => {
    const artifact = (await use.artifacts.current()).find((it) => it.sequence === sequence);
    if (!artifact) throw new Error(`no sequence ${sequence} takes leads`);
    if (step !== '' && !artifact.stepIds.includes(step))
      throw new Error(`${sequence} has no step ${step}; there are: ${artifact.stepIds.join(', ')}`);
    await use.enrolQueue.push({ leadId, sequence, trigger: recycleId, startAt: step });
  };
