import type { Scoring } from '#core/config';
import type { EventRow } from '#core/events';
import { judge, machineReasons } from '#core/humans';
import type { MailEvent } from './api.ts';

/** What SES told of one mail; at what a machine did stands why we think so. */
export const judged = (events: readonly MailEvent[], { humans }: Pick<Scoring, 'humans'>): readonly MailEvent[] => {
  const mail = { enrolmentId: '', step: '', round: 1 };
  const rows = events.map((it, at): EventRow => ({ ...it, ...mail, eventId: String(at), leadId: '', name: it.kind, done: true }));
  const deliveredAt = events.find((it) => it.kind === 'delivered')?.at;
  const verdicts = judge(rows, [{ ...mail, ...(deliveredAt !== undefined && { deliveredAt }) }], humans);
  return events.map((event, at) => {
    const verdict = verdicts.get(String(at));
    return verdict?.by === 'machine' ? { ...event, machine: verdict.because.map((it) => machineReasons[it]).join('; ') } : event;
  });
};

export const humanKinds = (events: readonly MailEvent[], scoring: Scoring): readonly string[] =>
  judged(events, scoring)
    .filter((it) => it.machine === undefined)
    .map((it) => it.kind);
