import { describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { addSeconds, toInstant } from '#core/instant';
import { testKeys } from '#local/settings';
import { createWorld } from '#local/world';
import { journey } from './journey.ts';

/** The same journey that runs on a deployed stack, on the embedded one: what it asks for there is what it must find here. */
const opened = async () => {
  const { live, ...marketing } = await loadMarketing('tests/conformance/marketing');
  if (!live) throw new Error('tests/conformance/marketing has errors');
  const { compiled } = await compileMarketing({ ...marketing, live });
  const startAt = toInstant(Date.now());
  const world = await createWorld({ stack: 'memory', compiled: compiled.map((it) => it.compiled), live, startAt, seed: 'conformance' });
  const on = {
    email: 'lead@conformance.example',
    run: 'one',
    leadIdOf: world.ports.ids.leadId,
    table: world.table,
    pause: async () => void (await world.runUntil(addSeconds(world.clock.now(), 30))),
    post: async (path: string, body: unknown) => {
      const headers = { authorization: `Bearer ${testKeys.api.local}`, 'content-type': 'application/json' };
      const answer = await world.app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: answer.status, text: await answer.text() };
    },
  };
  return { world, on };
};

describe('the journey of the conformance suite', () => {
  it('is what the embedded stack does', async () => {
    const { world, on } = await opened();
    const { sent, enrolment } = await journey(on);
    expect(sent).toEqual(['first', 'second']);
    expect(enrolment.endedAt).toBeDefined();
    expect(world.mail.mails().map((it) => it.subject)).toEqual(['Conformance: first', 'Conformance: second']);
    await world.stop();
  });

  it('fails, and says at what, where mail does not go or a key is not known', async () => {
    const { world, on } = await opened();
    await expect(journey({ ...on, patienceSeconds: 0.1, pause: async () => undefined })).rejects.toThrow('the first mail is sent');
    await expect(journey({ ...on, post: async () => ({ status: 401, text: 'a key is wanted' }) })).rejects.toThrow('401 instead of 202');
    await world.stop();
  });
});
