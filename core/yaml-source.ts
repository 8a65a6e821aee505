import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Problem, Report, YamlPath } from './problems.ts';
import { yamlTroubles } from './yaml-in-words.ts';

/** A YAML file read, with a way to point at its places. `data` is undefined when it could not be read at all. */
export type YamlSource = {
  readonly data: unknown;
  readonly report: Report;
  /** Of the key at the end of a path; lines and columns count from 1. */
  readonly placeAt: (path: YamlPath) => { readonly line: number; readonly column: number };
};

/** Reads YAML 1.2 and reports what is wrong with the text itself; never throws, whatever the text. */
export const readYaml = (file: string, text: string, problems: Problem[]): YamlSource => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  for (const { at, words } of yamlTroubles(document, text))
    problems.push({ severity: 'error', file, ...placeOf(at), code: 'not-yaml', ...words });
  const report: Report = (path, { at = 'value', ...problem }) => {
    problems.push({ severity: 'error', ...problem, file, ...placeOf(offsetOf(document, path, at)) });
  };
  return {
    data: document.errors.length > 0 ? undefined : toData(document, report),
    report,
    placeAt: (path) => placeOf(offsetOf(document, path, 'key')),
  };
};

const toData = (document: Document, report: Report): unknown => {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch {
    report([], { code: 'not-yaml', what: 'the aliases in this file refer to nothing, or to too much' });
    return undefined;
  }
};

/** Where a value begins; for a key that is missing, the nearest block around it. */
const offsetOf = (document: Document, path: YamlPath, at: 'key' | 'value'): number => {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const step = path[depth - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((it) => (isScalar(it.key) ? String(it.key.value) : String(it.key)) === String(step));
      const node = pair && ((at === 'key' && depth === path.length) || !isNode(pair.value) ? pair.key : pair.value);
      if (isNode(node) && node.range) return node.range[0];
    } else if (isSeq(parent)) {
      const node = parent.items[Number(step)];
      if (isNode(node) && node.range) return node.range[0];
    }
  }
  return isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
};
