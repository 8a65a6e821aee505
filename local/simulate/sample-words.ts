import { count, counted } from '#local/report/words';
import { fewestBlocks } from './sample.ts';

type Told = { readonly sampled?: number; readonly leads: number; readonly sampledBlocks?: number; readonly blocks?: number };

/** `5,000 of 1,000,000 leads`; undefined: it is no sample. */
export const sampleTitle = ({ sampled, leads, sampledBlocks = 0, blocks = 0 }: Told): string | undefined =>
  sampled === undefined
    ? undefined
    : `${count(sampled)} of ${count(leads)} leads were run (${count(sampledBlocks)} of ${count(blocks)} blocks)`;

/** How to read the figures of a sample. */
export const sampleSentences = ({ sampled = 0, leads, sampledBlocks = 0, blocks = 0 }: Told): readonly string[] => {
  const each = Math.round((leads / Math.max(1, sampled)) * 10) / 10;
  const scaled = `Counts and dollars are scaled to all leads: each of the sample stands for ${count(each)}.`;
  return sampledBlocks < fewestBlocks
    ? [
        `${scaled} ${counted(sampledBlocks, 'block')} of ${count(Math.round(sampled / Math.max(1, sampledBlocks)))} are too few to say how far off that may be, so all is marked ≈; ${fewestBlocks <= blocks ? `--sample ${fewestBlocks * 500} or more has margins` : 'leave --sample out'}.`,
      ]
    : [`${scaled} Behind ± is the margin: in 19 of 20 cases a rehearsal of all leads comes out within it. What has no margin is marked ≈.`];
};

/** `5 days`, or from how many to how many they may be. */
export const daysText = (days: number, between: readonly [number, number] | undefined): string =>
  between === undefined
    ? counted(days, 'day')
    : between[0] === between[1]
      ? counted(between[0], 'day')
      : `${between[0]} to ${counted(between[1], 'day')}`;
