import type { Condition } from '#core/condition';

/**
 * Parts of a condition that can begin to hold though nothing happens: engagement fades by itself, so whatever asks for little of
 * it comes true in time. In words; empty: only something that happens makes the condition true. Pure.
 */
export const fallingParts = (condition: Condition, isTurned = false): readonly string[] => {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap((it) => fallingParts(it, isTurned));
    case 'not':
      return fallingParts(condition.of, !isTurned);
    case 'engagement':
      if (isTurned) return condition.atLeast === undefined ? [] : ['not engagement at-least'];
      return condition.atMost === undefined ? [] : ['engagement at-most'];
    case 'grade': {
      if (isTurned) return ['not grade'];
      const falling = condition.in.filter((it) => !betterGrades(it).every((better) => condition.in.includes(better)));
      return falling.map((it) => `grade ${it} without ${betterGrades(it).join(', ')}`);
    }
    case 'field':
    case 'fit':
    case 'stage':
    case 'topic':
    case 'answer':
    case 'event':
      return [];
  }
};

/** `B3`: B1 and B2, which fade into it. */
const betterGrades = (grade: string): readonly string[] =>
  Array.from({ length: Number(grade.slice(1)) - 1 }, (_, at) => `${grade.charAt(0)}${at + 1}`);
