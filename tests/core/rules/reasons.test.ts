import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { stopReasons } from '#core/enrolment';
import type { Hold } from '#core/holds';
import type { Decision } from '#core/ports';
import { type Reason, reasons } from '#core/reasons';
import type { toCancelled, toFailed, toReleased, toSkipped } from '#core/send-protocol';

/** Where it is decided whether a lead comes in, a mail goes, a run ends. */
const deciding = [
  ...['core/decide-entry.ts', 'core/decide-send.ts', 'core/decision-inputs.ts', 'core/holds.ts', 'core/gate.ts', 'core/lead-stops.ts'],
  ...['core/lead-history.ts', 'core/consent.ts', 'lambdas/events/process-events.ts', 'lambdas/events/take-reply-event.ts'],
  ...['lambdas/events/wake.ts', ...readdirSync('lambdas/steps').map((it) => join('lambdas/steps', it))],
];
const textOf = (path: string) => readFileSync(path, 'utf8');
/** Reasons of suppressions are words of those who report them. */
const notOfMail = /scope: .*reason: '[a-z-]+'/g;
const written = (path: string) =>
  [
    ...textOf(path)
      .replaceAll(notOfMail, '')
      .matchAll(/\b(?:reason|because|deferAs)(?:: |\()'([a-z-]+)'/g),
  ].map(([, code = '']) => code);

describe('the list of reasons', () => {
  it('has every code that is written where entries, sends and ends are decided', () => {
    const codes = deciding.flatMap(written);
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((it) => !(it in reasons))).toEqual([]);
    expect(stopReasons.filter((it) => !(it in reasons))).toEqual([]);
  });

  it('is all that a decision, a hold or a send that did not go can name: nothing else compiles', () => {
    expectTypeOf<Decision['reason']>().toEqualTypeOf<Reason | undefined>();
    expectTypeOf<Hold['reason']>().toExtend<Reason>();
    expectTypeOf<Parameters<typeof toSkipped>[1]>().toEqualTypeOf<Reason>();
    expectTypeOf<Parameters<typeof toReleased>[1]>().toEqualTypeOf<Reason>();
    expectTypeOf<Parameters<typeof toCancelled>[1]>().toEqualTypeOf<Reason>();
    expectTypeOf<Parameters<typeof toFailed>[1]>().toEqualTypeOf<Reason>();
  });

  it('has none that nobody gives', () => {
    const sources = ['core', 'lambdas'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((it) => it.endsWith('.ts') && it !== 'reasons.ts')
        .map((it) => textOf(join(folder, it))),
    );
    expect(Object.keys(reasons).filter((code) => !sources.some((it) => it.includes(`'${code}'`)))).toEqual([]);
  });

  it('stands in the reference, each with its sentence', () => {
    const reference = textOf('docs/reference.md');
    const missing = Object.entries(reasons).filter(([code, sentence]) => !reference.includes(`| \`${code}\` | ${sentence} |`));
    expect(missing.map(([code]) => code)).toEqual([]);
  });
});
