import type { Enrolment, Stop } from '#core/enrolment';
import type { Ports } from '#core/ports';

/** What it takes to tell a run of a stop, and of an awaited event. */
export type StopTelling = { readonly enrolments: Pick<Ports['enrolments'], 'stop'>; readonly tokens: Pick<Ports['tokens'], 'fail'> } & Pick<
  Ports,
  'log'
>;
type SeenTelling = { readonly enrolments: Pick<Ports['enrolments'], 'see'>; readonly tokens: Pick<Ports['tokens'], 'succeed'> } & Pick<
  Ports,
  'log'
>;

/**
 * Writes the stop to the row, then wakes the machine if the row holds a token. Repeating it is safe, and needed: a
 * crash between the two leaves the row stopped and the machine asleep until the message comes again.
 */
export const tellStop = async (use: StopTelling, enrolment: Enrolment, stop: Stop): Promise<void> => {
  const row = await use.enrolments.stop(enrolment, stop);
  if (!row?.token || row.endedAt || !row.stop) return;
  const told = await use.tokens.fail(row.token, 'Halt', row.stop.reason);
  use.log.info('enrolment stopped', { enrolmentId: row.enrolmentId, reason: row.stop.reason, woken: told === 'told' });
};

/** Adds what happened to the row, then wakes the wait-for that awaits it, if the machine is parked there. */
export const tellSeen = async (use: SeenTelling, enrolment: Enrolment, eventKeys: readonly string[], at: string): Promise<void> => {
  if (eventKeys.length === 0) return;
  const row = await use.enrolments.see(enrolment, eventKeys, at);
  if (!row?.token || row.endedAt || row.stop) return;
  const keys = row.awaiting?.filter((key) => eventKeys.includes(key)) ?? [];
  if (keys.length === 0) return;
  if (row.sinceHere && row.gsi1sk !== undefined && at < row.gsi1sk) return;
  const told = await use.tokens.succeed(row.token, { woken: 'event', keys });
  use.log.info('awaited event told', { enrolmentId: row.enrolmentId, woken: told === 'told' });
};

/** The lead's runs that have not ended. */
export const runningEnrolments = async (
  use: { readonly enrolments: Pick<Ports['enrolments'], 'ofLead'> },
  leadId: string,
): Promise<readonly Enrolment[]> => running(await use.enrolments.ofLead(leadId));

export const running = (enrolments: readonly Enrolment[]): readonly Enrolment[] => enrolments.filter((it) => it.endedAt === undefined);
