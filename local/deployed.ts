import type { LiveConfig } from '#core/config';
import type { Artifact, CompiledSequence } from '#core/sequences/model';
import type { Journal } from './journal.ts';

/** What deployments left behind: every version that leads may be on, and those that take new leads. */
export const openDeployed = (journal: Journal, compiled: readonly CompiledSequence[], live: LiveConfig) => {
  const { kept, inForce, rules } = mapsOf(journal);
  const every: Artifact[] = [];
  const current: Artifact[] = [];
  const replace = (next: readonly CompiledSequence[]): void => {
    for (const { artifact } of next) if (!kept.get(keyOf(artifact))) kept.set(keyOf(artifact), artifact);
    every.splice(0, every.length, ...[...kept.entries()].map(([, it]) => it));
    current.splice(0, current.length, ...next.map((it) => it.artifact));
    setIfOther(inForce, 'now', current.map(keyOf));
  };
  replace(compiled);
  setIfOther(rules, 'now', live);
  return { artifacts: { every, current } as const, replace };
};

/** The same, read from what a stopped world left behind; undefined: nothing was ever deployed there. */
export const readDeployed = (journal: Journal) => {
  const { kept, inForce, rules } = mapsOf(journal);
  const live = rules.get('now');
  return (
    live && {
      every: [...kept.entries()].map(([, it]) => it),
      current: (inForce.get('now') ?? []).flatMap((it) => kept.get(it) ?? []),
      live,
    }
  );
};

const mapsOf = (journal: Journal) => ({
  kept: journal.map<Artifact>('artifacts'),
  inForce: journal.map<readonly string[]>('in-force'),
  rules: journal.map<LiveConfig>('rules'),
});
const keyOf = ({ sequence, version }: Artifact): string => `${sequence}@${version}`;

const setIfOther = <T>(map: { get(key: string): T | undefined; set(key: string, value: T): void }, key: string, value: T): void => {
  if (JSON.stringify(map.get(key)) !== JSON.stringify(value)) map.set(key, value);
};
