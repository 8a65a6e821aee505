import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { register } from '#cli/simulate';
import { rowBlocks } from '#cli/simulate/leads';

const folder = mkdtempSync(join(tmpdir(), 'baton-sample-'));
afterAll(() => rmSync(folder, { recursive: true }));

const listOf = (name: string, addresses: readonly string[]): string => {
  const file = join(folder, name);
  writeFileSync(file, ['email,country', ...addresses.map((it) => `${it},IE`)].join('\n'));
  return file;
};

const blocksIn = async (file: string, leads: number, sample?: number) => {
  const found = [];
  for await (const it of rowBlocks(file, { seed: 'a', leads, blockSize: 10, ...(sample !== undefined && { sample }) })()) found.push(it);
  return found;
};
const addressesIn = (blocks: Awaited<ReturnType<typeof blocksIn>>) => blocks.map((it) => (it.rows ?? []).map((row) => row.email));

describe('a sample of a list', () => {
  const addresses = Array.from({ length: 1003 }, (_, at) => `lead.${at}@example.com`);
  const sorted = listOf('sorted.csv', addresses);

  it('has the same leads in whatever order the list is, dealt to blocks as large as in the whole', async () => {
    const blocks = await blocksIn(sorted, 1003, 495);
    expect(blocks.map((it) => it.rows?.length)).toEqual(blocks.map((it) => it.size));
    expect(blocks).toHaveLength(50);
    const found = addressesIn(blocks).flat();
    expect(new Set(found).size).toBe(found.length);
    const turned = await blocksIn(listOf('turned.csv', addresses.toReversed()), 1003, 495);
    expect(addressesIn(turned).flat().sort()).toEqual(found.sort());
  });

  it('is spread over the list, and so is each of its blocks', async () => {
    for (const block of addressesIn(await blocksIn(sorted, 1003, 100))) {
      const places = block.map((it) => Number(it?.slice(5, it.indexOf('@'))));
      expect(Math.max(...places) - Math.min(...places)).toBeGreaterThan(400);
    }
  });

  it('takes both rows of one address, or none', async () => {
    const twice = listOf('twice.csv', [...addresses.slice(0, 300), ...addresses.slice(0, 300)]);
    const blocks = addressesIn(await blocksIn(twice, 600, 100));
    const together = blocks.flatMap((block) => block.filter((it) => block.filter((other) => other === it).length === 2));
    expect(blocks.flat()).toHaveLength(100);
    expect(together.length).toBeGreaterThanOrEqual(80);
  });

  it('of all is the list as it is', async () => {
    expect(await blocksIn(sorted, 1003, 1003)).toEqual(await blocksIn(sorted, 1003));
    expect(addressesIn(await blocksIn(sorted, 1003)).flat()).toEqual(addresses);
  });
});

describe('--sample', () => {
  const simulate = async (...args: string[]): Promise<void> => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    register(program);
    for (const it of program.commands) it.exitOverride().configureOutput({ writeErr: () => undefined });
    await program.parseAsync(['node', 'baton', 'simulate', '--population', '1000000', ...args]);
  };

  it.each([
    [['--sample', '0'], /how many leads to run, a whole number such as 5000/],
    [['--sample', 'half'], /how many leads to run/],
    [['--sample', '5000', '--console', 'spring'], /take a whole rehearsal/],
  ])('says in words what is wrong with %j', async (args, words) => {
    await expect(simulate(...args)).rejects.toThrow(words);
  });
});
