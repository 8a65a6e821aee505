import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Report } from '#core/problems';
import { reportIssues } from '#core/zod-report';

const Shape = z.strictObject({
  times: z.number().max(24).optional(),
  days: z.string('days, e.g. 30 days').optional(),
  as: z.enum(['goal', 'exit']),
  name: z.string().min(2).optional(),
  list: z.array(z.string()).min(1).optional(),
  // biome-ignore lint/suspicious/noThenProperty: a word of the file format, never awaited.
  late: z.strictObject({ 'more-than': z.string(), then: z.string().optional() }).optional(),
});
const problemOf = (raw: object) => {
  const problems: Parameters<Report>[1][] = [];
  const { error } = Shape.safeParse({ as: 'goal', ...raw }, { reportInput: true });
  if (error) reportIssues(error, [], (_path, problem) => void problems.push(problem), Shape);
  return problems[0];
};

describe('what a schema refuses, in words', () => {
  it.each([
    [{ as: undefined }, '"as" is missing', 'goal, exit'],
    [{ days: 30 }, '"days" is not understood', 'days, e.g. 30 days'],
    [{ times: '50' }, '"times" must be a number', 'a number'],
    [{ times: 50 }, '"times" is too much', 'at most 24'],
    [{ name: 'a' }, '"name" is too short', 'at least 2 characters'],
    [{ list: [] }, '"list" has too few entries', 'at least 1'],
    [{ late: '6 hours' }, '"late" must be a block of keys', 'a block such as { more-than: …, then: … }'],
  ])('%j', (raw, what, allowed) => {
    expect(problemOf(raw)).toMatchObject({ what, allowed });
  });
});
