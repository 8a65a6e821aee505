import type { LiveConfig } from '#core/config';
import { triggersOf } from '#core/sequences/enter';
import type { Artifact, Inside } from '#core/sequences/model';
import { type ContentKept, contentOf } from '#core/sequences/newest-content';
import { type ConfigChanges, configChangesOf } from './config-changes.ts';
import { changesOf, type SequenceChanges } from './sequence-changes.ts';
import { wayInWords } from './settings.ts';

/** What is deployed, or was at a git ref; and what would be. */
export type Side = { readonly artifacts: readonly Artifact[]; readonly live: LiveConfig };

/** Leads in a sequence, by version and by the step they wait at. */
export type RunCounts = { readonly [sequence: string]: { readonly [version: string]: { readonly [step: string]: number } } };

/** Where leads stand who have not come to a step that waits. */
export const underWay = '(under way)';

/** Words of the planned version that would reach leads of this one, or not, by step. */
export type Reach = { readonly step: string; readonly kept?: ContentKept };
export type VersionPlan = {
  readonly version: string;
  readonly leads: number;
  readonly steps: { readonly [step: string]: number };
  readonly reaches: readonly Reach[];
};
export type SequencePlan = SequenceChanges & {
  readonly sequence: string;
  /** Absent: it is new. */
  readonly before?: string;
  /** Absent: it retires. */
  readonly after?: string;
  /** Every way in, in words. */
  readonly enters?: readonly string[];
  /** It is switched on or off by this, for leads on every version. */
  readonly switched?: 'on' | Inside;
  /** Whoever is in it leaves soon after the deployment: it is off with `inside: exit`. */
  readonly leave?: true;
  /** Versions with leads in them, and the one in force. */
  readonly versions: readonly VersionPlan[];
};
export type DeploymentPlan = { readonly sequences: readonly SequencePlan[]; readonly config: ConfigChanges };

type Asked = {
  readonly before: Side;
  readonly after: Side;
  readonly counts: RunCounts;
  /** Older versions that leads are on. */
  readonly find: (sequence: string, version: string) => Artifact | undefined;
};

/** What deploying `after` over `before` changes, and for whom. Pure. */
export const planOf = ({ before, after, counts, find }: Asked): DeploymentPlan => {
  const [was, is] = [bySequence(before), bySequence(after)];
  const ids = [...new Set([...was.keys(), ...is.keys(), ...Object.keys(counts)])].sort();
  const sequences = ids.map((sequence): SequencePlan => {
    const [one, other] = [was.get(sequence), is.get(sequence)];
    const versions = Object.keys(counts[sequence] ?? {});
    const shown = one && !versions.includes(one.version) ? [one.version, ...versions] : versions;
    return {
      sequence,
      ...(one || other ? changesOf(one, other) : { is: 'retired' as const, settings: [], steps: [] }),
      ...(one && { before: one.version }),
      ...(other && { after: other.version, enters: triggersOf(other.enter).map(wayInWords) }),
      ...(after.live.brand.off?.[sequence] === 'exit' && { leave: true as const }),
      ...switchedOf(before.live.brand.off?.[sequence], other && after.live.brand.off?.[sequence]),
      versions: shown.map((version) => {
        const steps = counts[sequence]?.[version] ?? {};
        const own = version === one?.version ? one : version === other?.version ? other : find(sequence, version);
        const leads = Object.values(steps).reduce((sum, it) => sum + it, 0);
        return { version, leads, steps, reaches: own && other ? reachesOf(own, other) : [] };
      }),
    };
  });
  return { sequences, config: configChangesOf(before.live, after.live) };
};

const switchedOf = (was: Inside | undefined, is: Inside | undefined): Pick<SequencePlan, 'switched'> =>
  was === is ? {} : { switched: is ?? 'on' };

const bySequence = ({ artifacts }: Side) => new Map(artifacts.map((it) => [it.sequence, it]));

/** By step of the older version: words that the newest publishes, and whether they reach who is on the older one. */
export const reachesOf = (own: Artifact, newest: Artifact): readonly Reach[] =>
  Object.keys(own.emails).flatMap((step): readonly Reach[] => {
    const words = contentOf(own, step, newest);
    if (words.from === 'own') return [];
    return [{ step, ...(words.from === 'kept' && { kept: words.because }) }];
  });
