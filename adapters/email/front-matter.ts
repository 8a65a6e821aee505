import { type Document, isMap, isNode, parseDocument } from 'yaml';
import * as z from 'zod';
import type { Problem, Report, YamlPath } from '#core/problems';
import type { CompiledEmail } from '#core/sequences/model';
import { type YamlTrouble, yamlTroubles } from '#core/yaml-in-words';
import { reportIssues } from '#core/zod-report';
import { type Piece, problemAt, type Source } from './source.ts';

const Sender = z.strictObject({ name: z.string().min(1), address: z.email(), 'reply-to': z.email().optional() });
const FrontMatter = z.strictObject({ subject: z.string().trim().min(1), preheader: z.string().default(''), from: Sender.optional() });
const keys = Object.keys(FrontMatter.shape);

/** An e-mail's file taken apart: what stands above the second `---`, and the rest. */
export type Letter = {
  readonly source: Source;
  readonly subject: Piece;
  readonly preheader: Piece;
  readonly body: Piece;
  readonly sender?: NonNullable<CompiledEmail['sender']>;
};

export const readLetter = (source: Source): { readonly letter?: Letter; readonly problems: readonly Problem[] } => {
  const opened = /^\uFEFF?---[ \t]*\r?\n/.exec(source.text);
  const closed = opened && /^---[ \t]*(?:\r?\n|$)/m.exec(source.text.slice(opened[0].length));
  if (!opened || !closed) {
    const what = 'the e-mail has no front matter, so it has no subject';
    return {
      problems: [problemAt(source, 0, { code: 'no-front-matter', what, allowed: '---, subject: "…", --- at the top of the file' })],
    };
  }
  const start = opened[0].length;
  const bodyStart = start + closed.index + closed[0].length;
  const yaml = source.text.slice(start, start + closed.index);
  const document = parseDocument(yaml, { uniqueKeys: true, prettyErrors: false });
  const problems = yamlTroubles(document, yaml).map((it) => problemAt(source, start + it.at, notYaml(it, yaml)));
  if (problems.length > 0) return { problems };

  const report: Report = (path, { at, ...problem }) => problems.push(problemAt(source, start + offsetAt(document, path, at), problem));
  const read = FrontMatter.safeParse(document.toJS() ?? {}, { reportInput: true });
  if (!read.success) {
    reportIssues(read.error, [], report, keys);
    return { problems };
  }
  const { subject, preheader, from } = read.data;
  const pieceAt = (key: string, text: string): Piece => pieceIn(source.text, start + offsetAt(document, [key], 'value'), text);
  const body = { text: source.text.slice(bodyStart), offsetOf: (index: number) => bodyStart + index };
  const letter = { source, subject: pieceAt('subject', subject), preheader: pieceAt('preheader', preheader), body };
  return { letter: { ...letter, ...(from && { sender: senderOf(from) }) }, problems };
};

const senderOf = ({ name, address, 'reply-to': replyTo }: z.output<typeof Sender>) => ({
  name,
  address,
  ...(replyTo !== undefined && { replyTo }),
});

const notYaml = ({ words }: YamlTrouble, yaml: string) => ({
  code: 'not-yaml',
  ...words,
  ...(yaml.includes('{{') && { hint: 'a subject or preheader with {{ … }} needs double quotes around all of it' }),
});

/** Where a value, or its key, begins in the YAML; the nearest block around it when it is not there. */
const offsetAt = (document: Document, path: YamlPath, at: 'key' | 'value' = 'value'): number => {
  const key = path.at(-1);
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(parent)) return isNode(parent) ? (parent.range?.[0] ?? 0) : 0;
  const pair = parent.items.find((it) => String(it.key) === String(key));
  const node = at === 'key' ? pair?.key : (pair?.value ?? pair?.key);
  return (isNode(node) ? node.range?.[0] : parent.range?.[0]) ?? 0;
};

/** A YAML text as written, when nothing in it is escaped or folded; else all of it stands where it begins. */
const pieceIn = (file: string, offset: number, text: string): Piece => {
  const written = file.indexOf(text, offset);
  const exact = written >= 0 && written <= offset + 1;
  return { text, offsetOf: (index) => (exact ? written + index : offset) };
};
