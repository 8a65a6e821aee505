import * as z from 'zod';
import type { Rep } from './config.ts';
import { CountryCode } from './country-schema.ts';
import type { Report, YamlPath } from './problems.ts';
import { awayRule, hoursRule, openRule, parseAway, parseHours, parseOpen } from './sales-words.ts';
import { isZone } from './time-zone.ts';
import { unknownZone } from './unknown-zone.ts';

export const FieldName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'the name of a field, such as industry');

export const RepShape = z.strictObject({
  rep: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short name in lower case, such as ruth')
    .describe('A short name, unique in the team'),
  email: z.email().describe('Where tasks go'),
  'time-zone': z.string().describe('IANA name, e.g. Europe/Berlin'),
  hours: z.string().optional().describe('When this rep works, in their own time, e.g. mon-fri 09:00-17:30; mon-fri 09:00-17:00'),
  holidays: z
    .string()
    .optional()
    .describe('Whose public holidays this rep has: a country such as IE, or a part of one such as DE-BY; none when not given'),
  countries: z.array(CountryCode).optional().describe('Countries this rep looks after, as two letters'),
  languages: z
    .array(z.string().regex(/^[a-z]{2}$/, 'two letters in lower case, such as de'))
    .optional()
    .describe('Languages this rep speaks with leads, as two letters; for `language` under `route`'),
  takes: z
    .record(FieldName, z.array(z.union([z.string(), z.number(), z.boolean()])).min(1))
    .optional()
    .describe('Values of a field that this rep looks after, e.g. { industry: [health] }; for `field` under `route`'),
  weight: z.number().positive().max(1000).optional().describe('Share among equals; 1 when not given'),
  'at-most': z.union([z.string(), z.number()]).optional().describe('How many tasks may wait for this rep’s answer at a time, e.g. 15 open'),
  away: z.array(z.string()).optional().describe('Dates without this rep, both included, e.g. [2026-12-21..2027-01-04]'),
  role: z.literal('manager').optional().describe('Gets what nobody else covers'),
});

/** Reads a text by its parser; what is not understood is reported. */
export const reading =
  (report: Report) =>
  <Result>(
    path: YamlPath,
    text: string | number | undefined,
    parse: (text: string) => Result | undefined,
    allowed: string,
  ): Result | undefined => {
    const found = text === undefined ? undefined : parse(String(text));
    if (text !== undefined && found === undefined)
      report(path, { code: 'not-understood', what: 'this is not understood', got: String(text), allowed });
    return found;
  };

/** The people as such; whether somebody covers what `route` asks for is not looked at. */
export const checkTeam = ({ team }: { readonly team: readonly z.output<typeof RepShape>[] }, report: Report): void => {
  team.forEach((it, at) => {
    if (!isZone(it['time-zone'])) {
      report(['team', at, 'time-zone'], unknownZone(it['time-zone']));
    }
    if (team.findIndex((other) => other.rep === it.rep) < at) {
      report(['team', at, 'rep'], { code: 'duplicate', what: 'two people in the team have this name', got: it.rep });
    }
  });
  if (!team.some((it) => it.role === 'manager')) {
    report(['team'], {
      code: 'no-manager',
      severity: 'warning',
      what: 'nobody is `role: manager`, so a lead that nobody covers goes to the first in the list',
      at: 'key',
    });
  }
};

export const toRep = (it: z.output<typeof RepShape>, at: number, report: Report): Rep => {
  const read = reading(report);
  const hours = read(['team', at, 'hours'], it.hours, parseHours, hoursRule);
  const open = read(['team', at, 'at-most'], it['at-most'], parseOpen, openRule);
  const away = it.away?.flatMap((text, index) => read(['team', at, 'away', index], text, parseAway, awayRule) ?? []);
  const takes = it.takes && Object.fromEntries(Object.entries(it.takes).map(([field, values]) => [field, values.map(String)]));
  return {
    rep: it.rep,
    email: it.email,
    timeZone: it['time-zone'],
    countries: it.countries ?? [],
    weight: it.weight ?? 1,
    role: it.role ?? 'rep',
    ...(hours && { hours }),
    ...(it.holidays !== undefined && { holidays: it.holidays }),
    ...(it.languages && { languages: it.languages }),
    ...(takes && { takes }),
    ...(open !== undefined && { atMostOpen: open }),
    ...(away && { away }),
  };
};
