import * as z from 'zod';
import type { Report, YamlPath } from '#core/problems';
import { idRule, isStepId } from './step-kind.ts';

/** Arms as they stand in YAML: a map, whose order counts. */
export const readArms = (
  raw: unknown,
  path: YamlPath,
  report: Report,
): readonly { name: string; raw: unknown; path: YamlPath }[] | undefined => {
  const arms = z.record(z.string(), z.unknown()).safeParse(raw);
  const entries = arms.success ? Object.entries(arms.data) : [];
  if (entries.length < 2) {
    report(path, {
      code: 'too-few-arms',
      what: 'this needs at least two arms',
      allowed: 'a name for each arm, and under it what the arm does',
    });
    return undefined;
  }
  const bad = entries.filter(([name]) => !isStepId(name));
  for (const [name] of bad)
    report([...path, name], { code: 'bad-id', what: 'this is not a name for an arm', got: name, allowed: idRule, at: 'key' });
  return bad.length > 0 ? undefined : entries.map(([name, it]) => ({ name, raw: it, path: [...path, name] }));
};
