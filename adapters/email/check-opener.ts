import type { Sales } from '#core/config';
import type { Report } from '#core/problems';
import { checkLiquid } from './liquid-check.ts';

/** Known of every lead when a brief is made (core/brief/opener.ts). */
const alwaysThere = ['greeting', 'first-name', 'company', 'reason', 'local-time'];

/** `opener` in sales.yaml is Liquid: what could fail for some lead is told now, and would leave our own words in the brief. */
export const checkOpener = ({ opener }: Pick<Sales, 'opener'>, report: Report): void => {
  if (opener === undefined) return;
  const piece = { text: opener, offsetOf: (at: number) => at };
  for (const { code, what, got, allowed, hint } of checkLiquid({ file: '', text: opener }, piece, alwaysThere)) {
    report(['opener'], {
      code,
      what,
      ...(got !== undefined && { got }),
      ...(allowed !== undefined && { allowed }),
      ...(hint !== undefined && { hint }),
    });
  }
};
