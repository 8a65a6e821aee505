import type { Brand } from './config.ts';
import { permissionFor } from './consent.ts';
import { topicLabel } from './email.ts';
import type { Lead } from './lead.ts';
import type { Suppression } from './ports.ts';

/** `on`: mail on this topic comes. `waiting`: it will, once the lead confirms. */
export type TopicChoice = { readonly topic: string; readonly label: string; readonly state: 'on' | 'off' | 'waiting' };

/** What a lead gets, topic by topic, in the order of brand.yaml. */
export const topicChoices = (
  lead: Lead,
  suppressions: readonly Suppression[],
  brand: Pick<Brand, 'topics' | 'consent'>,
  locale: string,
): readonly TopicChoice[] =>
  Object.keys(brand.topics).map((topic) => {
    const may = (lawfulBasis: 'consent' | 'confirmation') => permissionFor(lead, suppressions, { topic, lawfulBasis }, brand).may;
    return { topic, label: topicLabel(brand, topic, locale), state: may('consent') ? 'on' : may('confirmation') ? 'waiting' : 'off' };
  });
