import type { Artifact, CompiledSequence } from '#core/sequences/model';
import type { Journal } from './journal.ts';

/** What deployments left behind: every version that leads may be on, and those that take new leads. */
export const openDeployed = (journal: Journal, compiled: readonly CompiledSequence[]) => {
  const kept = journal.map<Artifact>('artifacts');
  const every: Artifact[] = [];
  const current: Artifact[] = [];
  const replace = (next: readonly CompiledSequence[]): void => {
    const key = ({ sequence, version }: Artifact): string => `${sequence}@${version}`;
    for (const { artifact } of next) if (!kept.get(key(artifact))) kept.set(key(artifact), artifact);
    every.splice(0, every.length, ...[...kept.entries()].map(([, it]) => it));
    current.splice(0, current.length, ...next.map((it) => it.artifact));
  };
  replace(compiled);
  return { artifacts: { every, current } as const, replace };
};
