import { meantHint } from './did-you-mean.ts';

/** A problem in words, for whoever wrote this zone. */
export const unknownZone = (got: string) => ({
  code: 'unknown-time-zone',
  what: 'there is no such time zone',
  got,
  allowed: 'an IANA name such as Europe/Dublin',
  ...meantHint(got, Intl.supportedValuesOf('timeZone')),
});
