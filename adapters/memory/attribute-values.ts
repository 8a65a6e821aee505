import type { Value } from '#core/table';

/** DynamoDB's typed JSON to plain values: the types that Baton writes. */
export const unmarshal = (attribute: unknown): Value => {
  const given = attribute as Record<string, unknown>;
  let type: string | undefined;
  for (const name in given) type ??= name;
  const value = type === undefined ? undefined : given[type];
  switch (type) {
    case 'S':
      return String(value);
    case 'N':
      return Number(value);
    case 'BOOL':
      return value === true || value === 'true';
    case 'NULL':
      return null;
    case 'L':
      return (value as unknown[]).map(unmarshal);
    case 'M':
      return Object.fromEntries(Object.entries(value as Record<string, unknown>).map(([key, it]) => [key, unmarshal(it)]));
    default:
      throw Object.assign(new Error(`the memory table does not take values of type ${type}`), { name: 'ValidationException' });
  }
};
