import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LiveConfig } from '#core/config';
import type { Problem, Report, YamlPath } from '#core/problems';
import type { SequenceTest } from '#core/sequence-tests/model';
import { readTest, TestShape } from '#core/sequence-tests/schema';
import type { Sequence } from '#core/sequences/model';
import { readYaml, type YamlSource } from '#core/yaml-source';
import { reportIssues } from '#core/zod-report';

/** `placeAt`: where in the file a path of that test is. */
export type LoadedTest = {
  readonly sequence: string;
  readonly file: string;
  readonly test: SequenceTest;
  readonly placeAt: YamlSource['placeAt'];
};

/** sequences/<id>/tests/*.yaml of these sequences: one test a file, or a list of them. What is wrong goes to `problems`. */
export const loadTests = async (
  dir: string,
  sequences: readonly Sequence[],
  live: LiveConfig,
  problems: Problem[],
): Promise<readonly LoadedTest[]> => {
  const all = await Promise.all(
    sequences.map(async (sequence) => {
      const folder = `sequences/${sequence.id}/tests`;
      const names = (await readdir(join(dir, folder)).catch(() => [])).filter((it) => it.endsWith('.yaml')).sort();
      const files = await Promise.all(
        names.map(async (name) => ({ file: `${folder}/${name}`, text: await readFile(join(dir, folder, name), 'utf8') })),
      );
      return files.flatMap(({ file, text }) => readFileOf(file, text, sequence, live, problems));
    }),
  );
  return all.flat();
};

const readFileOf = (
  file: string,
  text: string,
  sequence: Sequence,
  { brand, sales }: LiveConfig,
  problems: Problem[],
): readonly LoadedTest[] => {
  const source = readYaml(file, text, problems);
  if (source.data === undefined) return [];
  const list = Array.isArray(source.data) ? source.data : [source.data ?? {}];
  return list.flatMap((raw: unknown, at) => {
    const whole = (path: YamlPath): YamlPath => (Array.isArray(source.data) ? [at, ...path] : path);
    const report: Report = (path, problem) => source.report(whole(path), problem);
    const parsed = TestShape.safeParse(raw, { reportInput: true });
    if (!parsed.success) {
      reportIssues(parsed.error, [], report, TestShape);
      return [];
    }
    const test = readTest(parsed.data, { sequence, brand, sales, report });
    return test ? [{ sequence: sequence.id, file, test, placeAt: (path) => source.placeAt(whole(path)) }] : [];
  });
};
