/** Reads what is wanted of a lead once, and again only after a row of that lead was written. */
export const createKeptRows = <Rows>(read: (leadId: string) => Promise<Rows>) => {
  const kept = new Map<string, Promise<Rows>>();
  const of = (leadId: string): Promise<Rows> => {
    const known = kept.get(leadId);
    if (known) return known;
    const reading = read(leadId).catch((error: unknown) => {
      kept.delete(leadId);
      throw error;
    });
    kept.set(leadId, reading);
    return reading;
  };
  return {
    of,
    /** A few at a time: the client has no more connections, and the page asks for other things meanwhile. */
    ofAll: async (leadIds: readonly string[]): Promise<readonly Rows[]> => {
      const found: Rows[] = [];
      for (let at = 0; at < leadIds.length; at += atATime) found.push(...(await Promise.all(leadIds.slice(at, at + atATime).map(of))));
      return found;
    },
    forget: (leadId: string): void => void kept.delete(leadId),
  };
};

const atATime = 32;
