import * as z from 'zod';
import { addSeconds, type Instant } from '#core/instant';
import type { Action } from '#local/actions';
import type { PlannedEvent } from '#local/ses/mail-service';
import { unsubscribeUrlOf } from './links.ts';
import type { People } from './people.ts';

const Common = { email: z.email(), at: z.iso.datetime().optional() };
/**
 * A line of --replay. Something that a person did in the product, at its time; or with a mail, so many seconds after it was sent: the
 * same person does the same with that mail of any version.
 */
const Did = z.strictObject({
  ...Common,
  at: z.iso.datetime(),
  event: z.string().regex(/^[a-z][a-z0-9._-]{0,63}$/),
  path: z.string().optional(),
});
const DidWithMail = z.strictObject({
  ...Common,
  sequence: z.string(),
  step: z.string(),
  did: z.enum(['opened', 'clicked', 'bounced', 'complained', 'unsubscribed']),
  after: z.number().min(0),
  link: z.string().optional(),
  agent: z.string().optional(),
});
export const RecordedLine = z.union([Did, DidWithMail]);
export type RecordedLine = z.output<typeof RecordedLine>;
/** By address, in lower case. */
export type Recorded = ReadonlyMap<string, readonly RecordedLine[]>;

/** Lines of a file, one JSON object each. Throws with the line's number where one is none. */
export const readRecorded = async (lines: AsyncIterable<string>): Promise<Recorded> => {
  const found = new Map<string, RecordedLine[]>();
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const given = jsonOf(line);
    const read = RecordedLine.safeParse(given);
    if (!read.success) throw new Error(`line ${number} of the recorded events ${whatIsWrong(given)}`);
    const email = read.data.email.toLowerCase();
    const known = found.get(email);
    if (known) known.push(read.data);
    else found.set(email, [read.data]);
  }
  return found;
};

const whatIsWrong = (given: unknown): string => {
  if (typeof given !== 'object' || given === null) return 'is not JSON: one object in { } stands on each line';
  const isWithMail = 'did' in given || 'step' in given;
  const { error } = (isWithMail ? DidWithMail : Did).safeParse(given);
  const form = isWithMail
    ? '{"email": …, "sequence": …, "step": …, "did": "clicked", "after": 5400}'
    : '{"email": …, "at": "2026-03-04T10:00:00Z", "event": "project.created"}';
  return `is not understood; such a line is ${form}:\n${error ? z.prettifyError(error) : ''}`;
};

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** People who do what is on record; what is not, they do not do. `emailOf`: of a lead, by its id. */
export const recordedPeople = (recorded: Recorded, emailOf: (leadId: string) => string): People => {
  const of = (email: string) => recorded.get(email.toLowerCase()) ?? [];
  const withMail = (email: string, { sequence, step }: { readonly sequence?: string; readonly step?: string }) =>
    of(email).flatMap((it) => ('did' in it && it.sequence === sequence && it.step === step ? [it] : []));
  return {
    onArrival: (leadId, now) =>
      of(emailOf(leadId)).flatMap((it, at): readonly Action[] => {
        if (!('event' in it)) return [];
        const then: Instant = new Date(it.at).toISOString();
        if (then < now) return [];
        const { event: name, path } = it;
        return [{ id: `${leadId}-recorded-${at}`, at: then, leadId, do: 'own-event', name, ...(path !== undefined && { path }) }];
      }),
    fateOf: (mail) => {
      const all = withMail(mail.to, mail.tags);
      const after = (seconds: number) => addSeconds(mail.at, Math.max(1, Math.floor(seconds)));
      const bounced = all.find((it) => it.did === 'bounced');
      if (bounced) return [{ at: after(bounced.after), kind: 'bounced', bounceType: 'Permanent', bounceSubType: 'General' }];
      const did = all.flatMap((it): readonly PlannedEvent[] => {
        if (it.did === 'unsubscribed' || it.did === 'bounced') return [];
        const { did: kind, link, agent: userAgent } = it;
        return [{ at: after(it.after), kind, ...(link !== undefined && { link }), ...(userAgent !== undefined && { userAgent }) }];
      });
      return [{ at: after(1), kind: 'delivered' }, ...did];
    },
    onMailEvent: ({ kind }, mail) => {
      const left = kind === 'delivered' ? withMail(mail.to, mail.tags).find((it) => it.did === 'unsubscribed') : undefined;
      const url = left && unsubscribeUrlOf(mail);
      if (!left || url === undefined) return [];
      const { lead: leadId = '', step } = mail.tags;
      return [{ id: `${leadId}-left-${step}`, at: addSeconds(mail.at, left.after), leadId, do: 'press', url }];
    },
  };
};
