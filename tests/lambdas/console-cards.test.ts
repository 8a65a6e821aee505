import { expect, it } from 'vitest';
import { cardsOf } from '#core/console/cards';
import { leadPk, profileSk } from '#core/keys';
import type { KeptErasure } from '#core/ports';
import { askToErase, removeLead } from '#lambdas/erase-lead';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld } from '#tests/helpers/world';

/** The night reads a lead; before it writes the lead's places in lists, somebody erases the lead. */
const erasedInBetween = async ({ hasCards, upTo }: { readonly hasCards: boolean; readonly upTo: 'profile' | 'all' }) => {
  const world = await aWorld({ hasConsole: true });
  const { ports, leadId, clock } = world;
  await world.did('trial.started');
  if (hasCards) await world.advance('36 hours');
  const history = await ports.histories.ofLead(leadId);
  expect(history.cards !== undefined).toBe(hasCards);
  const after = cardsOf({ history: { ...history, enrolments: [] }, tasks: [], live: liveConfig, now: clock.now() }).map((it) => ({
    ...it,
    fit: 99,
  }));
  const wish = (await askToErase(ports, leadId, 'asked')) as KeptErasure;
  if (upTo === 'all') await removeLead(ports, wish);
  else await ports.erasures.removeRows(leadId, ({ sk }) => sk !== profileSk);
  await ports.cards.put(leadId, history.cards ?? [], after);
  return world;
};

it.each([
  { hasCards: false, upTo: 'all' },
  { hasCards: false, upTo: 'profile' },
  { hasCards: true, upTo: 'all' },
  { hasCards: true, upTo: 'profile' },
] as const)('a lead that is erased between reading and writing is in no list (cards before: $hasCards, erased: $upTo)', async (how) => {
  const world = await erasedInBetween(how);
  expect((await world.ports.cards.page({ stage: 'lead' }, 10, undefined)).cards).toEqual([]);
  expect((await world.ports.cards.page({ sequence: 'nurture' }, 10, undefined)).cards).toEqual([]);
  const left = await world.table.query(leadPk(world.leadId), 'CARD#');
  // What lies there says no more than the certificate, and goes with the next look.
  for (const { pk: _pk, sk: _sk, name: _name, leadId, ...rest } of left)
    expect([leadId, how.upTo === 'all' ? rest : {}]).toEqual([world.leadId, {}]);
  await world.advance('2 hours');
  expect(await world.table.query(leadPk(world.leadId), '')).toEqual([]);
});

it('a lead that is there gets its places, leaves one and comes back to it', async () => {
  const world = await aWorld({ hasConsole: true });
  const history = await world.ports.histories.ofLead(world.leadId);
  const places = cardsOf({ history, tasks: [], live: liveConfig, now: world.clock.now() });
  const { cards } = world.ports;
  const shown = async () => (await cards.page({ stage: 'lead' }, 10, undefined)).cards.length;
  expect([await cards.put(world.leadId, [], places), await shown()]).toEqual([1, 1]);
  expect([await cards.put(world.leadId, places, []), await shown()]).toEqual([1, 0]);
  expect([await cards.put(world.leadId, [], places), await shown()]).toEqual([1, 1]);
});
