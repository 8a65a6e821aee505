import type { Usage } from '#core/cost';
import { wasSent } from '#core/counters';
import type { History } from '#core/ports';

/** Memory of a function, and what a call takes when it waits mostly for other services: as the demo's meter assumes. */
const gbSecondsPerCall = 0.25 * 0.06;

/**
 * What a lead took, as far as its rows speak of it: mails are exact; the rest is what each of them takes at least (a mail with the wait
 * behind it is a state, a timer, a message, a call and about eight writes in all; an event is a call, a read of the rows and three writes). Pages that were
 * only looked at, calls that were repeated and the nightly recount are not in it.
 */
export const usageOfLead = ({
  sends,
  events,
  enrolments,
  decisions,
}: Pick<History, 'sends' | 'events' | 'enrolments' | 'decisions'>): Usage => {
  const emails = sends.filter(wasSent).length;
  const ways = decisions.filter((it) => it.outcome.startsWith('arm:')).length;
  const calls = sends.length + events.length + enrolments.length + ways;
  return {
    emails,
    transitions: sends.length + 2 * ways + 2 * enrolments.length,
    lambdaRequests: calls,
    lambdaGbSeconds: calls * gbSecondsPerCall,
    writeUnits: 8 * sends.length + 3 * events.length + 5 * enrolments.length + decisions.length + 2,
    readUnits: 3 * sends.length + 3 * events.length + 3 * enrolments.length,
    queueRequests: 3 * (sends.length + events.length + enrolments.length),
    busEvents: 0,
    scheduled: sends.length,
  };
};
