import type { EventKey } from './condition.ts';
import type { EventRow } from './events.ts';

/** Which of the tracked keys this event makes true for one enrolment. Mail events count only for that enrolment's own mails. */
export const matchingKeys = (event: EventRow, tracks: readonly EventKey[], enrolmentId: string): EventKey[] =>
  tracks.filter((key) => isMatch(event, key, enrolmentId));

const isMatch = (event: EventRow, key: EventKey, enrolmentId: string): boolean => {
  const [kind, what] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  switch (kind) {
    case 'opened':
    case 'clicked':
      return event.name === kind && event.step === what && event.enrolmentId === enrolmentId;
    case 'did':
      return event.name === what;
    case 'visited':
      return event.name === 'visited' && event.path !== undefined && isPathMatch(event.path, what);
    default:
      return false;
  }
};

/** The same for a lead, whatever runs it is in: mails are named with their sequence, `clicked:<sequence>/<step>`. */
export const eventMatches = (event: EventRow, key: EventKey): boolean => {
  const [kind, what] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  if (kind === 'opened' || kind === 'clicked') return event.name === kind && `${event.sequence}/${event.step}` === what;
  return isMatch(event, key, '');
};

/** `*` stands for any run of characters; query and fragment do not count. Parts are looked for in order, without going back. */
export const isPathMatch = (path: string, pattern: string): boolean => {
  const cut = path.search(/[?#]/);
  const bare = cut < 0 ? path : path.slice(0, cut);
  if (!pattern.includes('*')) return bare === pattern;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!bare.startsWith(first) || !bare.endsWith(last) || bare.length < first.length + last.length) return false;
  let from = first.length;
  const end = bare.length - last.length;
  for (const part of rest) {
    const found = bare.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
};
