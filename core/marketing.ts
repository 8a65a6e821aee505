import type { LiveConfig } from './config.ts';
import type { Problem, Report } from './problems.ts';
import type { Sequence } from './sequences/model.ts';

export type MarketingFile = { readonly file: string; readonly text: string };
/** `locale`: from the file's name, `welcome.de.md`. */
export type EmailFile = MarketingFile & { readonly kind: 'md' | 'mjml'; readonly email: string; readonly locale?: string };

/** `marketing/` as read: what could be read of it, and everything that is wrong with it. */
export type Marketing = {
  /** Absent while brand, scoring or sales have errors. */
  readonly live?: LiveConfig;
  /** Also while scoring or sales have errors. */
  readonly brand?: LiveConfig['brand'];
  readonly layout?: MarketingFile;
  /** `partials/<name>.md` and `.mjml`, by name. */
  readonly partials: { readonly [kind in EmailFile['kind']]: { readonly [name: string]: MarketingFile } };
  /** `consent/confirm.md` and its languages: the mail that asks for confirmation; empty: ours. */
  readonly confirmation: { readonly [name: string]: EmailFile };
  /** E-mails by the name of their file without its ending, locales included. */
  readonly sequences: readonly { readonly sequence: Sequence; readonly emailFiles: { readonly [name: string]: EmailFile } }[];
  /** E-mails of sequences that could not be read. */
  readonly unread?: readonly { readonly folder: string; readonly emailFiles: { readonly [name: string]: EmailFile } }[];
  /** Content of baton.lock.json, unchecked. */
  readonly lock?: unknown;
  /** Grows while later stages report. */
  readonly problems: Problem[];
  /** Reports at paths of that YAML file. */
  readonly reporterFor: (file: string) => Report;
};

/** By place; the same one once. */
export const sortedProblems = (problems: readonly Problem[]): readonly Problem[] => {
  const unique = new Map(problems.map((it) => [JSON.stringify([it.file, it.line, it.column, it.code, it.what]), it]));
  return [...unique.values()].sort(
    (one, other) => compare(one.file, other.file) || one.line - other.line || one.column - other.column || compare(one.code, other.code),
  );
};

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
