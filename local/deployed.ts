import { machineVersions } from '#adapters/aws/machine-versions';
import { permanentError } from '#core/errors';
import { currentKey, machineVersionKey } from '#core/object-keys';
import type { Artifact, CompiledSequence } from '#core/sequences/model';
import type { Journal } from './journal.ts';

/** What a deployment leaves behind: every version that leads may be on, those that take new leads, and what runs each of them. */
export const openDeployed = (journal: Journal, compiled: readonly CompiledSequence[]) => {
  const kept = journal.map<Artifact>('artifacts');
  const arns = journal.map<string>('machine-versions');
  const every: Artifact[] = [];
  const current: Artifact[] = [];
  const replace = (next: readonly CompiledSequence[]): void => {
    for (const { artifact } of next) if (!kept.get(keyOf(artifact))) kept.set(keyOf(artifact), artifact);
    every.splice(0, every.length, ...[...kept.entries()].map(([, it]) => it));
    current.splice(0, current.length, ...next.map((it) => it.artifact));
  };
  replace(compiled);
  const machines = (): [Artifact, string][] => every.flatMap((it) => pair(it, arns.get(keyOf(it))));
  let read = async (key: string): Promise<string> => {
    if (key === currentKey) return JSON.stringify(current);
    const [, machine] = machines().find(([of]) => machineVersionKey(of.sequence, of.version) === key) ?? [];
    if (machine === undefined) throw permanentError(`there is no object ${key}`);
    return JSON.stringify({ machine });
  };
  return {
    artifacts: { every, current } as const,
    replace,
    published: (of: Artifact, arn: string): void => arns.set(keyOf(of), arn),
    machines,
    machineOf: machineVersions(
      (key) => read(key),
      (sequence) => sequence,
    ),
    /** From now on records are read as on AWS. */
    readBy: (other: typeof read): void => {
      read = other;
    },
  };
};

const keyOf = ({ sequence, version }: Pick<Artifact, 'sequence' | 'version'>): string => `${sequence}@${version}`;
const pair = (of: Artifact, arn: string | undefined): [Artifact, string][] => (arn === undefined ? [] : [[of, arn]]);
