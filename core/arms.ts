import type { Enrolment } from './enrolment.ts';
import { experimentName, type Winners } from './experiments/rows.ts';
import { fractionOf } from './hash.ts';
import type { Artifact } from './sequences/model.ts';

/**
 * The arm of every split, fixed at enrolment: a hash of lead, sequence and split, so splits are independent of each other; once an arm
 * was published as the winner, that one. Holdouts stay what they are by their hash, so their share stays the same.
 */
export const armsFor = (
  artifact: Pick<Artifact, 'sequence' | 'splits' | 'experiments'>,
  leadId: string,
  winners: Winners = {},
): { readonly [split: string]: string } =>
  Object.fromEntries(
    Object.entries(artifact.splits).map(([split, arms]) => {
      const byChance = armAt(arms, fractionOf(`${leadId} ${artifact.sequence} ${split}`) * 100);
      const isHeldOut = arms.some((it) => it.name === byChance && it.holdout);
      return [split, (!isHeldOut && winnerOf(artifact, split, winners)) || byChance];
    }),
  );

/** The experiments that a run is part of from its beginning. */
export const trialsFor = (artifact: Pick<Artifact, 'experiments'>, winners: Winners): Pick<Enrolment, 'trials'> => {
  const entries = Object.entries(artifact.experiments ?? {}).map(([split, { design }]) => {
    const winner = winnerOf(artifact, split, winners);
    return [split, { design, ...(winner !== undefined && { winner }) }] as const;
  });
  return entries.length > 0 ? { trials: Object.fromEntries(entries) } : {};
};

const winnerOf = ({ experiments }: Pick<Artifact, 'experiments'>, split: string, winners: Winners): string | undefined => {
  const design = experiments?.[split]?.design;
  return design === undefined ? undefined : winners[experimentName({ split, design })];
};

const armAt = (arms: readonly { readonly name: string; readonly share: number }[], at: number): string => {
  let upTo = 0;
  for (const arm of arms) {
    upTo += arm.share;
    if (at < upTo) return arm.name;
  }
  return arms.at(-1)?.name ?? '';
};
