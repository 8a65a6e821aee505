/** What stands in one place of a table of leads: text from a file, or a lead's field. */
export type Cell = string | number | boolean | undefined;
export type Row = { readonly [column: string]: Cell };

/** How tables say that nothing is known. `Select` is a form's menu that nobody touched. */
const nothing = new Set([
  '',
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  'nil',
  'undefined',
  '-',
  '--',
  '?',
  'select',
  '(select)',
  'please select',
]);

/** The cell as text, one space between words; undefined: nothing is known. */
export const textOf = (cell: Cell): string | undefined => {
  if (cell === undefined || cell === null) return undefined;
  const text = String(cell).replace(/\s+/g, ' ').trim();
  return nothing.has(text.toLowerCase()) ? undefined : text;
};

/** The level of a category: spellings that differ in case only are one. */
export const levelOf = (cell: Cell): string | undefined => textOf(cell)?.toLowerCase();

export type Decimal = '.' | ',';
const shapes: { readonly [decimal in Decimal]: RegExp } = {
  '.': /^[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e[-+]?\d+)?$/i,
  ',': /^[-+]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?(e[-+]?\d+)?$/i,
};

/** `1,234.5`, `€ 1.234,50`, `12 %`, `1 000`; `decimal` says which of comma and point is which. undefined: no number. */
export const numberOf = (cell: Cell, decimal: Decimal): number | undefined => {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined;
  if (typeof cell === 'boolean') return Number(cell);
  const text = textOf(cell)?.replace(/[\s’'€$£%]/g, '');
  if (text === undefined || !/\d/.test(text) || !shapes[decimal].test(text)) return undefined;
  const value = Number(decimal === '.' ? text.replaceAll(',', '') : text.replaceAll('.', '').replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
};

/** Which of the two more cells of a column can be read with; the point where both will do. */
export const decimalOf = (cells: readonly Cell[]): Decimal => {
  const read = (decimal: Decimal) => cells.filter((it) => numberOf(it, decimal) !== undefined).length;
  return read(',') > read('.') ? ',' : '.';
};
