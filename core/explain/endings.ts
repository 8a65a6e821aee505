import type { Enrolment } from '#core/enrolment';
import { type Reason, reasons } from '#core/reasons';

/** How a run ended, as one word: a reason of its stop, or one of `endings`. */
export const endingOf = (run: Enrolment): string => {
  if (run.endedAt === undefined) return 'running';
  if (run.ending === 'stopped') return run.stop?.reason ?? 'stopped';
  return run.ending ?? 'ended';
};

/** How a run ended, or why something did not happen, for people: the same words on every page and in every report. */
export const sentenceFor = (word: string): string => endings[word] ?? reasons[word as Reason] ?? word;

const endings: { readonly [ending: string]: string } = {
  running: 'it is still under way',
  completed: 'the lead went through to the end',
  exited: 'the lead came to an exit step',
  stopped: 'the run was stopped',
  failed: 'a fault of ours ended the run',
};
