import { parseCondition } from '#core/condition-schema';
import { didYouMean } from '#core/did-you-mean';
import type { YamlPath } from '#core/problems';
import type { Step } from '#core/sequences/model';
import { armsOf } from '#core/sequences/plan';
import { kinds } from './registry.ts';
import { idRule, isStepId, type Named, type Reading, type StepContext } from './step-kind.ts';

export type { StepContext } from './step-kind.ts';

/** Reads `steps:` of a sequence. Everything wrong is reported; what cannot be read is left out of the result. */
export const parseSteps = (raw: unknown, path: YamlPath, context: StepContext): readonly Step[] => {
  const names = new Set<string>();
  const former = new Set<string>();
  const reading: Reading = { ...context, readSteps: (nested, at) => readList(nested, at, reading, names, former) };
  return reading.readSteps(raw, path);
};

const readList = (raw: unknown, path: YamlPath, reading: Reading, names: Set<string>, former: Set<string>): readonly Step[] => {
  if (!Array.isArray(raw) || raw.length === 0) {
    const what = Array.isArray(raw) ? 'this list of steps is empty' : 'this is not a list of steps';
    reading.report(path, { code: 'no-steps', what, allowed: 'one line for each step: - name: { email: welcome }' });
    return [];
  }
  const read = raw.map((it: unknown, index) => ({ step: readEntry(it, [...path, index], reading, names, former), index }));
  reportUnreachable(read, path, reading);
  return read.flatMap(({ step }) => step ?? []);
};

const readEntry = (raw: unknown, path: YamlPath, reading: Reading, names: Set<string>, former: Set<string>): Step | undefined => {
  const entries = isMap(raw) ? Object.entries(raw) : [];
  const [entry] = entries;
  if (!entry || entries.length > 1) {
    const got = entries.map(([key]) => key).join(', ');
    reading.report(path, {
      code: 'not-one-step',
      what: 'every entry of a list of steps is one step with its name',
      ...(got && { got }),
      allowed: '- name: { email: welcome }',
    });
    return undefined;
  }
  const [name, content] = entry;
  const at = [...path, name];
  reportName(name, at, reading, names);
  return readStep(name, content, at, reading, former);
};

const readStep = (id: string, raw: unknown, path: YamlPath, reading: Reading, former: Set<string>): Step | undefined => {
  const kind = isMap(raw) ? kindOf(raw, path, reading) : undefined;
  if (!isMap(raw)) {
    reading.report(path, {
      code: 'no-step-kind',
      what: `step "${id}" does not say what to do`,
      ...(typeof raw === 'string' && { got: raw, ...inBraces(id, raw) }),
      allowed: kindNames.join(', '),
    });
  }
  if (!kind || !isMap(raw)) return undefined;
  const was = typeof raw.was === 'string' ? raw.was : undefined;
  if (was !== undefined) reportFormer(was, id, path, reading, former);
  const asked = raw['only-if'];
  const onlyIf = asked === undefined ? undefined : parseCondition(asked, [...path, 'only-if'], reading.report);
  const named: Named = { id, ...(was !== undefined && { was }), ...(onlyIf && { onlyIf }) };
  return kinds[kind].read(raw, named, path, reading);
};

/** `settle: wait 2 days`. */
const inBraces = (id: string, text: string): { readonly hint?: string } => {
  const [word = '', ...rest] = text.trim().split(/:?\s+/);
  return rest.length > 0 && kindNames.includes(word as Step['kind']) ? { hint: `write it as ${id}: { ${word}: ${rest.join(' ')} }` } : {};
};

const kindNames = Object.values(kinds).map((it) => it.kind);

const kindOf = (raw: object, path: YamlPath, { report }: Reading): Step['kind'] | undefined => {
  const keys = Object.keys(raw);
  const found = kindNames.filter((kind) => keys.includes(kind));
  const [kind] = found;
  if (found.length === 1) return kind;
  if (kind) {
    report(path, {
      code: 'two-step-kinds',
      what: 'a step does one thing',
      got: found.join(', '),
      allowed: 'one kind, and another step for the other',
    });
    return undefined;
  }
  const guess = keys.flatMap((key) => didYouMean(key, kindNames) ?? [])[0];
  const [odd] = keys.filter((key) => key !== 'was' && key !== 'only-if');
  report(odd === undefined ? path : [...path, odd], {
    code: odd === undefined ? 'no-step-kind' : 'unknown-step-kind',
    what: odd === undefined ? 'this step does not say what to do' : `there is no step kind "${odd}"`,
    ...(odd !== undefined && { got: odd, at: 'key' }),
    allowed: kindNames.join(', '),
    ...(guess !== undefined && { hint: `did you mean "${guess}"?` }),
  });
  return undefined;
};

const reportName = (name: string, path: YamlPath, { report }: Reading, names: Set<string>) => {
  if (!isStepId(name)) report(path, { code: 'bad-id', what: 'this is not a name for a step', got: name, allowed: idRule, at: 'key' });
  if (names.has(name)) {
    report(path, {
      code: 'duplicate-step',
      what: `there are two steps "${name}" in this sequence`,
      got: name,
      allowed: 'a name of its own for every step, in all arms together',
      at: 'key',
    });
  }
  names.add(name);
};

const reportFormer = (was: string, id: string, path: YamlPath, { report }: Reading, former: Set<string>) => {
  if (was === id) report([...path, 'was'], { code: 'was-itself', what: `step "${id}" cannot have been itself`, got: was });
  else if (former.has(was)) report([...path, 'was'], { code: 'duplicate-was', what: `two steps say that they were "${was}"`, got: was });
  former.add(was);
};

/** After a step that lets nobody through, nothing is reached. */
const reportUnreachable = (read: readonly { step: Step | undefined; index: number }[], path: YamlPath, { report }: Reading) => {
  const last = read.find(({ step }) => step && letsNobodyThrough(step));
  const lost = last && read[last.index + 1];
  if (!last?.step || !lost) return;
  report([...path, lost.index], {
    code: 'unreachable-step',
    what: `nothing after "${last.step.id}" is ever reached`,
    allowed: 'no steps after an exit, or after a step whose arms all end in one',
  });
};

const letsNobodyThrough = (step: Step): boolean => {
  if (step.onlyIf) return false;
  if (step.kind === 'exit') return true;
  const arms = armsOf(step);
  return arms.length > 0 && arms.every((arm) => arm.some(letsNobodyThrough));
};

const isMap = (raw: unknown): raw is Record<string, unknown> => typeof raw === 'object' && raw !== null && !Array.isArray(raw);
