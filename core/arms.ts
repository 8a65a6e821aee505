import { fractionOf } from './hash.ts';
import type { Artifact } from './sequences/model.ts';

/** The arm of every split, fixed at enrolment: a hash of lead, sequence and split, so splits are independent of each other. */
export const armsFor = (artifact: Pick<Artifact, 'sequence' | 'splits'>, leadId: string): { readonly [split: string]: string } =>
  Object.fromEntries(
    Object.entries(artifact.splits).map(([split, arms]) => [
      split,
      armAt(arms, fractionOf(`${leadId} ${artifact.sequence} ${split}`) * 100),
    ]),
  );

const armAt = (arms: readonly { readonly name: string; readonly share: number }[], at: number): string => {
  let upTo = 0;
  for (const arm of arms) {
    upTo += arm.share;
    if (at < upTo) return arm.name;
  }
  return arms.at(-1)?.name ?? '';
};
