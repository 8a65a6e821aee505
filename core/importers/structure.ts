import type { Activity, Foreign, ForeignEmail, Next, Note } from './foreign.ts';
import { slugOf } from './words.ts';

export type RawStep = { readonly [name: string]: { readonly [key: string]: unknown } };
export type Structured = {
  readonly steps: readonly RawStep[];
  /** Of all steps, those in arms included. */
  readonly names: readonly string[];
  /** By name of file, without its ending. */
  readonly emails: ReadonlyMap<string, ForeignEmail & { readonly label: string }>;
  readonly notes: readonly Note[];
};

/** More than this, copies of copies included, is no sequence any more. */
const mostSteps = 400;

/**
 * Blocks out of a graph. Where ways part and meet again, what follows stands once, after the block; where they never all meet, each
 * way has its own copy of what it shares with others. A way that goes back is cut.
 */
export const structured = ({ activities, start, notes: given }: Foreign): Structured => {
  const byId = new Map(activities.map((it) => [it.id, it]));
  const meeting = meetingPoints(byId);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const emails = new Map<string, ForeignEmail & { label: string }>();
  const notes: Note[] = [...given];
  const told = new Set<string>();
  let count = 0;

  const nameFor = (activity: Activity): string => {
    const base = slugOf(activity.label, 28);
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
    taken.add(name);
    if (names.has(activity.id)) once(activity, 'changed', 'it is reached by several ways that do not all meet again, so each has a copy');
    else names.set(activity.id, name);
    return name;
  };
  const once = ({ id, label }: Activity, fate: Note['fate'], why: string) => {
    if (told.has(`${id} ${why}`)) return;
    told.add(`${id} ${why}`);
    notes.push({ activity: label, fate, why });
  };

  const build = (from: Next, until: Next, path: ReadonlySet<string>): RawStep[] => {
    const steps: RawStep[] = [];
    const seen = new Set(path);
    for (let id = from; id !== undefined && id !== until; ) {
      const activity = byId.get(id);
      if (!activity) {
        notes.push({ activity: id, fate: 'left-out', why: 'something leads to it, and the file has no such activity' });
        return steps;
      }
      if (seen.has(id)) {
        once(activity, 'left-out', 'a way leads back to it; what comes again is written with `repeat`');
        return steps;
      }
      seen.add(id);
      if (++count > mostSteps) throw new Error(`this becomes more than ${mostSteps} steps, because its ways part and do not meet again`);
      const after: Next = nextOf(activity, meeting);
      const step = stepOf(activity, after, seen);
      if (step) {
        steps.push(step);
      }
      id = after;
    }
    return steps;
  };

  const arm = (next: Next, after: Next, path: ReadonlySet<string>) => {
    const steps = build(next, after, path);
    return steps.length > 0 ? { steps } : {};
  };

  const stepOf = (activity: Activity, after: Next, path: ReadonlySet<string>): RawStep | undefined => {
    switch (activity.kind) {
      case 'pass':
        return undefined;
      case 'email': {
        const name = nameFor(activity);
        emails.set(name, { ...activity.email, label: activity.label });
        return { [name]: { email: name, ...(activity.transactional && { transactional: true }) } };
      }
      case 'wait':
        return { [nameFor(activity)]: { wait: activity.wait } };
      case 'step':
        return { [nameFor(activity)]: activity.step };
      case 'branch': {
        const name = nameFor(activity);
        const arms = activity.arms.map((it) => [it.name, { if: it.if, ...arm(it.next, after, path) }] as const);
        return { [name]: { branch: { ...named(arms), [unlike('rest', arms)]: arm(activity.rest, after, path) } } };
      }
      case 'split': {
        const name = nameFor(activity);
        const arms = activity.arms.map((it) => [it.name, { share: it.share, ...arm(it.next, after, path) }] as const);
        const holdout = activity.holdout === undefined ? {} : { [unlike('nothing', arms)]: { share: activity.holdout, holdout: true } };
        return { [name]: { split: { ...named(arms), ...holdout } } };
      }
      case 'wait-for': {
        const name = nameFor(activity);
        const timedOut = build(activity.timedOut, after, path);
        const late = timedOut.length > 0 ? { 'timed-out': timedOut } : {};
        const [only, ...more] = activity.arms;
        if (only && more.length === 0) {
          const happened = build(only.next, after, path);
          return {
            [name]: { 'wait-for': { ...only.event, 'at-most': activity.atMost }, ...(happened.length > 0 && { happened }), ...late },
          };
        }
        const arms = activity.arms.map((it) => [it.name, { ...it.event, ...arm(it.next, after, path) }] as const);
        return { [name]: { 'wait-for': { 'at-most': activity.atMost, 'first-of': named(arms) }, ...late } };
      }
    }
  };

  const steps = build(start, undefined, new Set());
  const isUnreached = (it: Activity) => !names.has(it.id) && it.kind !== 'pass' && ![...told].some((one) => one.startsWith(`${it.id} `));
  return {
    steps: resolved(steps, names, emails) as RawStep[],
    names: [...taken],
    emails,
    notes: withUnreached(notes, activities, isUnreached),
  };
};

/** Of what nothing leads to, only that is said. */
const withUnreached = (
  notes: readonly Note[],
  activities: readonly Activity[],
  isUnreached: (it: Activity) => boolean,
): readonly Note[] => {
  const reached = new Set(activities.filter((it) => !isUnreached(it)).map((it) => it.label));
  const alone = activities.filter((it) => isUnreached(it)).map((it) => it.label);
  return [
    ...notes.filter((it) => reached.has(it.activity) || !alone.includes(it.activity)),
    ...alone.map((activity) => ({ activity, fate: 'left-out' as const, why: 'nothing that came over leads to it' })),
  ];
};

const named = <T>(arms: readonly (readonly [string, T])[]): { readonly [name: string]: T } => {
  const out: Record<string, T> = {};
  for (const [text, value] of arms) {
    const base = slugOf(text, 28, 'way');
    let name = base;
    for (let number = 2; name in out; number++) name = `${base}-${number}`;
    out[name] = value;
  }
  return out;
};
const unlike = (name: string, arms: readonly (readonly [string, unknown])[]): string =>
  arms.some(([text]) => slugOf(text, 28, 'way') === name) ? `${name}-of-them` : name;

/** `#<activity>` becomes the name of its step; an e-mail that was left out is none that anybody could open. */
const resolved = (value: unknown, names: ReadonlyMap<string, string>, emails: ReadonlyMap<string, unknown>): unknown => {
  if (Array.isArray(value)) return value.map((it) => resolved(it, names, emails));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, it]) => {
      if ((key !== 'opened' && key !== 'clicked') || typeof it !== 'string' || !it.startsWith('#'))
        return [key, resolved(it, names, emails)];
      const name = names.get(it.slice(1));
      return name !== undefined && emails.has(name) ? [key, name] : ['did', 'imported.unknown'];
    }),
  );
};

const waysOf = (activity: Activity): readonly Next[] => {
  switch (activity.kind) {
    case 'branch':
      return [...activity.arms.map((it) => it.next), activity.rest];
    case 'split':
      return [...activity.arms.map((it) => it.next), ...(activity.holdout === undefined ? [] : [undefined])];
    case 'wait-for':
      return [...activity.arms.map((it) => it.next), activity.timedOut];
    default:
      return [activity.next];
  }
};

const nextOf = (activity: Activity, meeting: ReadonlyMap<string, Next>): Next => {
  const ways = waysOf(activity);
  return ways.length === 1 ? ways[0] : meeting.get(activity.id);
};

/** For each activity the first that every way from it comes to (its immediate post-dominator); undefined: only the end. */
const meetingPoints = (byId: ReadonlyMap<string, Activity>): ReadonlyMap<string, Next> => {
  const end = '';
  const after = new Map<string, ReadonlySet<string>>();
  const order: string[] = [];
  const visit = (id: string, path: ReadonlySet<string>) => {
    if (after.has(id) || path.has(id)) return;
    const activity = byId.get(id);
    for (const next of activity ? waysOf(activity) : []) if (next !== undefined) visit(next, new Set([...path, id]));
    const sets = (activity ? waysOf(activity) : [undefined]).map((next) =>
      next === undefined ? new Set([end]) : new Set([next, ...(after.get(next) ?? new Set([end]))]),
    );
    after.set(
      id,
      sets.reduce((all, it) => new Set([...all].filter((one) => it.has(one)))),
    );
    order.push(id);
  };
  for (const id of byId.keys()) visit(id, new Set());
  // Of those that all ways come to, the first has all the others behind it.
  return new Map(
    [...byId.keys()].map((id) => {
      const common = [...(after.get(id) ?? [])].filter((it) => it !== end);
      const first = common.sort((one, other) => (after.get(other)?.size ?? 0) - (after.get(one)?.size ?? 0))[0];
      return [id, first];
    }),
  );
};
