import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Activity, Foreign, Next } from '#core/importers/foreign';
import { type RawStep, structured } from '#core/importers/structure';

type Kind = 'email' | 'pass' | 'branch' | 'split' | 'wait-for';
type Drawn = { readonly kind: Kind; readonly ways: readonly (number | undefined)[]; readonly holdout: boolean };

/** Activities lead only to later ones, as they do in these tools; `undefined` ends the journey. */
const journeyOf = (drawn: readonly Drawn[]): Foreign => {
  const idOf = (at: number): string => `a${at}`;
  const activities = drawn.map(({ kind, ways, holdout }, at): Activity => {
    const base = { id: idOf(at), label: idOf(at) };
    const to = (way: number): Next => {
      const jump = ways[way % ways.length];
      return jump === undefined || at + jump >= drawn.length ? undefined : idOf(at + jump);
    };
    switch (kind) {
      case 'branch':
        return { ...base, kind, arms: [0, 1].map((it) => ({ name: `w${it}`, if: { tag: 'x' }, next: to(it) })), rest: to(2) };
      case 'split':
        return { ...base, kind, arms: [0, 1].map((it) => ({ name: `w${it}`, share: 50, next: to(it) })), ...(holdout && { holdout: 10 }) };
      case 'wait-for':
        return {
          ...base,
          kind,
          arms: [0, 1].map((it) => ({ name: `w${it}`, event: { did: `e${it}` }, next: to(it) })),
          atMost: '1 day',
          timedOut: to(2),
        };
      case 'pass':
        return { ...base, kind, next: to(0) };
      default:
        return { ...base, kind: 'email', email: {}, next: to(0) };
    }
  });
  return { format: 'pinpoint', name: 'x', enter: { on: 'x' }, exits: [], start: idOf(0), activities, notes: [] };
};

/** Which way of an activity this lead takes. */
type Choice = (id: string) => number;

const mailsInGraph = ({ activities, start }: Foreign, choose: Choice): readonly string[] => {
  const mails: string[] = [];
  for (let id = start; id !== undefined; ) {
    const activity = activities.find((it) => it.id === id);
    if (!activity) break;
    if (activity.kind === 'email') mails.push(activity.id);
    if ('next' in activity) id = activity.next;
    else {
      const last =
        activity.kind === 'branch'
          ? [activity.rest]
          : activity.kind === 'wait-for'
            ? [activity.timedOut]
            : activity.holdout
              ? [undefined]
              : [];
      const ways = [...activity.arms.map((it) => it.next), ...last];
      id = ways[choose(activity.id) % ways.length];
    }
  }
  return mails;
};

const stepsOf = (arm: unknown): readonly RawStep[] => (arm as { steps?: readonly RawStep[] } | undefined)?.steps ?? [];

const mailsInBlocks = (steps: readonly RawStep[], choose: Choice): readonly string[] =>
  steps.flatMap((step) => {
    const [name = '', body = {}] = Object.entries(step)[0] ?? [];
    const id = name.split('-')[0] ?? '';
    if ('email' in body) return [id];
    if ('wait-for' in body) {
      const arms = Object.values((body['wait-for'] as { 'first-of': object })['first-of']).map(stepsOf);
      const ways = [...arms, (body['timed-out'] ?? []) as readonly RawStep[]];
      return mailsInBlocks(ways[choose(id) % ways.length] ?? [], choose);
    }
    const ways = Object.values((body.branch ?? body.split) as object).map(stepsOf);
    return mailsInBlocks(ways[choose(id) % ways.length] ?? [], choose);
  });

describe('blocks out of a graph', () => {
  it('send every lead the same mails in the same order, whichever ways it takes', () => {
    const way = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 6 });
    const drawn = fc.record({
      kind: fc.constantFrom<Kind>('email', 'email', 'pass', 'branch', 'split', 'wait-for'),
      ways: fc.array(way, { minLength: 3, maxLength: 3 }),
      holdout: fc.boolean(),
    });
    const seen = { copied: 0, parted: 0 };
    fc.assert(
      fc.property(
        fc.array(drawn, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(30), { minLength: 12, maxLength: 12 }),
        (all, draws) => {
          const foreign = journeyOf(all);
          const choose: Choice = (id) => draws[Number(id.slice(1))] ?? 0;
          const blocks = structured(foreign);
          expect(mailsInBlocks(blocks.steps, choose)).toEqual(mailsInGraph(foreign, choose));
          if (blocks.notes.some((it) => it.why.includes('copy'))) seen.copied++;
          if (foreign.activities.some((it) => it.kind === 'branch')) seen.parted++;
        },
      ),
      { numRuns: Number(process.env.BATON_IMPORT_RUNS ?? 1500) },
    );
    expect(Math.min(seen.copied, seen.parted)).toBeGreaterThan(50);
  });

  it('cuts a way that leads back, and says so', () => {
    const base = journeyOf([
      { kind: 'email', ways: [1], holdout: false },
      { kind: 'email', ways: [undefined], holdout: false },
    ]);
    const activities = base.activities.map((it) => (it.id === 'a1' ? { ...it, next: 'a0' } : it)) as Activity[];
    const { steps, notes } = structured({ ...base, activities });
    expect(steps).toHaveLength(2);
    expect(notes).toEqual([{ activity: 'a0', fate: 'left-out', why: expect.stringContaining('leads back') }]);
  });
});
