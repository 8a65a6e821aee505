import { createRequire } from 'node:module';
import type { Asl } from '#core/sequences/asl';

/** The package ships no types. */
const validate = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
  readonly isValid: boolean;
  readonly errors: readonly unknown[];
};

/** What an independent validator finds wrong, once the names that a deployment fills in are there. */
export const faultsOf = (asl: Asl): readonly unknown[] => {
  const filledIn = JSON.stringify(asl).replaceAll(/\$\{(\w+)\}/g, (_all, name: string) =>
    name.endsWith('Arn') ? 'arn:aws:lambda:eu-west-1:123456789012:function:x' : 'leads',
  );
  const { isValid, errors } = validate(JSON.parse(filledIn));
  return isValid ? [] : [...errors, 'refused'];
};
