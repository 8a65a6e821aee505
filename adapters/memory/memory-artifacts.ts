import { permanentError } from '#core/errors';
import type { Artifacts } from '#core/ports';
import type { Artifact } from '#core/sequences/model';

/** `all`: every version; `current`: those that take new leads (all, when not given). Both lists may grow later. */
export const memoryArtifacts = (all: readonly Artifact[], current: () => readonly Artifact[] = () => all): Artifacts => {
  const byVersion = new Map<string, Artifact>();
  return {
    get: async (sequence, version) => {
      if (byVersion.size !== all.length) for (const it of all) byVersion.set(`${it.sequence}@${it.version}`, it);
      const artifact = byVersion.get(`${sequence}@${version}`);
      if (!artifact) throw permanentError(`there is no artifact of ${sequence} at version ${version}`);
      return artifact;
    },
    current: async () => current(),
    newest: async (sequence) => current().findLast((it) => it.sequence === sequence),
  };
};
