import type { Problem } from './problems.ts';

/** In words, for files that name events. */
export const eventRule = 'an event name in lower case, such as trial.started';
const pathRule = 'a path that begins with /, e.g. /pricing*';

/** Paths of visits begin with a slash, so a pattern that does not can match none. */
export const isPathPattern = (text: string): boolean => /^[/*]\S{0,199}$/.test(text);

export const notAPath = (got: string): Pick<Problem, 'code' | 'what' | 'got' | 'allowed' | 'hint'> => ({
  code: 'not-a-path',
  what: 'no page has such a path',
  got,
  allowed: pathRule,
  ...(/^[a-z0-9]/i.test(got) && !got.includes('://') && { hint: `did you mean "/${got}"?` }),
});
