/**
 * A pure function of a text whose last results are kept, `most` of them: what is compiled again and again, by a watcher or for two
 * versions of a folder, is mostly the same. What failed is not kept.
 */
export const kept = <Result>(most: number, compute: (text: string) => Promise<Result>): ((text: string) => Promise<Result>) => {
  const known = new Map<string, Promise<Result>>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const result = compute(text);
    known.set(text, result);
    result.catch(() => known.delete(text));
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return result;
  };
};
