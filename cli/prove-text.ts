import { type Fault, inWords } from '#local/prove/faults';
import type { Proof } from '#local/prove/prove';
import { type Invariant, invariants, type SeedOutcome } from '#local/prove/run';
import { count } from '#local/report/words';

const mostFaults = 25;

/** A proof for people; `command`: what to run to see a seed again. */
export const proofInWords = (proof: Proof, command: string): string => {
  const injected = Object.values(proof.faults).reduce((sum, it) => sum + it, 0);
  const held = Object.entries(invariants).map(([name, what]) => {
    const broken = proof.violations[name as Invariant];
    return `  ${broken === 0 ? 'held  ' : 'BROKEN'}  ${what}${broken === 0 ? '' : ` (${seedsOf(broken)})`}`;
  });
  return [
    `${seedsOf(proof.seeds)} of your sequences, ${count(proof.leads)} leads: ${count(injected)} faults among ${count(proof.invocations)} calls of functions, ${count(proof.sends)} e-mails, ${count(proof.handoffs)} handoffs.`,
    '',
    ...held,
    ...proof.found.flatMap((it) => ['', ...outcomeInWords(it, command)]),
  ].join('\n');
};

const seedsOf = (seeds: number): string => (seeds === 1 ? '1 seed' : `${count(seeds)} seeds`);

const outcomeInWords = ({ seed, violations, faults }: SeedOutcome, command: string): readonly string[] => [
  `Seed ${seed} (again: ${command} --seed ${seed})`,
  ...violations.map((it) => `  ${invariants[it.invariant]}: ${it.what}`),
  faults.length === 0 ? '  without any fault' : `  after ${faults.length === 1 ? 'this' : `these ${faults.length} faults`}:`,
  ...faults.slice(0, mostFaults).map((it: Fault) => `    ${inWords(it)}`),
  ...(faults.length > mostFaults ? [`    … and ${faults.length - mostFaults} more`] : []),
];
