import { styleText } from 'node:util';
import type { Problem } from '#core/problems';
import { aligned } from '#core/sequence-tests/compare';
import type { Coverage } from '#core/sequence-tests/coverage';
import type { Mismatch, Outcome, SequenceTest } from '#core/sequence-tests/model';
import { spanInWords, timeInWords } from '#core/sequence-tests/times';

export type Result = {
  readonly sequence: string;
  readonly file: string;
  readonly name: string;
  /** In which the times of the words are. */
  readonly zone: string;
  readonly mismatches: readonly (Omit<Mismatch, 'path'> & { readonly line: number; readonly column: number })[];
  readonly test: SequenceTest;
  readonly outcome: Outcome;
};
export type TestReport = {
  readonly passed: number;
  readonly failed: number;
  readonly tests: readonly Result[];
  readonly coverage: readonly Coverage[];
  readonly problems: readonly Problem[];
};

type Showing = { readonly dir: string; readonly coverage: boolean };

export const resultsInWords = ({ passed, failed, tests, coverage }: TestReport, { dir, coverage: isWanted }: Showing): string => {
  const lines = tests.flatMap((it) => [
    `${it.mismatches.length === 0 ? coloured('green', '✓') : coloured('red', '✗')} ${it.sequence}  ${it.name}`,
    ...(it.mismatches.length > 0 ? [...mismatchesInWords(it, dir), ...sideBySide(it)] : []),
  ]);
  const covered = isWanted || tests.length === 0 ? coverage.flatMap(coverageInWords) : [];
  const count = `${passed} passed, ${failed} failed`;
  return [...lines, ...(tests.length === 0 ? [`No test in ${dir}/sequences/<id>/tests/*.yaml.`] : ['', count]), ...covered].join('\n');
};

const mismatchesInWords = ({ mismatches, file }: Result, dir: string): readonly string[] =>
  mismatches.flatMap(({ line, column, what, expected, got }) => [
    `    ${dir}/${file}:${line}:${column}  ${what}`,
    `      expected  ${expected}`,
    `      got       ${got}`,
  ]);

const width = 34;

/** The e-mails of the run beside those of the test, in the order in which they went. */
const sideBySide = ({ test, outcome, zone }: Result): readonly string[] => {
  if (!test.sent) return [];
  const rows = aligned(test, outcome).map(({ expected, got }) => {
    const left = expected ? `${spanInWords(expected.when, zone)}` : '';
    const right = got ? timeInWords(got.at, zone) : '';
    const isGood = expected && got && got.at >= expected.when.from && got.at < expected.when.to;
    return `    ${isGood ? ' ' : coloured('red', '>')} ${(expected?.step ?? got?.step ?? '').padEnd(20)} ${left.padEnd(width)} ${right}`;
  });
  return [`      ${''.padEnd(20)} ${'expected'.padEnd(width)} happened (${zone})`, ...rows];
};

const coverageInWords = ({ sequence, steps, reachedSteps, arms, reachedArms, missing }: Coverage): readonly string[] => [
  `${sequence}: ${reachedSteps} of ${steps} steps, ${reachedArms} of ${arms} arms${missing.length > 0 ? `; no test comes by ${missing.join(', ')}` : ''}`,
];

const coloured = (colour: 'red' | 'green', text: string) => (process.stdout.isTTY ? styleText(colour, text) : text);
