import type { Problem } from '#core/problems';

/** A file of `marketing/`; `file` is relative to that folder. */
export type Source = { readonly file: string; readonly text: string };

/** A stretch of Liquid, and where its characters stand in the file. */
export type Piece = { readonly text: string; readonly offsetOf: (index: number) => number };

export type Finding = Omit<Problem, 'file' | 'line' | 'column' | 'severity'> & { readonly severity?: Problem['severity'] };

export const problemAt = (source: Source, offset: number, finding: Finding): Problem => ({
  severity: 'error',
  ...finding,
  file: source.file,
  ...placeAt(source.text, offset),
});

/** Line and column, counted from 1. */
export const placeAt = (text: string, offset: number): { readonly line: number; readonly column: number } => {
  const before = text.slice(0, Math.max(0, offset));
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - lineStart + 1 };
};
