import { describe, expect, it } from 'vitest';
import type { EnvironmentOf } from '#adapters/aws/env';
import { variablesOfPort } from '#adapters/aws/env';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import { handlerNames, handlers, portsOf, type Use } from '#core/handlers';
import { grantsOf, grantsOfMethods } from '#lib/grants';

/** What must not compile: `npm run types` fails when one of these lines does. */
const mustNotCompile = (use: Use<'wake'>) => {
  // @ts-expect-error a variable is forgotten
  const few: EnvironmentOf<'wake'> = { TABLE_NAME: 'table' };
  // @ts-expect-error a variable too many
  const many: EnvironmentOf<'reconcile-sends'> = { TABLE_NAME: 'table', CONFIGURATION_SET: 'x' };
  // @ts-expect-error a port that is not in the contract
  void use.mail;
  // @ts-expect-error a method that is not in the contract
  void use.leads.upsert;
  return [few, many];
};

describe('the contracts of handlers', () => {
  it('stand in the types', () => {
    expect(mustNotCompile).toBeTypeOf('function');
  });

  it('name variables for every port, and grants for every method of it', () => {
    for (const name of handlerNames) for (const port of portsOf(name)) expect(variablesOfPort[port]).toBeDefined();
    for (const name of handlerNames) {
      for (const [port, methods] of Object.entries(handlers[name].uses)) {
        const known = Object.keys(grantsOfMethods[port as keyof typeof grantsOfMethods]);
        expect(known).toEqual(expect.arrayContaining([...methods]));
      }
    }
  });

  it('are about methods that the stores have', () => {
    for (const [port, store] of Object.entries(stores(memoryTable(), async () => []))) {
      expect(Object.keys(grantsOfMethods[port as keyof typeof grantsOfMethods]).sort()).toEqual(Object.keys(store).sort());
    }
  });

  it('give each grant once, in the same order every time', () => {
    for (const name of handlerNames) {
      const texts = grantsOf(name).map((it) => JSON.stringify(it));
      expect(texts).toEqual([...new Set(texts)].sort());
    }
  });
});
