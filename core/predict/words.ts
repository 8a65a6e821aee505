/** `leadNumber`, `Lead_Number` and `lead-number` are `lead number`. */
export const wordsOf = (column: string): string =>
  column
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim();
