import type { Part } from './row.ts';

export const asText = ({ title, rows }: Part): string => {
  const width = Math.max(...rows.map((it) => it.what.length));
  return [
    `\n${title}`,
    ...rows.map(
      ({ what, value, target }) =>
        `  ${what.padEnd(width)}  ${value}${target ? `  (${target.isMet ? 'met' : 'MISSED'}: ${target.words})` : ''}`,
    ),
  ].join('\n');
};

export const asMarkdown = (parts: readonly Part[], { command, machine }: { readonly command: string; readonly machine: string }): string =>
  [
    `\`${command}\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.`,
    ...parts.map(({ title, rows }) =>
      [
        `### ${title}`,
        '',
        '| | | target |',
        '|---|---|---|',
        ...rows.map(
          ({ what, value, target }) =>
            `| ${what} | ${value} | ${target ? `${target.words}: ${target.isMet ? 'met' : '**missed**'}` : ''} |`,
        ),
      ].join('\n'),
    ),
  ].join('\n\n');

/** The page with these results between the marks of `name`; each bench writes between its own. */
export const withResults = (page: string, name: string, results: string): string => {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the page has no place for ${name}: ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${results}\n\n${page.slice(to)}`;
};
