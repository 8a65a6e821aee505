/**
 * What was found out about something that nobody changes in place, for as long as that lives. A WeakMap takes its time for every entry that
 * is made: all that is remembered of one thing shares one, each in a place of its own.
 */
export const byIdentity = <Of extends object, Found>(): { of(of: Of): Found | undefined; keep(of: Of, found: Found): void } => {
  const place = places++;
  return {
    of: (of) => all.get(of)?.[place] as Found | undefined,
    keep: (of, found) => {
      const known = all.get(of);
      if (known) {
        known[place] = found;
        return;
      }
      const fresh: unknown[] = [];
      for (let at = 0; at < place; at++) fresh.push(undefined);
      fresh.push(found);
      all.set(of, fresh);
    },
  };
};
const all = new WeakMap<object, unknown[]>();
let places = 0;
