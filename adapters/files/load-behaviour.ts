import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Behaviour } from '#core/behaviour/model';
import { BehaviourShape, readBehaviour } from '#core/behaviour/schema';
import type { Sales } from '#core/config';
import type { Problem } from '#core/problems';
import { readYaml } from '#core/yaml-source';
import { reportIssues } from '#core/zod-report';

/** marketing/behaviour.yaml; undefined: there is none, or it is wrong, which `problems` then say. `sales`: of the same folder. */
export const loadBehaviour = async (
  dir: string,
  problems: Problem[],
  sales?: Pick<Sales, 'team' | 'answers'>,
): Promise<Behaviour | undefined> => {
  const text = await readFile(join(dir, 'behaviour.yaml'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const source = readYaml('behaviour.yaml', text, problems);
  const before = problems.length;
  const parsed = BehaviourShape.safeParse(source.data ?? {}, { reportInput: true });
  if (!parsed.success) {
    if (source.data !== undefined) reportIssues(parsed.error, [], source.report, BehaviourShape);
    return undefined;
  }
  const behaviour = readBehaviour(parsed.data, source.report, sales);
  return problems.length === before ? behaviour : undefined;
};
