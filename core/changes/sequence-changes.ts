import type { Artifact, OutlinedStep } from '#core/sequences/model';
import { differenceInWords, differencesOf } from './differences.ts';
import { emailChangeOf } from './email-changes.ts';
import { withExperiments } from './experiment-changes.ts';
import { settingsOf } from './settings.ts';

/** One step that is not what it was; `lines`: in words, one thing each. */
export type StepChange = {
  readonly step: string;
  readonly do: 'added' | 'removed' | 'renamed' | 'moved' | 'changed' | 'words';
  readonly lines: readonly string[];
};
export type SequenceChanges = {
  readonly is: 'new' | 'changed' | 'retired' | 'unchanged';
  /** Who enters, what ends a run, priority and the like. */
  readonly settings: readonly string[];
  readonly steps: readonly StepChange[];
};

/** What differs between two versions of a sequence. Pure. */
export const changesOf = (before: Artifact | undefined, after: Artifact | undefined): SequenceChanges => {
  if (!before || !after) return { is: before ? 'retired' : 'new', settings: [], steps: [] };
  if (before.version === after.version) return { is: 'unchanged', settings: [], steps: [] };
  const settings = differencesOf(settingsOf(before), settingsOf(after)).map(differenceInWords);
  const steps = before.outline && after.outline ? ofOutlines(before.outline, after.outline) : ofSteps(before.stepIds, after.stepIds);
  return { is: 'changed', settings, steps: [...withExperiments(steps, before, after), ...ofEmails(before, after)] };
};

/** Of an artifact that has no outline: names alone. */
const ofSteps = (before: readonly string[], after: readonly string[]): readonly StepChange[] => [
  ...after.filter((it) => !before.includes(it)).map((step) => ({ step, do: 'added' as const, lines: [] })),
  ...before.filter((it) => !after.includes(it)).map((step) => ({ step, do: 'removed' as const, lines: [] })),
];

type Pair = { readonly was: OutlinedStep; readonly is: OutlinedStep };

const ofOutlines = (before: readonly OutlinedStep[], after: readonly OutlinedStep[]): readonly StepChange[] => {
  const known = new Map(before.map((it) => [it.id, it]));
  const pairs = after.flatMap((is): readonly Pair[] => {
    const was = known.get(is.id) ?? (is.was === undefined ? undefined : known.get(is.was));
    return was ? [{ was, is }] : [];
  });
  const names = new Map(pairs.map(({ was, is }) => [was.id, is.id]));
  const kept = new Set(pairs.map(({ is }) => is.id));
  return [
    ...after
      .filter((it) => !kept.has(it.id))
      .map((it) => ({ step: it.id, do: 'added' as const, lines: [`${it.kind}, ${placeOf(it, after)}`] })),
    ...before.filter((it) => !names.has(it.id)).map((it) => ({ step: it.id, do: 'removed' as const, lines: [it.kind] })),
    ...pairs.flatMap(({ was, is }) => (was.id === is.id ? [] : [{ step: is.id, do: 'renamed' as const, lines: [`was “${was.id}”`] }])),
    ...movedOf(pairs, before, names).map(({ is }) => ({ step: is.id, do: 'moved' as const, lines: [`now ${placeOf(is, after)}`] })),
    ...pairs.flatMap(ofSettings),
  ];
};

const ofSettings = ({ was, is }: Pair): readonly StepChange[] => {
  const kind = was.kind === is.kind ? [] : [`${is.kind}, was ${was.kind}`];
  const [before, after] = [asWritten(was), asWritten(is)];
  const lines = was.kind === is.kind ? differencesOf(before, after).map(differenceInWords) : kind;
  return lines.length > 0 ? [{ step: is.id, do: 'changed', lines }] : [];
};

/** The settings by the words of the file. */
const asWritten = ({ content }: OutlinedStep): object => {
  const { contentLatest, ...settings } = JSON.parse(content) as { readonly contentLatest?: true };
  return { ...settings, ...(contentLatest && { content: 'latest' }) };
};

/** `after “welcome”`, `first in project/happened`. */
const placeOf = (step: OutlinedStep, all: readonly OutlinedStep[]): string => {
  const siblings = all.filter((it) => it.in === step.in);
  const before = siblings[siblings.indexOf(step) - 1];
  const list = step.in === '' ? '' : ` in ${step.in.slice(1)}`;
  return before ? `after “${before.id}”${list}` : `first${list}`;
};

/** Those in another list, and of each list the fewest that must be taken out for the rest to stand in the order they had. */
const movedOf = (pairs: readonly Pair[], before: readonly OutlinedStep[], names: ReadonlyMap<string, string>): readonly Pair[] => {
  const listNow = (list: string) =>
    list
      .split('/')
      .map((it) => names.get(it) ?? it)
      .join('/');
  const lists = new Set(pairs.map(({ is }) => is.in));
  return [...lists].flatMap((list) => {
    const here = pairs.filter(({ is }) => is.in === list);
    const stayed = here.filter(({ was }) => listNow(was.in) === list);
    const places = stayed.map(({ was }) => before.indexOf(was));
    const inOrder = longestRise(places);
    return here.filter((it) => {
      const at = stayed.indexOf(it);
      return at < 0 || !inOrder.has(at);
    });
  });
};

/** Indexes of the longest rising part. */
const longestRise = (numbers: readonly number[]): ReadonlySet<number> => {
  const best: number[][] = [];
  numbers.forEach((number, at) => {
    const before = best.slice(0, at).filter((it) => (numbers[it.at(-1) ?? 0] ?? 0) < number);
    const longest = before.reduce<number[]>((one, other) => (other.length > one.length ? other : one), []);
    best.push([...longest, at]);
  });
  return new Set(best.reduce<number[]>((one, other) => (other.length > one.length ? other : one), []));
};

const ofEmails = (before: Artifact, after: Artifact): readonly StepChange[] =>
  Object.entries(after.emails).flatMap(
    ([
      step,
      {
        content,
        step: { was = step },
      },
    ]): readonly StepChange[] => {
      const old = before.emails[step] ?? before.emails[was];
      const change = old && emailChangeOf(old.content, content);
      return change ? [{ step, do: 'words', lines: change.looks ? [onlyLooks] : change.lines }] : [];
    },
  );

/** Told of all its e-mails together (cli/plan-text.ts). */
export const onlyLooks = 'only its looks (layout, styles, pictures)';
