const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Of so many characters (UTF-16) at most, the sign that something was left out among them; no letter, accent or emoji is cut in two. */
export const cutTo = (text: string, most: number): string => {
  if (text.length <= most) return text;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, most + 100))) {
    if (index + segment.length > most - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end).trimEnd()}…`;
};
