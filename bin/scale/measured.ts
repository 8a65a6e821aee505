import { readFileSync } from 'node:fs';
import type { Usage } from '#core/cost';

/** What a lead with six mails takes, out of docs/benchmarks.md, where the bench wrote it. */
const page = readFileSync('docs/benchmarks.md', 'utf8');
const measured = (what: string): number => {
  const [, value] = new RegExp(`^\\| ${what} \\| ([\\d.,]+) · `, 'm').exec(page) ?? [];
  if (value === undefined) throw new Error(`docs/benchmarks.md says nothing of "${what}": npm run bench -- --only cost --write`);
  return Number(value.replaceAll(',', ''));
};

export const mailsPerLead = 6;
export const perLead: Usage = {
  emails: mailsPerLead,
  transitions: measured('state transitions a lead'),
  lambdaRequests: measured('Lambda requests a lead'),
  // 60 ms a call at 256 MB, as everywhere (docs/cost.md).
  lambdaGbSeconds: measured('Lambda requests a lead') * 0.06 * 0.25,
  writeUnits: measured('DynamoDB write units a lead'),
  readUnits: measured('DynamoDB read units a lead'),
  queueRequests: measured('SQS requests a lead'),
  busEvents: 0,
  logBytes: measured('bytes logged a lead'),
};
