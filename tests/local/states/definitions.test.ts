import { describe, expect, it } from 'vitest';
import { cases } from './definitions.ts';
import { createWorld, namedError } from './world.ts';

describe('choices, data flow, retry and catch', () => {
  for (const { name, asl, input, answers = [], expected } of cases) {
    it(name, async () => {
      let call = 0;
      const world = createWorld({
        invoke: async () => {
          const answer = answers[call];
          call += 1;
          if (!answer) throw new Error('called too often');
          if ('error' in answer) throw namedError(answer.error, answer.message);
          return answer.result;
        },
      });
      const arn = await world.run(asl, input);
      await world.advance(60);
      const { status, output, error } = world.outcome(arn);
      expect('output' in expected ? { status, output } : { status, error }).toEqual(
        'output' in expected ? { status: 'SUCCEEDED', output: expected.output } : { status: 'FAILED', error: expected.error },
      );
    });
  }
});
