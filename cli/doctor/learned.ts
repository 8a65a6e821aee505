import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Check } from '#cli/doctor/judge';
import type { Load } from '#cli/doctor/judge-more';

/** What was found when AWS was last asked: no secret, no address of a lead. */
export type Learned = { readonly at: string; readonly checks: readonly Check[] };

const fileOf = (stage: string): string => `.baton/doctor/${stage}.json`;

export const keep = async (stage: string, learned: Learned): Promise<void> => {
  await mkdir(dirname(fileOf(stage)), { recursive: true });
  await writeFile(fileOf(stage), `${JSON.stringify(learned, undefined, 2)}\n`);
};

export const recall = async (stage: string): Promise<Learned | undefined> => {
  const text = await readFile(fileOf(stage), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Learned);
};

const Report = z.object({
  enrolments: z.number(),
  emailsPerDay: z.array(z.object({ date: z.string(), together: z.number() })).min(1),
});

/** Of a file that `baton simulate --json` wrote, with `--against` or without. */
export const readLoad = async (file: string): Promise<Load> => {
  const data = JSON.parse(await readFile(file, 'utf8')) as { after?: unknown };
  const read = Report.safeParse(data.after ?? data);
  if (!read.success) throw new Error(`${file} is no report of baton simulate --json: ${z.prettifyError(read.error)}`);
  const { emailsPerDay, enrolments } = read.data;
  const peak = emailsPerDay.reduce((most, it) => (it.together > most.together ? it : most));
  return { peakEmails: peak.together, peakDate: peak.date, enrolments };
};
