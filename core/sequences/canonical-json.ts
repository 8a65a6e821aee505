/** JSON with sorted keys and without undefined: equal data gives equal text, whatever order it was built in. */
export const canonicalJson = (data: unknown): string => JSON.stringify(sorted(data));

const sorted = (data: unknown): unknown => {
  if (Array.isArray(data)) return data.map(sorted);
  if (typeof data !== 'object' || data === null) return data;
  const entries = Object.entries(data).filter(([, it]) => it !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, it]) => [key, sorted(it)]));
};
