import type { Report } from '#core/problems';
import { located } from '#core/sequences/located';
import type { Sequence } from '#core/sequences/model';
import { checkLiquid } from './liquid-check.ts';

/** The words of `notify` steps are Liquid as e-mails are: what could fail for some lead is told at the step. */
export const checkTellings = (sequence: Sequence, report: Report): void => {
  for (const { step, path } of located(sequence.steps)) {
    if (step.kind !== 'notify') continue;
    const piece = { text: step.says, offsetOf: (at: number) => at };
    for (const { code, what, allowed, hint } of checkLiquid({ file: '', text: step.says }, piece)) {
      report([...path, 'notify', 'says'], { code, what, ...(allowed !== undefined && { allowed }), ...(hint !== undefined && { hint }) });
    }
  }
};
