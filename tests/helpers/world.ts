import { parseDuration } from '#core/duration';
import { addSeconds } from '#core/instant';
import type { Consent } from '#core/lead';
import { createWorld, type WorldOptions } from '#local/world';
import { liveConfig, nurture } from './protocol-sequence.ts';

/** Monday, 14:00 in Berlin. */
export const start = '2026-03-23T13:00:00.000Z';

/** A world in memory with the test sequence, one lead who agreed, and words to move it. */
export const aWorld = async (options: Partial<WorldOptions> = {}) => {
  const compiled = nurture();
  const lines: string[] = [];
  const world = await createWorld({
    stack: 'memory',
    compiled: [compiled],
    live: liveConfig,
    startAt: start,
    seed: 'test',
    log: (line) => lines.push(JSON.stringify(line)),
    ...options,
  });
  const { ports } = world;
  const email = 'kim@example.com';
  const leadId = ports.ids.leadId(email);
  const consent: Consent = { given: true, at: start, source: 'form' };
  await ports.leads.upsert(
    {
      leadId,
      email,
      fields: { 'first-name': 'Kim', country: 'DE', 'time-zone': 'Europe/Berlin', employees: 120 },
      consents: { tips: consent },
    },
    start,
  );
  let count = 0;
  return {
    ...world,
    compiled,
    lines,
    leadId,
    email,
    /** Lets virtual time pass: `await world.advance('3 days')`. */
    advance: (duration: string) => world.runUntil(addSeconds(world.clock.now(), parseDuration(duration)?.seconds ?? 0)),
    /** An event of the lead, now. */
    did: async (name: string, path?: string) => {
      const event = {
        source: 'own' as const,
        eventId: `own-${count++}`,
        name,
        at: world.clock.now(),
        leadId,
        ...(path !== undefined && { path }),
      };
      await ports.eventQueue.push(event);
      await world.runUntil(world.clock.now());
    },
    sent: () => world.mail.mails().map((it) => it.tags.step ?? it.tags.kind),
    run: async () => (await ports.enrolments.ofLead(leadId))[0],
  };
};
