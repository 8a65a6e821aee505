import { drawsOf } from '#core/behaviour/draws';
import { partOf } from './part.ts';
import { type Block, blocksOf, type Plan, type Version } from './plan.ts';

type Cut = Pick<Plan, 'seed' | 'leads' | 'blockSize' | 'sample'>;

/** Margins come from how groups of blocks differ: of fewer than so many blocks they would say nothing. */
export const fewestBlocks = 5;

/** All blocks; those of the sample where there is one, numbered as they are run, each with its place among all leads. */
export const chosenBlocks = (plan: Cut): readonly Block[] =>
  (placesOf(plan) ?? Array.from({ length: blocksOf(plan) }, (_, at) => at)).map((place, index) => {
    const from = place * plan.blockSize;
    return { index, from, size: Math.min(plan.blockSize, plan.leads - from) };
  });

export const leadsOf = (blocks: readonly Block[]): number => blocks.reduce((sum, it) => sum + it.size, 0);

/** Whether blocks are left out; else a sample is the whole. */
export const isSample = (plan: Cut): boolean => plan.sample !== undefined && wantedOf(plan, plan.sample) < blocksOf(plan);

/** For how many leads each that is run stands. */
export const scaleOf = (plan: Cut): number => plan.leads / leadsOf(chosenBlocks(plan));

const wantedOf = ({ blockSize }: Cut, sample: number): number => Math.ceil(sample / blockSize);

/**
 * The ring of all blocks, cut into stretches from a drawn start; one block of each, drawn. So each block is as likely as any other, they
 * are spread over all, and nothing that comes back every so many blocks (a share of a day's ceiling) can keep step with them.
 */
const placesOf = (plan: Cut): readonly number[] | undefined => {
  if (plan.sample === undefined || !isSample(plan)) return undefined;
  const [all, wanted] = [blocksOf(plan), wantedOf(plan, plan.sample)];
  const draw = drawsOf(plan.seed);
  const start = Math.floor(draw('sample', 'start') * all);
  return Array.from({ length: wanted }, (_, at) => {
    const [from, upTo] = [Math.floor((at * all) / wanted), Math.floor(((at + 1) * all) / wanted)];
    return (start + from + Math.floor(draw('sample', String(at)) * (upTo - from))) % all;
  }).sort((one, other) => one - other);
};

/** Of a day's ceiling, what is due to the blocks that are run: all of it, where all are. */
export const sharesOf = (plan: Plan, version: Version): ((on: string, most: number, of?: 'mails' | 'tasks') => number) => {
  const parts = chosenBlocks(plan).map((it) => partOf(plan, version, it));
  return (on, most, of) => parts.reduce((sum, it) => sum + it.shareOf(on, most, of), 0);
};
