// `node gate.mjs simulation.json emails-per-lead<=8 …`: exits with 1, and says what, when a rehearsal is out of bounds.
import { readFileSync } from 'node:fs';

const [file, ...bounds] = process.argv.slice(2);
const report = JSON.parse(readFileSync(file, 'utf8'));
const figures = {
  'emails-per-lead': report.emails / report.leads,
  'emails-on-a-day': Math.max(0, ...report.emailsPerDay.map((it) => it.together)),
  'days-over-quota': report.daysOverQuota,
  'dead-letters': report.deadLetters,
  'usd-per-lead': report.costPerLead,
  qualified: report.qualified,
};
let broken = 0;
for (const bound of bounds) {
  const [, name, sign, limit] = /^([a-z-]+)(<=|>=)([\d.]+)$/.exec(bound) ?? [];
  const value = figures[name];
  if (typeof value !== 'number') {
    console.error(`"${bound}" is no bound; there are: ${Object.keys(figures).join(', ')}, with <= or >= and a number`);
    process.exit(2);
  }
  const holds = sign === '<=' ? value <= Number(limit) : value >= Number(limit);
  console.log(`${holds ? 'ok' : 'OUT OF BOUNDS'}  ${name} is ${Math.round(value * 10_000) / 10_000}, wanted ${sign} ${limit}`);
  if (!holds) broken++;
}
process.exit(broken > 0 ? 1 : 0);
