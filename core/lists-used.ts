import type { Condition } from './condition.ts';

/** Names of lists that a condition goes by. */
export const listsIn = (condition: Condition): readonly string[] => {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(listsIn);
    case 'not':
      return listsIn(condition.of);
    case 'field':
      return 'inList' in condition.test ? [condition.test.inList] : 'notInList' in condition.test ? [condition.test.notInList] : [];
    case 'fit':
    case 'engagement':
    case 'stage':
    case 'grade':
    case 'topic':
    case 'event':
      return [];
  }
};
