/**
 * A copy with more in it, as `{ ...one, ...more }` makes it. Name by name, which takes V8 less time: for what is copied for every event of
 * every lead, and nowhere else.
 */
export const withMore = <One extends object, More extends object>(one: One, more: More): One & More => {
  const copy: Record<string, unknown> = {};
  for (const name in one) copy[name] = one[name];
  for (const name in more) copy[name] = more[name];
  return copy as One & More;
};
