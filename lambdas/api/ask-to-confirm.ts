import type { Brand } from '#core/config';
import { confirmationId, needsDoubleOptIn } from '#core/consent';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';

type Asking = Pick<Use<'collect'>, 'leads' | 'enrolQueue' | 'suppressions'>;
type Imported = Pick<Lead, 'leadId' | 'fields' | 'consents'>;

/**
 * Starts the confirmation of each consent that needs one and has none; who left this topic once needs one always. Nobody is asked about what is older than the link in the
 * mail would be. The trigger is the consent itself: asking again is the same enrolment.
 */
export const askToConfirm = async (
  use: Asking,
  { leadId, fields, consents }: Imported,
  brand: Brand,
  now: Instant,
): Promise<{ readonly asked: number; readonly tooOld: number }> => {
  let asked = 0;
  let tooOld = 0;
  for (const [topic, consent] of Object.entries(consents)) {
    const isFresh = addSeconds(consent.at, brand.consent.confirmWithinSeconds) >= now;
    if (consent.confirmed) continue;
    if (!(await needsIt(use, { leadId, fields }, topic, brand)) && !(isFresh && (await hasLeft(use, leadId, topic)))) continue;
    if (!isFresh) {
      tooOld++;
      continue;
    }
    await use.enrolQueue.push({ leadId, sequence: confirmationId(topic), trigger: `consent:${topic}:${consent.at}` });
    asked++;
  }
  return { asked, tooOld };
};

const hasLeft = async (use: Asking, leadId: string, topic: string): Promise<boolean> =>
  (await use.suppressions.ofLead(leadId)).some((it) => it.scope === 'ALL' || it.scope === `TOPIC#${topic}`);

/** A row without a country says nothing of where its lead lives; the profile may. */
const needsIt = async (use: Asking, row: Pick<Lead, 'leadId' | 'fields'>, topic: string, brand: Brand): Promise<boolean> => {
  if (row.fields.country !== undefined || brand.consent.doubleOptIn.length === 0) return needsDoubleOptIn(row, topic, brand);
  const lead = await use.leads.find(row.leadId);
  return needsDoubleOptIn(lead ?? row, topic, brand);
};
