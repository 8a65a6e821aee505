import type { Ports } from '#core/ports';

/** A port, or the promise of one that must read a secret first. */
type Makers = { readonly [P in keyof Ports]?: () => Ports[P] | Promise<Ports[P]> };

/** Makes what it is given, at once; a missing variable or secret stops the start. */
export const makePorts = async (makers: Makers): Promise<Ports> => {
  const made = await Promise.all(Object.entries(makers).map(async ([name, make]) => [name, await make()] as const));
  return Object.fromEntries(made) as unknown as Ports;
};
