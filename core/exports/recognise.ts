import type { ConsentRow, Recognised, SuppressionRow } from './format.ts';
import { consentsExport, contactsExport, isContacts, isOptOuts, optOutsExport } from './hubspot.ts';
import { cleanedExport, isCleaned, isMailchimp, isUnsubscribed, subscribedExport, unsubscribedExport } from './mailchimp.ts';
import { hasAddress, plainConsents, plainSuppressions } from './plain.ts';

/** What this file is, by its headers. Headers are given as the file has them; none of them is said again, one may be an address. */
export const recogniseSuppressions = (given: readonly string[]): Recognised<SuppressionRow> => {
  const headers = normal(given);
  if (isMailchimp(headers)) {
    if (isUnsubscribed(headers)) return unsubscribedExport;
    if (isCleaned(headers)) return cleanedExport;
    return { problem: 'this is Mailchimp’s list of subscribed people; who left is in the files "unsubscribed" and "cleaned"' };
  }
  if (isOptOuts(headers)) return optOutsExport;
  if (isContacts(headers)) return contactsExport;
  if (hasAddress(headers)) return plainSuppressions;
  return { problem: 'no column is called "email"; see docs/bring-people.md for the files that are understood' };
};

export const recogniseConsents = (given: readonly string[]): Recognised<ConsentRow> => {
  const headers = normal(given);
  if (isMailchimp(headers)) {
    if (isUnsubscribed(headers) || isCleaned(headers)) return { problem: 'these people left or could not be reached: --suppressions' };
    return subscribedExport;
  }
  if (isOptOuts(headers)) return { problem: 'these people left or could not be reached: --suppressions' };
  if (isContacts(headers)) return consentsExport;
  if (hasAddress(headers)) return plainConsents;
  return { problem: 'no column is called "email"; see docs/bring-people.md for the files that are understood' };
};

const normal = (headers: readonly string[]): readonly string[] => headers.map((it) => it.trim().toLowerCase());
