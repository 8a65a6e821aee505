import * as z from 'zod';
import { type Rep, type Sales, type SalesAnswers, salesDefaults } from './config.ts';
import { CountryCode } from './country-schema.ts';
import type { Report } from './problems.ts';
import { isZone } from './time-zone.ts';

export const RepShape = z.strictObject({
  rep: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short name in lower case, such as ruth')
    .describe('A short name, unique in the team'),
  email: z.email().describe('Where tasks go'),
  'time-zone': z.string().describe('IANA name, e.g. Europe/Berlin'),
  countries: z.array(CountryCode).optional().describe('Countries this rep looks after, as two letters'),
  weight: z.number().positive().max(1000).optional().describe('Share among equals; 1 when not given'),
  role: z.literal('manager').optional().describe('Gets what nobody else covers'),
});

const reasons = z
  .array(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short name in lower case, such as no-budget-yet'))
  .min(1)
  .describe('Reasons to choose from');

export const AnswersShape = z.strictObject({
  accept: z.strictObject({}).optional().describe('Takes the lead on; nothing to say about it'),
  reject: z.strictObject({ reasons }).optional().describe('Not a lead for sales'),
  recycle: z
    .strictObject({
      reasons,
      into: z.string().optional().describe('The sequence that the lead goes on in when its time has come'),
      at: z.string().optional().describe('The step there; the first one when not given'),
    })
    .optional()
    .describe('A lead for later'),
  lost: z.strictObject({ reasons }).optional().describe('The deal did not come about'),
});

export const SalesShape = z.strictObject({
  team: z.array(RepShape).min(1).describe('Who takes tasks'),
  route: z
    .array(z.enum(['country', 'weighted round-robin']))
    .min(1)
    .describe('Rules for who gets a lead, tried in this order; then the manager'),
  answers: AnswersShape.optional().describe('What sales may answer, and the reasons to choose from'),
});

export const readSales = (data: z.output<typeof SalesShape>, report: Report): Sales => {
  data.team.forEach((it, at) => {
    if (!isZone(it['time-zone'])) {
      report(['team', at, 'time-zone'], {
        code: 'unknown-time-zone',
        what: 'there is no such time zone',
        got: it['time-zone'],
        allowed: 'an IANA name such as Europe/Dublin',
      });
    }
    if (data.team.findIndex((other) => other.rep === it.rep) < at) {
      report(['team', at, 'rep'], { code: 'duplicate', what: 'two people in the team have this name', got: it.rep });
    }
  });
  if (!data.team.some((it) => it.role === 'manager')) {
    report(['team'], {
      code: 'no-manager',
      severity: 'warning',
      what: 'nobody is `role: manager`, so a lead that nobody covers goes to the first in the list',
      at: 'key',
    });
  }
  return {
    team: data.team.map(toRep),
    route: data.route.map((it) => (it === 'country' ? 'country' : 'weighted')),
    answers: toAnswers(data.answers ?? {}),
  };
};

const toAnswers = ({ reject, recycle, lost }: z.output<typeof AnswersShape>): SalesAnswers => ({
  reject: reject ?? salesDefaults.answers.reject,
  recycle: recycle
    ? {
        reasons: recycle.reasons,
        ...(recycle.into !== undefined && { into: recycle.into }),
        ...(recycle.at !== undefined && { at: recycle.at }),
      }
    : salesDefaults.answers.recycle,
  lost: lost ?? salesDefaults.answers.lost,
});

const toRep = (it: z.output<typeof RepShape>): Rep => ({
  rep: it.rep,
  email: it.email,
  timeZone: it['time-zone'],
  countries: it.countries ?? [],
  weight: it.weight ?? 1,
  role: it.role ?? 'rep',
});
