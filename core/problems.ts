/** What is wrong in `marketing/`, in the marketer's terms; all problems are reported at once. */
export type Problem = {
  readonly severity: 'error' | 'warning';
  /** Relative to the marketing folder. Lines and columns count from 1. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Stable and kebab-case, e.g. `unknown-key`. */
  readonly code: string;
  readonly what: string;
  readonly got?: string;
  readonly allowed?: string;
  readonly hint?: string;
};

/** Where in a YAML document: keys and indexes from the root. */
export type YamlPath = readonly (string | number)[];

/** Reports a problem at a place of the file at hand. `at: 'key'` points at the key instead of its value. */
export type Report = (
  path: YamlPath,
  problem: Omit<Problem, 'file' | 'line' | 'column' | 'severity'> & {
    readonly severity?: Problem['severity'];
    readonly at?: 'key' | 'value';
  },
) => void;

/** Those of one sequence. */
export const problemsIn = (problems: readonly Problem[], sequence: string): readonly Problem[] =>
  problems.filter((it) => it.file.startsWith(`sequences/${sequence}/`));
