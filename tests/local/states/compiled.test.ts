import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handoffMachine } from '#core/handoff-machine';
import { anySequence, compile } from '#tests/core/sequences/sequences';
import { createWorld } from './world.ts';

/** Any text will do where a deployment puts names and ARNs. */
const substitutionsOf = (asl: unknown) =>
  Object.fromEntries([...JSON.stringify(asl).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, name]));
const deploy = (asl: Record<string, unknown>) => createWorld().runner.deploy('machine', asl, substitutionsOf(asl));

describe('what the compiler writes', () => {
  it('is taken for any sequence', () => {
    void fc.assert(
      fc.property(anySequence, (sequence) => deploy({ ...compile(sequence).asl })),
      { numRuns: 50 },
    );
  });

  it('is taken for the handoff machine, and not without its substitutions', () => {
    expect(() => deploy({ ...handoffMachine() })).not.toThrow();
    expect(() => createWorld().runner.deploy('machine', { ...handoffMachine() }, {})).toThrow('no substitution for');
  });
});
