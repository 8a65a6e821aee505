import type { Report } from '#core/problems';
import { located } from '#core/sequences/located';
import type { Artifact, Sequence } from '#core/sequences/model';
import { contentKept } from '#core/sequences/newest-content';
import { reachesOf } from './plan.ts';

type Sides = {
  readonly before: readonly Artifact[];
  readonly after: readonly { readonly sequence: Sequence; readonly compiled: { readonly artifact: Artifact } }[];
  readonly reporterFor: (file: string) => Report;
};

/** Warns where `content: latest` promises new words to leads in flight and a change beside them keeps them away. Pure but for the reports. */
export const checkReach = ({ before, after, reporterFor }: Sides): void => {
  const was = new Map(before.map((it) => [it.sequence, it]));
  for (const { sequence, compiled } of after) {
    const older = was.get(sequence.id);
    if (!older) continue;
    const report = reporterFor(`sequences/${sequence.id}/sequence.yaml`);
    for (const { step, kept } of reachesOf(older, compiled.artifact)) {
      if (kept === undefined) continue;
      const path = located(sequence.steps).find((it) => it.step.id === step || it.step.was === step)?.path ?? ['steps'];
      report(path, {
        severity: 'warning',
        code: 'words-do-not-reach',
        what: `content: latest does not reach leads in flight with “${step}”: this version ${contentKept[kept]}`,
        hint: 'they get it in the words of the version they entered; to reach them, publish the words first, and what else changes in a deployment of its own',
        at: 'key',
      });
    }
  }
};
