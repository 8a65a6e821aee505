export type Ids = { readonly [name: string]: string | number };

/** Known ids of a message and nothing else: never an address, a token, or what somebody wrote. */
export const idsIn = (queue: string, body: string): Ids => {
  const message = parsed(body);
  const names = queue === 'replies' ? [...idNames, 'key'] : idNames;
  return Object.fromEntries(
    names.map((name) => [name, message[name]] as const).filter((it): it is [string, string | number] => isId(it[1])),
  );
};
const idNames = [
  ...['kind', 'source', 'type', 'leadId', 'enrolmentId', 'leg', 'sequence', 'version', 'step', 'round', 'taskId'],
  ...['trigger', 'eventId', 'messageId', 'etag', 'at'],
];
const isId = (value: unknown): boolean => typeof value === 'number' || (typeof value === 'string' && /^[\w.:#/"+=-]{1,160}$/.test(value));

const parsed = (body: string): { readonly [name: string]: unknown } => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};
