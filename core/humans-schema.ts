import * as z from 'zod';
import { durationRule, parseDuration } from './duration.ts';
import { decoyPath, defaultHumanRules, type HumanRules, type MachineReason, machineReasons } from './humans.ts';
import type { Report, YamlPath } from './problems.ts';

const Several = (what: string) =>
  z
    .strictObject({ 'at-least': z.number().int().min(2).max(100), within: z.string().describe('e.g. 10 seconds') })
    .optional()
    .describe(what);

export const HumansShape = z.strictObject({
  'machine-from': z.number().min(0.5).max(0.99).optional().describe('How sure it must be that no person did it, 0.5 to 0.99; else 0.7'),
  'after-delivery': z.string().optional().describe('A click so soon after the delivery is suspicious; else 5 seconds'),
  'links-at-once': Several('So many different links of one mail within so long are suspicious; else 3 within 10 seconds'),
  burst: Several('So many clicks within so long are suspicious; else 6 within 1 minute'),
  'image-proxies': z
    .enum(['count', 'ignore'])
    .optional()
    .describe('Opens through Gmail’s and Yahoo’s picture proxies: most often a person; else count'),
  'ignore-signs': z
    .array(z.enum(Object.keys(machineReasons) as [MachineReason, ...MachineReason[]]))
    .optional()
    .describe('Signs that say nothing here, e.g. no-agent where all leads sit behind a proxy that takes the name away'),
  'decoy-link': z.boolean().optional().describe('A link in every mail that no reader sees; who follows it is a machine; else false'),
});

/** `decoy` is a path as long as nobody knows the brand's host. */
export const readHumans = (data: z.output<typeof HumansShape> | undefined, path: YamlPath, report: Report): HumanRules => {
  const seconds = (text: string | undefined, at: YamlPath, otherwise: number): number => {
    if (text === undefined) return otherwise;
    const duration = parseDuration(text);
    if (!duration)
      report(at, { code: 'not-understood', what: `"${String(at.at(-1))}" is not understood`, got: text, allowed: durationRule });
    return duration?.seconds ?? otherwise;
  };
  const several = (key: 'links-at-once' | 'burst', otherwise: HumanRules['burst']): HumanRules['burst'] => ({
    atLeast: data?.[key]?.['at-least'] ?? otherwise.atLeast,
    withinSeconds: seconds(data?.[key]?.within, [...path, key, 'within'], otherwise.withinSeconds),
  });
  return {
    machineFrom: data?.['machine-from'] ?? defaultHumanRules.machineFrom,
    secondsAfterDelivery: seconds(data?.['after-delivery'], [...path, 'after-delivery'], defaultHumanRules.secondsAfterDelivery),
    linksAtOnce: several('links-at-once', defaultHumanRules.linksAtOnce),
    burst: several('burst', defaultHumanRules.burst),
    imageProxy: data?.['image-proxies'] ?? defaultHumanRules.imageProxy,
    ...(data?.['ignore-signs'] && { ignoreSigns: data['ignore-signs'] }),
    ...(data?.['decoy-link'] && { decoy: decoyPath }),
  };
};

export const withDecoyAt = (humans: HumanRules, links: string): HumanRules =>
  humans.decoy === undefined ? humans : { ...humans, decoy: `${links}${decoyPath}` };
