import { describe, expect, it } from 'vitest';
import { isZone, localDay, offsetAt, zoneOf } from '#core/time-zone';
import { brand } from './examples.ts';

describe("a lead's time zone", () => {
  it.each([
    ['its own', { 'time-zone': 'Asia/Kolkata', country: 'DE' }, 'Asia/Kolkata', 'own'],
    ["its country's when its own is no zone", { 'time-zone': 'Mars/Olympus', country: 'DE' }, 'Europe/Berlin', 'country'],
    ["its country's, however it is written", { country: ' us' }, 'America/New_York', 'country'],
    ["the brand's when the country is not known", { country: 'XX' }, 'Europe/Dublin', 'brand'],
    ["the brand's when the country is a word of JavaScript", { country: '__proto__' }, 'Europe/Dublin', 'brand'],
    ["the brand's when there is nothing", {}, 'Europe/Dublin', 'brand'],
    ["the brand's when the fields are numbers", { 'time-zone': 2, country: 49 }, 'Europe/Dublin', 'brand'],
  ])('is %s', (_, fields, zone, because) => {
    expect(zoneOf({ fields }, brand)).toEqual({ zone, because });
  });

  it('is a name and never an offset, which knows no summer time', () => {
    expect(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'].map(isZone)).toEqual([true, true, true]);
    expect(['+02:00', '', 'Berlin', 'constructor'].map(isZone)).toEqual([false, false, false, false]);
  });

  it('of every country in the table is one that Intl and Temporal know', () => {
    const codes = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].flatMap((one) => [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((other) => one + other));
    const known = codes.map((country) => zoneOf({ fields: { country } }, brand)).filter((it) => it.because === 'country');
    expect(known.length).toBeGreaterThanOrEqual(60);
    for (const { zone } of known) {
      expect({ zone, isZone: isZone(zone) }).toEqual({ zone, isZone: true });
      expect(Math.abs(offsetAt(Date.parse('2026-07-14T10:00:00Z'), zone))).toBeLessThanOrEqual(14 * 3_600_000);
    }
    expect(localDay(Date.parse('1970-01-02T03:00:00Z'), 'America/New_York')).toBe(0);
    expect(localDay(Date.parse('1970-01-02T06:00:00Z'), 'America/New_York')).toBe(1);
  });
});
