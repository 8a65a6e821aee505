import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueuedEvent } from '#core/events';
import { AnswerMessage, EnrolMessage, SendMessage, StepInput, WakeMessage } from '#core/messages';
import { quickly, type Schema } from '#core/quick-parse';

const message: SendMessage = {
  leadId: 'lead-a',
  enrolmentId: 'enrolment-a',
  leg: 1,
  sequence: 'nurture',
  version: 'v1',
  step: 'welcome',
  round: 1,
  token: 'token',
  enteredAt: '2026-03-02T09:00:00.000Z',
  notAfterSeconds: 60,
};

/** Right, nearly right, or of another kind altogether. */
const values = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>('a', 'lead', 1, 2, 0) },
  fc.constantFrom<unknown>('', 'x'.repeat(80), 'x'.repeat(81), -1, 1.5, -0, 2 ** 53, 2 ** 60, null, true, [], {}, [1], '1'),
  fc.string(),
  fc.integer(),
);
const names = ['startAt', 'attempt', 'trigger', 'taskId', 'other', '__proto__', 'toString', ...Object.keys(message)];
const changes = fc.array(fc.tuple(fc.constantFrom(...names), fc.option(values, { nil: undefined })), { maxLength: 3 });
const begun = fc.constantFrom<object>(message, { leadId: 'lead-a', sequence: 'nurture', trigger: 'event-a' }, { taskId: 'task-a' }, {}, []);

/** As it comes from a queue: JSON, in which nothing is `undefined`. */
const bodyOf = (start: object, all: readonly (readonly [string, unknown])[]): string => {
  const fields = new Map<string, unknown>(Object.entries(start));
  for (const [name, value] of all)
    if (value === undefined) fields.delete(name);
    else fields.set(name, value);
  const body = [...fields].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join();
  return Array.isArray(start) ? '[]' : `{${body}}`;
};

const outcomeOf = (schema: Schema<unknown>, body: string): unknown => {
  try {
    return { read: schema.parse(JSON.parse(body)) };
  } catch (error) {
    return { refused: (error as { readonly issues: unknown }).issues };
  }
};

describe('reading quickly', () => {
  it('takes what zod takes, and refuses what it refuses for the same reasons', () => {
    fc.assert(
      fc.property(fc.constantFrom<Schema<unknown>>(SendMessage, EnrolMessage, AnswerMessage), begun, changes, (schema, start, all) => {
        const body = bodyOf(start, all);
        expect(outcomeOf(quickly(schema), body)).toEqual(outcomeOf(schema, body));
      }),
      { numRuns: Number(process.env.BATON_QUICK_RUNS ?? 2000) },
    );
  });

  it('asks zod about nothing that is right', () => {
    let asked = 0;
    const parse = (data: unknown) => {
      asked++;
      return SendMessage.parse(data);
    };
    const counted = { _zod: SendMessage._zod, parse };
    expect(quickly(counted).parse({ ...message, attempt: 0 })).toEqual({ ...message, attempt: 0 });
    expect(asked).toBe(0);
    expect(() => quickly(counted).parse({ ...message, leg: 0 })).toThrow();
    expect(asked).toBe(1);
  });

  it('leaves whatever holds more than texts and whole numbers to zod', () => {
    for (const schema of [QueuedEvent, WakeMessage, StepInput] as const) expect(quickly<unknown>(schema)).toBe(schema);
  });
});
