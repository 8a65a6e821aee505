import type { Stage } from './lead.ts';

/** The closed condition vocabulary, parsed. Fields are lead fields in kebab-case, plus `email-domain` and `email-name`. */
export type FieldTest =
  | { readonly is: string | number | boolean }
  | { readonly isNot: string | number | boolean }
  | { readonly in: readonly (string | number)[] }
  | { readonly notIn: readonly (string | number)[] }
  /** A list of scoring.yaml, or one that comes with Baton, by its name. */
  | { readonly inList: string }
  | { readonly notInList: string }
  | { readonly between: readonly [number, number] }
  | { readonly atLeast: number }
  | { readonly atMost: number }
  | { readonly contains: string }
  | { readonly isSet: boolean };

export type Condition =
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'field'; readonly field: string; readonly test: FieldTest }
  | { readonly kind: 'fit'; readonly atLeast?: number; readonly atMost?: number }
  | { readonly kind: 'engagement'; readonly atLeast?: number; readonly atMost?: number }
  | { readonly kind: 'stage'; readonly in: readonly Stage[] }
  | { readonly kind: 'grade'; readonly in: readonly string[] }
  | { readonly kind: 'topic'; readonly topic: string }
  /** What a webhook step of this run was answered. */
  | { readonly kind: 'answer'; readonly step: string; readonly name: string; readonly test: FieldTest }
  /** opened, clicked: an e-mail step of this run; did: an event name; visited: a path with `*`. All since enrolment. */
  | { readonly kind: 'event'; readonly key: string };

/**
 * Event keys, the words of `seen`, wait-for and conditions: `opened:<step>`, `clicked:<step>`, `did:<event name>`,
 * `visited:<path pattern>` (a trailing or inner `*` matches any run of characters).
 */
export type EventKey = string;

export type Leaf = Exclude<Condition, { readonly kind: 'all' | 'any' | 'not' }>;

/** What a condition asks for, without how it is combined. */
export const leavesOf = (condition: Condition): readonly Leaf[] => {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(leavesOf);
    case 'not':
      return leavesOf(condition.of);
    default:
      return [condition];
  }
};
