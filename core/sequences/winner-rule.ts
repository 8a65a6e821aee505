import * as z from 'zod';
import { durationRule, parseDuration } from '#core/duration';
import type { Report, YamlPath } from '#core/problems';
import { reportIssues } from '#core/zod-report';
import type { WinnerRule } from './model.ts';

const fewestLeads = 50;
const leadsRule = `"400 leads per arm", from ${fewestLeads} on`;

export const WinnerShape = z.strictObject({
  by: z.enum(['goal', 'click', 'reply']).describe('What makes an arm better: more leads who reach the goal, click, or answer'),
  after: z.string(leadsRule).describe('So many leads in every arm first, e.g. 400 leads per arm'),
  'not-before': z.string(durationRule).describe('So long it runs at least, e.g. 14 days: no week is like the other'),
  within: z.string(durationRule).optional().describe('So long a lead has after it entered; as long as not-before when not given'),
  mails: z.array(z.string()).min(1).optional().describe('click, reply: the e-mail steps that count; those in the arms when not given'),
  mode: z
    .enum(['automatic', 'advisory'])
    .optional()
    .describe('automatic (default): new leads get the winner; advisory: it is only said, and `baton winner` decides'),
  confidence: z
    .number()
    .min(80)
    .max(99.9)
    .optional()
    .describe('How sure it must be, in percent, however often one looks; 95 when not given'),
});

/** The rule of a split as it stands in YAML. */
export const readWinner = (raw: unknown, path: YamlPath, report: Report): WinnerRule | undefined => {
  const read = WinnerShape.safeParse(raw, { reportInput: true });
  if (!read.success) {
    reportIssues(read.error, path, report, WinnerShape);
    return undefined;
  }
  const { by, after, within, mails, mode = 'automatic', confidence = 95 } = read.data;
  const leadsPerArm = readLeads(after, [...path, 'after'], report);
  const notBefore = readDays(read.data['not-before'], [...path, 'not-before'], report);
  const horizon = within === undefined ? notBefore : readDays(within, [...path, 'within'], report);
  if (mails && by === 'goal')
    report([...path, 'mails'], {
      code: 'mails-of-a-goal',
      what: 'a goal belongs to no mail',
      allowed: 'mails with by: click or by: reply',
    });
  if (leadsPerArm === undefined || notBefore === undefined || horizon === undefined) return undefined;
  return { by, leadsPerArm, notBeforeSeconds: notBefore, withinSeconds: horizon, ...(mails && { mails }), confidence, mode };
};

const readLeads = (text: string, path: YamlPath, report: Report): number | undefined => {
  const leads = Number(/^(\d{1,9})\s+leads?\s+per\s+arm$/i.exec(text.trim())?.[1]);
  if (leads >= fewestLeads) return leads;
  report(path, {
    code: 'not-understood',
    what: Number.isNaN(leads) ? '"after" is not understood' : 'so few leads say nothing',
    got: text,
    allowed: leadsRule,
  });
  return undefined;
};

const readDays = (text: string, path: YamlPath, report: Report): number | undefined => {
  const seconds = parseDuration(text)?.seconds;
  if (seconds !== undefined && seconds >= 86_400) return seconds;
  const what =
    seconds === undefined ? `"${path.at(-1)}" is not a duration` : `"${path.at(-1)}" is too short: people answer in their own time`;
  report(path, { code: 'not-understood', what, got: text, allowed: seconds === undefined ? durationRule : 'from 1 day on' });
  return undefined;
};
