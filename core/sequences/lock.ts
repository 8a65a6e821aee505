import * as z from 'zod';
import type { Instant } from '#core/instant';
import type { Report } from '#core/problems';
import { canonicalJson } from './canonical-json.ts';
import type { Compiled } from './compile.ts';
import { type Located, located } from './located.ts';
import type { Sequence, Step } from './model.ts';
import { outlineOf, settingsOf } from './outline.ts';

/**
 * `marketing/baton.lock.json`: what was last compiled, committed. It is what a rename is told by, and it remembers the
 * sequences that were removed, which stay in the stack until their last lead has left.
 */
const LockedStep = z.strictObject({
  id: z.string(),
  kind: z.string(),
  /** The list it stands in, e.g. `first-project/happened`; '' is the sequence's own. */
  in: z.string(),
  /** Its settings, without nested steps. */
  content: z.string(),
});
const LockedSequence = z.strictObject({
  version: z.string(),
  /** When it was first written here; only of sequences for new leads only, which go by it. */
  since: z.string().optional(),
  steps: z.array(LockedStep),
  /** Its machine, packed (lib/packed.ts): once the sequence is removed nothing else can make it anew in another stage or Region. */
  machine: z.string().optional(),
  /** Of a retired one: stages that have no machine of it any more (baton forget). */
  forgottenIn: z.array(z.string()).optional(),
});
export const Lock = z.strictObject({
  format: z.literal(1),
  sequences: z.record(z.string(), LockedSequence),
  retired: z.record(z.string(), LockedSequence),
  /** Seconds of every wait of every version ever compiled: leads may be in one still, and the watchdog looks by length. */
  waitLengths: z.array(z.number()).optional(),
});
export type Lock = z.output<typeof Lock>;
type LockedStep = z.output<typeof LockedStep>;

export const emptyLock: Lock = { format: 1, sequences: {}, retired: {} };

/** Makes a long text short. */
export type Pack = (text: string) => string;

/** The lock after compiling all sequences there are. Whoever is missing has retired; whoever is back is active again. */
export const nextLock = (
  previous: Lock,
  compiled: readonly { readonly sequence: Sequence; readonly compiled: Compiled }[],
  now?: Instant,
  pack?: Pack,
): Lock => {
  const sequences = Object.fromEntries(
    compiled.map(({ sequence: { id, enter, steps }, compiled: { artifact, asl } }) => {
      const since = enter.who === 'new-leads-only' ? (previous.sequences[id]?.since ?? previous.retired[id]?.since ?? now) : undefined;
      const before = [previous.sequences[id], previous.retired[id]].find((it) => it?.version === artifact.version)?.machine;
      // Packed once a version: another release of the library that packs may do it otherwise.
      const machine = before ?? pack?.(canonicalJson(asl));
      const kept = { ...(since !== undefined && { since }), steps: lockedSteps(steps), ...(machine !== undefined && { machine }) };
      return [id, { version: artifact.version, ...kept }];
    }),
  );
  const gone = Object.entries({ ...previous.retired, ...previous.sequences }).filter(([id]) => !(id in sequences));
  const waitLengths = sortedUnion(
    previous.waitLengths ?? [],
    compiled.flatMap((it) => it.compiled.artifact.waitLengths),
  );
  return {
    format: 1,
    sequences: byKey(sequences),
    retired: byKey(Object.fromEntries(gone)),
    ...(waitLengths.length > 0 && { waitLengths }),
  };
};

/** As it is written to the file: the same content, the same bytes. */
export const lockText = (lock: Lock): string => `${JSON.stringify(lock, undefined, 2)}\n`;

/**
 * A step is gone while a new one of the same kind has its content or its place: renamed, and leads on the old name would
 * be lost. The marketer says `was:`, or removes and adds in two deployments.
 */
export const checkAgainstLock = (lock: Lock, sequences: readonly Sequence[], report: Report): void => {
  for (const sequence of sequences) {
    const locked = lock.sequences[sequence.id]?.steps ?? [];
    const now = located(sequence.steps);
    const formerNames = new Set(now.flatMap(({ step }) => step.was ?? []));
    const kept = new Set(now.map(({ step }) => step.id));
    const gone = locked.filter((it) => !kept.has(it.id) && !formerNames.has(it.id));
    const known = new Set(locked.map((it) => it.id));
    reportRenamed({ gone, added: now.filter(({ step }) => !known.has(step.id) && step.was === undefined), locked, now }, report);
  }
};

type Change = {
  readonly gone: readonly LockedStep[];
  readonly added: readonly Located[];
  readonly locked: readonly LockedStep[];
  readonly now: readonly Located[];
};

const reportRenamed = ({ gone, added, locked, now }: Change, report: Report) => {
  const left = new Set(gone);
  for (const { step, path, list } of added) {
    const before = siblingBefore(
      step.id,
      now.map((it) => ({ id: it.step.id, in: it.list })),
    );
    const alike = [...left].filter((it) => it.kind === step.kind);
    const old =
      alike.find((it) => it.content === settingsOf(step)) ?? alike.find((it) => it.in === list && siblingBefore(it.id, locked) === before);
    if (!old) continue;
    left.delete(old);
    report(path, {
      code: 'renamed-step',
      what: `step "${old.id}" is gone and "${step.id}" stands in for it: leads on "${old.id}" would be lost`,
      got: step.id,
      allowed: `was: ${old.id}`,
      hint: `add "was: ${old.id}" if it was renamed; if it is another step, remove the old one in a deployment of its own first`,
      at: 'key',
    });
  }
};

const lockedSteps = (steps: readonly Step[]): LockedStep[] => outlineOf(steps).map(({ was: _was, ...step }) => step);

const siblingBefore = (id: string, steps: readonly { readonly id: string; readonly in: string }[]): string | undefined => {
  const list = steps.find((it) => it.id === id)?.in;
  const siblings = steps.filter((it) => it.in === list);
  return siblings[siblings.findIndex((it) => it.id === id) - 1]?.id;
};

export const sortedUnion = (one: readonly number[], other: readonly number[]): number[] =>
  [...new Set([...one, ...other])].sort((a, b) => a - b);

const byKey = <T>(entries: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
