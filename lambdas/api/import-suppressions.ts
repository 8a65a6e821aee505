import type { Use } from '#core/handlers';
import type { RowNote } from '#core/lead-import';
import type { Suppression } from '#core/ports';
import { readSuppression, withdrawnBy } from '#core/suppression-import';
import { suppressPerson } from '#lambdas/aliases';

type Importing = Pick<Use<'ingest'>, 'ids' | 'leads' | 'aliases' | 'suppressions' | 'consents' | 'wakeQueue' | 'config' | 'clock' | 'log'>;

export type IndexNote = RowNote & { readonly index: number };
export type SuppressionReport = { readonly accepted: number; readonly rejected: readonly IndexNote[] };

/** An API request must be answered within half a minute: so many are written at a time. */
const atOnce = 10;

/**
 * Takes in addresses that must get no mail, whether they are leads or not: of those that are none only the HMAC is kept. Every
 * effect has a deterministic key; the same again changes nothing.
 */
export const importSuppressions =
  (use: Importing) =>
  async (items: readonly unknown[], source: string): Promise<SuppressionReport> => {
    const now = use.clock.now();
    const topics = Object.keys((await use.config.live()).brand.topics);
    const rejected: IndexNote[] = [];
    const taken: (() => Promise<void>)[] = [];
    for (const [index, item] of items.entries()) {
      const read = readSuppression(item, { topics, now });
      if ('rejected' in read) {
        rejected.push({ index, ...read.rejected });
        continue;
      }
      const addressId = use.ids.leadId(read.email);
      taken.push(() => suppress(use, addressId, read.suppression(addressId), source));
    }
    for (let at = 0; at < taken.length; at += atOnce) await Promise.all(taken.slice(at, at + atOnce).map((write) => write()));
    use.log.info('suppressions taken in', { accepted: taken.length, rejected: rejected.length });
    return { accepted: taken.length, rejected };
  };

/** The suppression alone keeps mail away, so it goes first; then the proof, the profile, and word to what is running. */
const suppress = async (use: Importing, addressId: string, suppression: Suppression, source: string): Promise<void> => {
  const leadId = await suppressPerson(use, addressId, suppression);
  const lead = await use.leads.find(leadId);
  if (!lead) return;
  const withdrawn = withdrawnBy(suppression, lead, source);
  for (const [topic, consent] of Object.entries(withdrawn)) await use.consents.record(leadId, { topic, ...consent });
  if (Object.keys(withdrawn).length > 0) await use.leads.setConsents(leadId, withdrawn);
  await use.wakeQueue.push({ leadId });
};
