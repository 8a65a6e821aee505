import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { loadBehaviour } from '#adapters/files/load-behaviour';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { problemsInWords } from '#cli/problems-text';
import { type Behaviour, usualBehaviour } from '#core/behaviour/model';
import { meantHint } from '#core/did-you-mean';
import { type Mapping, mappingNamed } from '#core/imports/mapping';
import type { Problem } from '#core/problems';
import { diagramOf } from '#core/sequences/diagram';
import { readYaml } from '#core/yaml-source';
import { reportIssues } from '#core/zod-report';
import { demoStart } from '#local/demo';
import { blockSize, type Plan, type Version } from '#local/simulate/plan';
import { PopulationShape, type PopulationSpec } from '#local/simulate/population';
import { readRecorded } from '#local/simulate/replay';

export type PlanOptions = {
  readonly leads?: string;
  readonly population?: string;
  readonly days: number;
  readonly seed: string;
  readonly start?: string;
  readonly over: number;
  readonly list?: string;
  readonly map?: string;
  readonly replay?: string;
  readonly sample?: number;
};

export type LoadedVersion = { readonly version: Version; readonly behaviour: Behaviour | undefined };

/** A marketing folder, compiled; or what is wrong with it. */
export const loadVersion = async (dir: string): Promise<LoadedVersion | { readonly problems: readonly Problem[] }> => {
  const marketing = await loadMarketing(dir);
  const found: Problem[] = [];
  const behaviour = await loadBehaviour(dir, found, marketing.live?.sales);
  const { compiled, live, problems } = await compileMarketing(marketing);
  const errors = [...problems, ...found].filter((it) => it.severity === 'error');
  if (errors.length > 0 || !live) return { problems: errors };
  const version = {
    compiled: compiled.map((it) => it.compiled),
    live,
    diagrams: compiled.map((it) => diagramOf(it.sequence)),
  };
  return { version, behaviour };
};

const usualCount = 1000;

/** `rows`: of the list. */
export const planOf = async ({ version, behaviour }: LoadedVersion, options: PlanOptions, rows: number | undefined): Promise<Plan> => {
  const mapping = mappingOf(options.map, version);
  const population = rows === undefined ? await populationOf(options.population) : undefined;
  return {
    seed: options.seed,
    startAt: startOf(options.start, version),
    days: options.days,
    list: options.list ?? mapping?.list ?? listOf(version),
    ...(mapping && { mapping }),
    overDays: options.over,
    leads: rows ?? population?.count ?? usualCount,
    ...(options.sample !== undefined && { sample: options.sample }),
    blockSize,
    behaviour: behaviourOf(behaviour, version),
    pauses: [],
    ...(population && { population }),
    ...(options.replay !== undefined && { recorded: await recordedIn(options.replay) }),
  };
};

const mappingOf = (name: string | undefined, { live }: Version): Mapping | undefined => {
  if (name === undefined) return undefined;
  const mapping = mappingNamed(live, name);
  if (mapping) return mapping;
  const { hint } = meantHint(name, Object.keys(live.imports ?? {}));
  throw new Error(`--map ${name}: there is no imports/${name}.yaml in the marketing folder${hint === undefined ? '' : `; ${hint}`}`);
};

const recordedIn = async (file: string) => {
  if (!existsSync(file)) throw new Error(`--replay: there is no file ${file}`);
  return readRecorded(createInterface({ input: createReadStream(file) }));
};

const behaviourOf = (given: Behaviour | undefined, version: Version): Behaviour => {
  const usual = usualBehaviour(entriesOf(version));
  return given ? { ...given, personas: given.personas.length > 0 ? given.personas : usual.personas } : usual;
};

/** The first day of a warm-up, if there is one: its days are what a rehearsal is for. */
const startOf = (start: string | undefined, { live }: Version): string => {
  const day = start ?? live.brand.warmUp?.start ?? demoStart.slice(0, 10);
  const at = `${day}T09:00:00.000Z`;
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(at))) throw new Error(`--start is a day such as 2026-03-02, not ${day}`);
  return at;
};

const listOf = ({ compiled }: Version): string =>
  compiled.flatMap(({ artifact: { enter } }) => ('imported' in enter.on ? [enter.on.imported] : []))[0] ?? 'simulated';

const entriesOf = ({ compiled }: Version): readonly string[] => [
  ...new Set(compiled.flatMap(({ artifact: { enter } }) => ('event' in enter.on ? [enter.on.event] : []))),
];

/** `100000`, or a file. */
const populationOf = async (spec: string | undefined): Promise<PopulationSpec> => {
  if (spec === undefined) return { count: usualCount };
  const text = spec.replaceAll(/[_,](?=\d{3}\b)/g, '');
  if (!/^\d+$/.test(text)) return readPopulation(spec, await readSpec(spec));
  const read = PopulationShape.safeParse({ count: Number(text) });
  if (!read.success) throw new Error(`--population ${spec}: ${z.prettifyError(read.error)}`);
  return read.data;
};

/** What is wrong in it is thrown in words, with its lines. */
const readPopulation = (file: string, text: string): PopulationSpec => {
  const problems: Problem[] = [];
  const source = readYaml(basename(file), text, problems);
  const read = PopulationShape.safeParse(source.data ?? {}, { reportInput: true });
  if (!read.success && problems.length === 0) reportIssues(read.error, [], source.report, PopulationShape);
  if (!read.success || problems.length > 0) throw new Error(`--population:\n${problemsInWords(problems, dirname(file))}`);
  return read.data;
};

const readSpec = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch(() => {
    throw new Error(`--population is a number of leads or a YAML file; there is no file ${file}`);
  });
