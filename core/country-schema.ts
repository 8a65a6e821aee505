import * as z from 'zod';
import { countryRule, isCountryCode, notACountry } from './country.ts';

/** A country in a file that marketers write. */
export const CountryCode = z
  .string()
  .regex(/^[A-Z]{2}$/, countryRule)
  .refine(isCountryCode, { error: ({ input }) => notACountry(String(input)) });
