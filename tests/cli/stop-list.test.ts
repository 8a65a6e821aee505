import { expect, it } from 'vitest';
import { memoryTable } from '#adapters/memory/memory-table';
import { stopListStore } from '#adapters/stores/stop-list';
import { changeStopList } from '#cli/stop-list';

const who = { by: 'kim', at: '2026-03-23T13:00:00.000Z' };
const rival = { domain: 'rival.example', reason: 'partner of ours', ...who };

it('puts a company on the list and takes it off, once each, by domain or by an address there', async () => {
  const list = stopListStore(memoryTable());
  const change = (asked: { readonly add?: string; readonly remove?: string }) =>
    changeStopList(list, { because: 'partner of ours', ...asked }, who);
  expect(await change({})).toEqual({ outcome: 'listed', companies: [] });
  expect(await change({ add: 'Kim@Rival.Example' })).toEqual({ domain: 'rival.example', outcome: 'added', companies: [rival] });
  expect(await change({ add: 'rival.example' })).toMatchObject({ outcome: 'known', companies: [rival] });
  expect(await change({ remove: 'rival.example' })).toEqual({ domain: 'rival.example', outcome: 'removed', companies: [] });
  expect(await change({ remove: 'rival.example' })).toMatchObject({ outcome: 'unknown' });
  await expect(change({ add: 'rival' })).rejects.toThrow('"rival" is no domain');
  await expect(change({ add: 'a.example', remove: 'a.example' })).rejects.toThrow('not both');
});
