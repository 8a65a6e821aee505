import type { SuppressionItem } from '#core/suppression-import';
import { type Cells, type ConsentRow, cellOf, type ExportFormat, isYes, type SuppressionRow } from './format.ts';

const optOut = 'opted out of email: ';
const everything = 'unsubscribed from all email';
const legalBasis = "legal basis for processing contact's data";
/** The export of unsubscribes and bounces: every other column is a subscription type. */
const portal = ['portal bounce', 'portal unsubscribe', 'portal spam report', 'global bounce'];
const notTypes = [...portal, 'global unsubscribe', 'global spam report', 'email', 'email address', 'recipient', 'contact id', 'record id'];

export const isContacts = (headers: readonly string[]): boolean =>
  headers.includes('email') &&
  (headers.includes('record id') || headers.some((it) => it === everything || it.startsWith(optOut) || it.startsWith(hardBounce)));
export const isOptOuts = (headers: readonly string[]): boolean => portal.some((it) => headers.includes(it));
const hardBounce = 'email hard bounce reason';

export const contactsExport: ExportFormat<SuppressionRow> = {
  name: 'HubSpot, contacts',
  read: (cells, options) => {
    if (![...cells.keys()].some((it) => it === everything || it.startsWith(optOut))) {
      return { rejected: { reason: 'the export lacks "Unsubscribed from all email": export it with all properties' } };
    }
    const bounced = [...cells].some(([header, value]) => header.startsWith(hardBounce) && value !== '');
    const isBad = bounced || isYes(cellOf(cells, 'invalid email address')) || isYes(cellOf(cells, 'email address quarantined'));
    const types = [...cells].filter(([it, value]) => it.startsWith(optOut) && isYes(value)).map(([it]) => it.slice(optOut.length));
    return combine(cells, { left: isYes(cellOf(cells, everything)), isBad, complained: false, types }, options);
  },
};

export const optOutsExport: ExportFormat<SuppressionRow> = {
  name: 'HubSpot, unsubscribes and bounces',
  read: (cells, options) => {
    const says = (name: string) => cellOf(cells, name) !== '' && !/^(false|no|0)$/i.test(cellOf(cells, name));
    const types = [...cells].filter(([header, value]) => !notTypes.includes(header) && isYes(value)).map(([header]) => header);
    const left = says('portal unsubscribe') || says('global unsubscribe');
    return combine(
      cells,
      { left, isBad: says('portal bounce') || says('global bounce'), complained: says('portal spam report'), types },
      options,
    );
  },
};

type Said = { readonly left: boolean; readonly isBad: boolean; readonly complained: boolean; readonly types: readonly string[] };
type Options = Parameters<ExportFormat<SuppressionRow>['read']>[1];

const combine = (cells: Cells, { left, isBad, complained, types }: Said, options: Options): SuppressionRow => {
  const address = { email: cellOf(cells, 'email', 'email address', 'recipient'), at: options.fileTime };
  const meant = types.map((type) => ({ type, topic: options.types[type] }));
  const unknown = left ? undefined : meant.find((it) => it.topic === undefined);
  if (unknown) {
    const reason = `say with --type "${unknown.type}=<topic>" which topic this is, or "${unknown.type}=all" or "=none"`;
    return { rejected: { column: unknown.type, reason } };
  }
  const topics = left ? [] : meant.flatMap(({ topic }) => (topic === undefined || topic === 'none' ? [] : [topic]));
  const all = left || topics.includes('all');
  const items: SuppressionItem[] = [
    ...(complained ? [{ ...address, reason: 'complained' as const }] : []),
    ...(all ? [{ ...address, reason: 'unsubscribed' as const, ...(options.topic !== undefined && { topic: options.topic }) }] : []),
    ...(all ? [] : topics.map((topic) => ({ ...address, reason: 'unsubscribed' as const, topic }))),
    ...(isBad ? [{ ...address, reason: 'bounced' as const }] : []),
  ];
  return { items };
};

/**
 * HubSpot's own proof stands in its timeline, not in the export. What the export can show: the lawful basis, and the form that the
 * person filled in first, with its time.
 */
export const consentsExport: ExportFormat<ConsentRow> = {
  name: 'HubSpot, contacts',
  read: (cells, { topic = '', source }) => {
    const reject = (column: string, reason: string): ConsentRow => ({ rejected: { column, reason } });
    if (isYes(cellOf(cells, everything))) return reject('Unsubscribed from all email', 'this person has left');
    const left = [...cells].find(([header, value]) => header.startsWith(optOut) && isYes(value));
    if (left) return reject('Opted out of email', 'this person has left a subscription type; bring it as a suppression first');
    if (!/consent/i.test(cellOf(cells, legalBasis))) {
      return reject("Legal basis for processing contact's data", 'it does not say that this person agreed');
    }
    const form = cellOf(cells, 'first conversion');
    const columns = {
      email: cellOf(cells, 'email'),
      'consent-topics': topic,
      'consent-at': cellOf(cells, 'first conversion date'),
      'consent-source': form === '' ? (source ?? '') : `HubSpot: ${form}`,
    };
    return { columns };
  },
};
