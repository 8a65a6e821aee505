import { type Instant, toEpoch } from '#core/instant';
import type { History } from '#core/ports';

const longest = 40;

/**
 * Where a lead came from, as far as that is on record: its field `utm-source`, its field `source` (which an import's mapping may set), the
 * form it filled in, the list that first brought it into a sequence, the system that first told of it. `unknown`: none of these.
 */
export const sourceOf = (history: Pick<History, 'lead' | 'events' | 'enrolments' | 'consents'>): string => {
  const { lead } = history;
  return (
    cleaned('utm', lead?.fields['utm-source']) ??
    cleaned('', lead?.fields.source) ??
    cleaned('form', formOf(history)) ??
    cleaned('list', listOf(history)) ??
    cleaned('api', callerOf(history)) ??
    'unknown'
  );
};

/** A field may hold anything: what is too long, or looks like an address, is not said. */
const cleaned = (kind: string, value: unknown): string | undefined => {
  if (value === undefined || value === '') return undefined;
  const words = String(value)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .toLowerCase();
  if (words === '') return undefined;
  const name = words.length > longest || words.includes('@') ? 'other' : words;
  return kind === '' ? name : `${kind} ${name}`;
};

const formOf = ({ consents, events }: Pick<History, 'consents' | 'events'>): string | undefined => {
  const forms: Named[] = [];
  for (const { source, at } of consents) if (source.startsWith('form ')) forms.push({ at, name: source.slice(5) });
  for (const { eventId, at } of events) if (eventId.startsWith(':form:')) forms.push({ at, name: eventId.split(':')[2] ?? '' });
  return earliest(forms)?.name;
};

const listOf = ({ enrolments }: Pick<History, 'enrolments'>): string | undefined =>
  earliest(
    enrolments.flatMap(({ trigger, enrolledAt }) =>
      trigger.startsWith('imported:') ? [{ at: enrolledAt, name: trigger.slice('imported:'.length) }] : [],
    ),
  )?.name;

/** Events that came by the API are named `<source>:<id>`, and so is what they trigger; names of our own begin with a colon, or are these. */
const callerOf = ({ events, enrolments }: Pick<History, 'events' | 'enrolments'>): string | undefined => {
  const callers: Named[] = [];
  const take = (at: Instant, name: string) => {
    const end = name.indexOf(':');
    const caller = end < 0 ? '' : name.slice(0, end);
    if (caller !== '' && !ownNames.includes(caller)) callers.push({ at, name: caller });
  };
  for (const { eventId, at } of events) take(at, eventId);
  for (const { trigger, enrolledAt } of enrolments) take(enrolledAt, trigger);
  return earliest(callers)?.name;
};
const ownNames: readonly string[] = ['imported', 'consent'];

type Named = { readonly at: Instant; readonly name: string };
const earliest = (of: readonly Named[]): Named | undefined =>
  of.length < 2 ? of[0] : of.toSorted((one, other) => toEpoch(one.at) - toEpoch(other.at) || (one.name < other.name ? -1 : 1))[0];
