// Fails when the demo's figures break a promise; prints those that matter.
import { readFileSync } from 'node:fs';

const demo = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const mustBeZero = ['duplicateSends', 'sendsAfterStop', 'unknownSends', 'emailsOutsideWindow', 'transitionsOverBudget'];
const mustBeSome = ['leads', 'enrolments', 'emailsSent', 'qualified', 'salesTasks', 'transitions'];
const broken = [
  ...mustBeZero.filter((name) => demo[name] !== 0),
  ...mustBeSome.filter((name) => !(demo[name] > 0)),
  ...(demo.transitionsPerEmailStep <= 2 ? [] : ['transitionsPerEmailStep']),
];
for (const name of [...mustBeSome, ...mustBeZero, 'transitionsPerEmailStep', 'wallSeconds', 'seed']) console.log(`${name}: ${demo[name]}`);
if (broken.length > 0) {
  console.error(`broken promises: ${broken.join(', ')}`);
  process.exit(1);
}
