import { createHash } from 'node:crypto';
import type { DurableMap } from '#local/durable-map';
import { compileMachine, type Machine } from './definition.ts';
import type { ExecutionData } from './execution.ts';
import { apiError, refused } from './faults.ts';
import { substitute } from './substitute.ts';

/** A definition as deployed, by the hash of its text: a running execution keeps the one it started with. */
export type DefinitionData = { readonly asl: Record<string, unknown> };

export type Machines = {
  deploy(name: string, asl: Record<string, unknown>, substitutions: Readonly<Record<string, string>>, type: string): void;
  /** Numbers what is deployed now, as a version that stays; the same definition again keeps its number. */
  publish(name: string): number;
  describe(name: string): { definition: string; revisionId: string };
  remove(name: string): void;
  /** The definition that new executions of this machine, or of a published version of it, get. */
  current(name: string, version?: number): { readonly hash: string; readonly machine: Machine } | undefined;
  of(execution: ExecutionData): Machine;
};

/** By `<machine>:<number>`, the hash of its definition. */
export type PublishedVersions = DurableMap<string>;

export const createMachines = (definitions: DurableMap<DefinitionData>, published: PublishedVersions): Machines => {
  const compiled = new Map<string, Machine>();
  const deployed = new Map<string, string>();

  const mustBeDeployed = (name: string): string => {
    const hash = deployed.get(name);
    if (hash === undefined) throw apiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${name}'`);
    return hash;
  };
  const byHash = (hash: string): Machine | undefined => {
    const known = compiled.get(hash);
    if (known) return known;
    const stored = definitions.get(hash);
    if (!stored) return undefined;
    const machine = compileMachine(stored.asl);
    compiled.set(hash, machine);
    return machine;
  };
  return {
    deploy: (name, asl, substitutions, type) => {
      if (!/^[\w-]{1,80}$/.test(name)) throw apiError('InvalidName', `a machine name has 1 to 80 of A-Z a-z 0-9 - _, not ${name}`);
      if (type !== 'STANDARD') throw refused(`machine ${name}: the type ${type} is not supported, only STANDARD`);
      const filled = substitute(asl, substitutions);
      const hash = createHash('sha256').update(JSON.stringify(filled)).digest('base64url');
      if (!byHash(hash)) {
        compiled.set(hash, compileMachine(filled));
        definitions.set(hash, { asl: filled });
      }
      deployed.set(name, hash);
    },
    describe: (name) => {
      const revisionId = mustBeDeployed(name);
      return { definition: JSON.stringify(definitions.get(revisionId)?.asl), revisionId };
    },
    publish: (name) => {
      const hash = mustBeDeployed(name);
      let last = 0;
      while (published.get(`${name}:${last + 1}`) !== undefined) last += 1;
      if (published.get(`${name}:${last}`) === hash) return last;
      published.set(`${name}:${last + 1}`, hash);
      return last + 1;
    },
    remove: (name) => void deployed.delete(name),
    current: (name, version) => {
      const hash = version === undefined ? deployed.get(name) : published.get(`${name}:${version}`);
      const machine = hash === undefined ? undefined : byHash(hash);
      return hash !== undefined && machine ? { hash, machine } : undefined;
    },
    of: (execution) => {
      const machine = byHash(execution.definition);
      if (!machine)
        throw new Error(`the definition of execution ${execution.arn} is not stored: give createStatesRunner durable definitions`);
      return machine;
    },
  };
};
