const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** The ISO 3166 code, upper case, that leads have it under: `uk` is GB. undefined: there is no such country. */
export const countryCode = (text: string): string | undefined => {
  const code = text.trim().toUpperCase();
  if (!/^[A-Z]{2}$/.test(code) || code === 'ZZ') return undefined;
  const known = codes.get(code);
  if (known) return known.is;
  const found = names.of(code) === undefined ? undefined : new Intl.Locale(`und-${code}`).region;
  codes.set(code, { is: found });
  return found;
};

/** Asking Intl is slow; there are 676 codes at most. */
const codes = new Map<string, { readonly is: string | undefined }>();

export const countryRule = 'two letters, such as DE';

/** Whether it is a code that a lead can have. */
export const isCountryCode = (text: string): boolean => countryCode(text) === text.toUpperCase();

/** For another code of it, or its English name. */
export const meantCountry = (text: string): { readonly hint?: string } => {
  const meant = countryCode(text) ?? codeNamed(text.trim().toLowerCase());
  return meant === undefined ? {} : { hint: `did you mean "${meant}"?` };
};

/** `UK` is written often and is nobody’s country: leads have GB. */
export const notACountry = (text: string): string => {
  const { hint } = meantCountry(text);
  return `there is no such country${hint === undefined ? '' : `; ${hint}`}`;
};

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

const codeNamed = (name: string): string | undefined => {
  const codes = letters.flatMap((one) => letters.map((other) => `${one}${other}`));
  const found = codes.find((it) => names.of(it)?.toLowerCase() === name);
  return found === undefined ? undefined : countryCode(found);
};
