import { compileRule, type Rule } from './choice.ts';
import { refused } from './faults.ts';
import { compileResultPath, isRecord, mustRead, type Read } from './path.ts';
import { checkParameters, type Resource, resourceOf } from './resources.ts';
import { type Catcher, compileCatchers, compileRetriers, type Retrier } from './retry.ts';
import { compileTemplate, type Template } from './template.ts';
import { wayProblems } from './ways.ts';

/** A machine, compiled once: paths, templates and rules are functions. */
export type Machine = {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  readonly states: ReadonlyMap<string, State>;
};

/** `input` and `output` are InputPath and OutputPath. `next` undefined: the execution ends here. */
type Base = { readonly name: string; readonly input: Read; readonly output: Read };
export type ChoiceState = Base & { readonly kind: 'Choice'; readonly rules: readonly Rule[]; readonly otherwise: string | undefined };
export type SucceedState = Base & { readonly kind: 'Succeed' };
export type FailState = {
  readonly kind: 'Fail';
  readonly name: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
};
/** `resultPath` undefined: the result is dropped, the input goes on. */
type Working = Base & { readonly resultPath: readonly string[] | undefined; readonly next: string | undefined };
export type PassState = Working & { readonly kind: 'Pass'; readonly result: Template };
export type TaskState = Working & {
  readonly kind: 'Task';
  readonly resource: Resource;
  readonly parameters: Template;
  readonly selector: Template | undefined;
  readonly timeout: { readonly seconds: number } | { readonly read: Read };
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
};
export type State = ChoiceState | SucceedState | FailState | PassState | TaskState;

/** AWS's default and greatest TimeoutSeconds. */
export const longestTimeout = 99_999_999;

/** Compiles ASL, or throws InvalidDefinition with every problem by state and field name. */
export const compileMachine = (asl: Record<string, unknown>): Machine => {
  const problems: string[] = [];
  const attempt = <T>(where: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'InvalidDefinition') throw error;
      problems.push(`${where}${error.message}`);
      return undefined;
    }
  };
  attempt('', () => mustOnlyHave(asl, ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'Version', 'QueryLanguage']));
  attempt('', () => mustSpeakJsonPath(asl));
  const timeoutSeconds = attempt('', () => (asl.TimeoutSeconds === undefined ? undefined : secondsOf(asl.TimeoutSeconds)));
  const written = isRecord(asl.States) ? asl.States : {};
  const states = new Map<string, State>();
  for (const [name, state] of Object.entries(written)) {
    const compiled = attempt(`state ${JSON.stringify(name)}: `, () => compileState(name, state));
    if (compiled) states.set(name, compiled);
  }
  const startAt = String(asl.StartAt);
  // What did not compile has unknown targets: look at the ways only once every state is understood.
  if (problems.length === 0) problems.push(...wayProblems(startAt, states));
  if (problems.length > 0) throw refused(problems.join('\n'));
  return { startAt, timeoutSeconds, states };
};

const common = ['Type', 'Comment', 'QueryLanguage', 'InputPath', 'OutputPath'];
const fields: { readonly [type: string]: readonly string[] } = {
  Choice: [...common, 'Choices', 'Default'],
  Succeed: common,
  Fail: ['Type', 'Comment', 'QueryLanguage', 'Error', 'Cause'],
  Pass: [...common, 'Result', 'Parameters', 'ResultPath', 'Next', 'End'],
  Task: [
    ...[...common, 'Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch'],
    ...['TimeoutSeconds', 'TimeoutSecondsPath', 'Next', 'End'],
  ],
};

const compileState = (name: string, state: unknown): State => {
  if (!isRecord(state)) throw refused('must be an object');
  if (name.length === 0 || name.length > 80) throw refused('a state name has 1 to 80 characters');
  const type = String(state.Type);
  const allowed = Object.hasOwn(fields, type) ? fields[type] : undefined;
  if (!allowed) throw refused(`the state type ${type} is not supported; supported: ${Object.keys(fields).join(', ')}`);
  mustOnlyHave(state, allowed);
  mustSpeakJsonPath(state);
  if (type === 'Fail') return { kind: 'Fail', name, error: optionalText(state, 'Error'), cause: optionalText(state, 'Cause') };
  const base = { name, input: dataPath(state, 'InputPath'), output: dataPath(state, 'OutputPath') };
  if (type === 'Succeed') return { kind: 'Succeed', ...base };
  if (type === 'Choice') return compileChoice(base, state);
  const working = { ...base, resultPath: resultPathOf(state), next: nextOf(state) };
  return type === 'Pass' ? compilePass(working, state) : compileTask(working, state);
};

const compileChoice = (base: Base, state: Record<string, unknown>): ChoiceState => {
  if (!Array.isArray(state.Choices) || state.Choices.length === 0) throw refused('Choices must list at least one choice');
  return { kind: 'Choice', ...base, rules: state.Choices.map(compileRule), otherwise: optionalText(state, 'Default') };
};

const compilePass = (working: Working, state: Record<string, unknown>): PassState => {
  const { Result, Parameters } = state;
  if (Result !== undefined && Parameters !== undefined) throw refused('Result and Parameters together are not supported');
  if (Result !== undefined) return { kind: 'Pass', ...working, result: () => Result };
  return { kind: 'Pass', ...working, result: Parameters === undefined ? (data) => data : compileTemplate(Parameters) };
};

const compileTask = (working: Working, state: Record<string, unknown>): TaskState => {
  const resource = resourceOf(state.Resource);
  checkParameters(resource.service, state.Parameters);
  const expressions: string[] = [];
  const parameters = compileTemplate(state.Parameters, (text) => expressions.push(text));
  const namesToken = expressions.some((text) => text.includes('$$.Task.Token'));
  if (namesToken !== resource.isCallback) {
    throw refused(namesToken ? '$$.Task.Token exists only with .waitForTaskToken' : '.waitForTaskToken needs $$.Task.Token in Parameters');
  }
  return {
    kind: 'Task',
    ...working,
    resource,
    parameters,
    selector: state.ResultSelector === undefined ? undefined : compileSelector(state.ResultSelector),
    timeout: timeoutOf(state),
    retriers: compileRetriers(state.Retry),
    catchers: compileCatchers(state.Catch),
  };
};

const compileSelector = (selector: unknown): Template => {
  if (!isRecord(selector)) throw refused('ResultSelector must be an object');
  return compileTemplate(selector);
};

const timeoutOf = (state: Record<string, unknown>): TaskState['timeout'] => {
  const { TimeoutSeconds, TimeoutSecondsPath, InputPath = '$' } = state;
  if (TimeoutSecondsPath === undefined) return { seconds: TimeoutSeconds === undefined ? longestTimeout : secondsOf(TimeoutSeconds) };
  if (TimeoutSeconds !== undefined) throw refused('TimeoutSeconds and TimeoutSecondsPath exclude each other');
  if (typeof TimeoutSecondsPath !== 'string') throw refused('TimeoutSecondsPath must be a path');
  // Which of the two inputs the path reads is not documented; refusing is better than guessing.
  if (InputPath !== '$') throw refused('TimeoutSecondsPath beside an InputPath is not supported');
  return { read: mustRead(TimeoutSecondsPath, 'TimeoutSecondsPath') };
};

const mustOnlyHave = (written: Record<string, unknown>, allowed: readonly string[]) => {
  const unknown = Object.keys(written).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) throw refused(`${unknown.join(', ')} not supported; allowed: ${allowed.join(', ')}`);
};

const mustSpeakJsonPath = ({ QueryLanguage = 'JSONPath' }: Record<string, unknown>) => {
  if (QueryLanguage !== 'JSONPath') throw refused(`the QueryLanguage ${String(QueryLanguage)} is not supported, only JSONPath`);
};

const secondsOf = (value: unknown): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= longestTimeout) return value;
  throw refused(`TimeoutSeconds must be a whole number from 1 to ${longestTimeout}, not ${JSON.stringify(value)}`);
};

const optionalText = (state: Record<string, unknown>, field: string): string | undefined => {
  const value = state[field];
  if (value !== undefined && typeof value !== 'string') throw refused(`${field} must be a text`);
  return value;
};

/** null means an empty object, absent means everything. */
const dataPath = (state: Record<string, unknown>, field: 'InputPath' | 'OutputPath'): Read => {
  const path = state[field] === undefined ? '$' : state[field];
  if (path === null) return () => ({});
  if (typeof path !== 'string') throw refused(`${field} must be a path or null`);
  return mustRead(path, field);
};

const resultPathOf = (state: Record<string, unknown>): readonly string[] | undefined => {
  const { ResultPath = '$' } = state;
  if (ResultPath === null) return undefined;
  if (typeof ResultPath !== 'string') throw refused('ResultPath must be a path or null');
  return compileResultPath(ResultPath);
};

const nextOf = (state: Record<string, unknown>): string | undefined => {
  const { Next, End } = state;
  if ((Next === undefined) === (End === undefined)) throw refused('exactly one of Next and End is needed');
  if (End !== undefined && End !== true) throw refused('End must be true');
  if (Next !== undefined && typeof Next !== 'string') throw refused('Next must be a state name');
  return Next;
};
