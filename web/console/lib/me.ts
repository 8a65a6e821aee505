import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Act, Me } from '../contract.ts';

export const SharedMe = createContext<Me | undefined>(undefined);

/** Who looks at this. Views are drawn once it is known. */
export const useMe = (): Me => {
  const me = useContext(SharedMe);
  if (!me) throw new Error('a view was drawn before it was known for whom');
  return me;
};

export const useMay = (act: Act): boolean => useMe().may.includes(act);
