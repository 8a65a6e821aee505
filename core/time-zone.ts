import { Temporal } from 'temporal-polyfill';
import type { Brand } from './config.ts';
import type { Lead } from './lead.ts';

export type ZoneChoice = { readonly zone: string; readonly because: 'own' | 'country' | 'brand' };

/** Never undefined: a lead without a usable zone of its own gets its country's, else the brand's. */
export const zoneOf = (lead: Pick<Lead, 'fields'>, brand: Pick<Brand, 'timeZone'>): ZoneChoice => {
  const own = lead.fields['time-zone'];
  if (typeof own === 'string' && isZone(own)) return { zone: own, because: 'own' };
  const country = lead.fields.country;
  const zone = typeof country === 'string' ? countryZone(country) : undefined;
  return zone ? { zone, because: 'country' } : { zone: brand.timeZone, because: 'brand' };
};

export const countryZone = (country: string): string | undefined => zoneOfCountry[country.trim().toUpperCase()];

/** IANA names only: an offset such as `+02:00` knows no daylight saving. */
export const isZone = (zone: string): boolean => {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const valid = /^[A-Za-z]/.test(zone) && canFormat(zone);
  if (zones.size < maxZones) zones.set(zone, valid);
  return valid;
};

/** What to add to UTC for local time, in milliseconds. */
export const offsetAt = (epoch: number, zone: string): number => {
  const moment = Math.floor(epoch);
  const known = steady.get(zone) ?? [];
  for (const it of known) if (it.from <= moment && moment < it.to) return it.offset;
  const found = steadyAround(moment, zone);
  if (steady.size >= maxZones) steady.clear();
  steady.set(zone, [found, ...known.slice(0, mostStretches - 1)]);
  return found.offset;
};

const steadyAround = (moment: number, zone: string): Steady => {
  const local = localAt(moment, zone);
  const offset = local.offsetNanoseconds / 1e6;
  // A jump at this very moment is the one before it, so it is asked a moment later.
  const from = localAt(moment + 1, zone).getTimeZoneTransition('previous')?.epochMilliseconds ?? moment;
  const to = local.getTimeZoneTransition('next')?.epochMilliseconds ?? withoutJump(moment, offset, zone);
  return { from: Math.min(from, moment), to, offset };
};

/** No next jump is known: either there is none, or it lies further ahead than anybody looks. */
const withoutJump = (moment: number, offset: number, zone: string): number => {
  const isSame = [90, 180, 270, 360].every((days) => localAt(moment + days * dayMilliseconds, zone).offsetNanoseconds / 1e6 === offset);
  return isSame ? moment + 90 * dayMilliseconds : moment + 1;
};

const localAt = (moment: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone);

type Steady = { readonly from: number; readonly to: number; readonly offset: number };
/** Of each zone the stretches, between two jumps of its clocks, that were asked about last. */
const steady = new Map<string, readonly Steady[]>();
const mostStretches = 6;

/** The first moment after `epoch` at which the zone's clocks jump. */
export const nextClockChange = (epoch: number, zone: string): number | undefined =>
  Temporal.Instant.fromEpochMilliseconds(epoch).toZonedDateTimeISO(zone).getTimeZoneTransition('next')?.epochMilliseconds;

export const dayMilliseconds = 86_400_000;

/** The local date as a number: days since 1970-01-01. */
export const localDay = (epoch: number, zone: string): number => Math.floor((epoch + offsetAt(epoch, zone)) / dayMilliseconds);

/** Asking Intl is slow; the answer never changes within a process. */
const zones = new Map<string, boolean>();
const maxZones = 1000;

const canFormat = (timeZone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
};

/** The zone in which most of a country's people live. Source: IANA zone1970.tab; population decides where there are several. */
const zoneOfCountry: { readonly [country: string]: string } = {
  AE: 'Asia/Dubai',
  AR: 'America/Argentina/Buenos_Aires',
  AT: 'Europe/Vienna',
  AU: 'Australia/Sydney',
  BE: 'Europe/Brussels',
  BG: 'Europe/Sofia',
  BR: 'America/Sao_Paulo',
  CA: 'America/Toronto',
  CH: 'Europe/Zurich',
  CL: 'America/Santiago',
  CN: 'Asia/Shanghai',
  CO: 'America/Bogota',
  CY: 'Asia/Nicosia',
  CZ: 'Europe/Prague',
  DE: 'Europe/Berlin',
  DK: 'Europe/Copenhagen',
  EE: 'Europe/Tallinn',
  EG: 'Africa/Cairo',
  ES: 'Europe/Madrid',
  FI: 'Europe/Helsinki',
  FR: 'Europe/Paris',
  GB: 'Europe/London',
  GR: 'Europe/Athens',
  HK: 'Asia/Hong_Kong',
  HR: 'Europe/Zagreb',
  HU: 'Europe/Budapest',
  ID: 'Asia/Jakarta',
  IE: 'Europe/Dublin',
  IL: 'Asia/Jerusalem',
  IN: 'Asia/Kolkata',
  IS: 'Atlantic/Reykjavik',
  IT: 'Europe/Rome',
  JP: 'Asia/Tokyo',
  KE: 'Africa/Nairobi',
  KR: 'Asia/Seoul',
  LT: 'Europe/Vilnius',
  LU: 'Europe/Luxembourg',
  LV: 'Europe/Riga',
  MT: 'Europe/Malta',
  MX: 'America/Mexico_City',
  MY: 'Asia/Kuala_Lumpur',
  NG: 'Africa/Lagos',
  NL: 'Europe/Amsterdam',
  NO: 'Europe/Oslo',
  NZ: 'Pacific/Auckland',
  PE: 'America/Lima',
  PH: 'Asia/Manila',
  PL: 'Europe/Warsaw',
  PT: 'Europe/Lisbon',
  RO: 'Europe/Bucharest',
  RS: 'Europe/Belgrade',
  SA: 'Asia/Riyadh',
  SE: 'Europe/Stockholm',
  SG: 'Asia/Singapore',
  SI: 'Europe/Ljubljana',
  SK: 'Europe/Bratislava',
  TH: 'Asia/Bangkok',
  TR: 'Europe/Istanbul',
  TW: 'Asia/Taipei',
  UA: 'Europe/Kyiv',
  US: 'America/New_York',
  VN: 'Asia/Ho_Chi_Minh',
  ZA: 'Africa/Johannesburg',
};
