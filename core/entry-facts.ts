import { type Condition, type Leaf, leavesOf } from './condition.ts';
import { eventMatches } from './event-keys.ts';
import type { EventRow } from './events.ts';

/**
 * What a condition goes by, in words that whoever changes a lead can say: `field:<name>`, `fit`, `engagement`, `stage`,
 * `topic:<id>`, and event keys (`did:<event>`, `visited:<path>`, `opened:<sequence>/<step>`, `clicked:<sequence>/<step>`).
 */
export type Fact = string;

/**
 * What changed: facts, and `created` (a new lead, or one that is as good as new), `topics` (any of them), `due` (a day has come),
 * `sequence:<id>` (somebody asks for this one).
 */
export type Change = string;

export const fieldFact = (field: string): Fact => `field:${field === 'email-domain' || field === 'email-name' ? 'email' : field}`;
export const topicFact = (topic: string): Fact => `topic:${topic}`;

/** Each once, in the order of the file. */
export const factsRead = (condition: Condition): readonly Fact[] => [...new Set(leavesOf(condition).flatMap(factsOfLeaf))];

const factsOfLeaf = (leaf: Leaf): readonly Fact[] => {
  // biome-ignore lint/nursery/useExhaustiveSwitchCases: a leaf is none of all, any and not; the linter does not see through Exclude.
  switch (leaf.kind) {
    case 'field':
      return [fieldFact(leaf.field)];
    case 'fit':
    case 'engagement':
    case 'stage':
      return [leaf.kind];
    case 'grade':
      return ['fit', 'engagement'];
    case 'topic':
      return [topicFact(leaf.topic)];
    case 'event':
      return [leaf.key];
    case 'answer':
      return [];
  }
};

/** Could one of these changes make a condition that reads these facts another than it was? */
export const isConcerned = (reads: readonly Fact[], changes: readonly Change[]): boolean =>
  changes.some(
    (change) =>
      change === 'created' ||
      reads.includes(change) ||
      (change === 'topics' && reads.some((it) => it.startsWith('topic:'))) ||
      // Which fields make up the fit stands in scoring.yaml, which may be another tomorrow.
      (change.startsWith('field:') && reads.includes('fit')),
  );

/** What an event that a person caused changes, of these facts. Any of them may show another to be a person's. */
export const changesByEvent = (row: EventRow, reads: readonly Fact[]): readonly Change[] =>
  reads.filter((it) => it === 'engagement' || eventMatches(row, it));
