import type { Brand } from './config.ts';
import { addressIdOf, type Lead } from './lead.ts';
import { contentFor } from './locale.ts';
import type { OutgoingEmail, Templates } from './ports.ts';
import type { SendKey } from './sending.ts';
import type { CompiledEmail } from './sequences/model.ts';
import { zoneOf } from './time-zone.ts';

/**
 * What an e-mail may say with Liquid. `lead` holds any field of the lead in kebab-case, and any of them may be missing;
 * `lead.email` and everything else is always there.
 */
export type MergeData = {
  readonly lead: { readonly email: string; readonly [field: string]: string | number | boolean };
  readonly brand: { readonly company: string; readonly 'postal-address': string };
  readonly sequence: { readonly id: string };
  readonly topic: { readonly id: string; readonly label: string };
  readonly 'unsubscribe-url': string;
  readonly 'preferences-url': string;
  /** Only in the mail that asks to confirm. */
  readonly 'confirm-url'?: string;
  /** Says on the brand's own sites who came; empty when it has none any more, for older copies still ask for it. */
  readonly 'visit-token': string;
  /** Language of this copy, e.g. `de`; the zone in which it is read. The filters date, money and number go by them. */
  readonly locale: string;
  readonly zone: string;
};

export type MergeParts = {
  readonly brand: Brand;
  readonly lead: Pick<Lead, 'email' | 'fields'>;
  readonly sequence: string;
  readonly topic: string;
  readonly links: MailLinks;
  /** Of the copy that is filled; the brand's own when not given. */
  readonly locale?: string;
};

export type MailLinks = { readonly unsubscribe: string; readonly preferences: string; readonly confirm?: string; readonly visit?: string };

/** For previews and rehearsals: links that lead nowhere. */
export const sampleLinks = ({ links }: Pick<Brand, 'links'>, word: string): Required<MailLinks> => ({
  unsubscribe: `${links}/u/${word}`,
  preferences: `${links}/p/${word}`,
  confirm: `${links}/c/${word}`,
  visit: word,
});

/** A topic as readers of this language know it. */
export const topicLabel = ({ topics }: Pick<Brand, 'topics'>, topic: string, locale: string): string => {
  const { label = topic, labels = {} } = topics[topic] ?? {};
  return labels[locale] ?? labels[locale.slice(0, 2)] ?? label;
};

export const mergeData = ({ brand, lead, sequence, topic, links, locale = brand.locale }: MergeParts): MergeData => ({
  lead: Object.assign(wellFormed(lead.fields), { email: lead.email }),
  brand: { company: brand.company, 'postal-address': brand.postalAddress },
  sequence: { id: sequence },
  topic: { id: topic, label: topicLabel(brand, topic, locale) },
  'unsubscribe-url': links.unsubscribe,
  'preferences-url': links.preferences,
  ...(links.confirm !== undefined && { 'confirm-url': links.confirm }),
  'visit-token': links.visit ?? '',
  locale,
  zone: zoneOf(lead, brand).zone,
});

/** Half a character (a lone surrogate) is nothing that can be encoded in a link or a header. */
const wellFormed = (fields: Lead['fields']): Lead['fields'] => {
  const whole: Record<string, Lead['fields'][string]> = { ...fields };
  for (const name in whole) {
    const value = whole[name];
    if (typeof value === 'string' && isHalved.test(value)) whole[name] = value.replace(/\p{Cs}/gu, '\ufffd');
  }
  return whole;
};

/** Without the flag for whole characters: whatever may hold half a one. */
const isHalved = /[\ud800-\udfff]/;

/** Merge fields that need no default. */
export const alwaysThere: readonly string[] = [
  'lead.email',
  'brand.company',
  'brand.postal-address',
  'sequence.id',
  'topic.id',
  'topic.label',
  'unsubscribe-url',
  'preferences-url',
  'locale',
  'zone',
];

/** Lead fields that most lists have; any other imported column is a field too. */
export const usualFields: readonly string[] = [
  'first-name',
  'last-name',
  'company',
  'job-title',
  'country',
  'employees',
  'time-zone',
  'source',
  'phone',
  'locale',
  'language',
];

export type MailParts = MergeParts & {
  readonly content: CompiledEmail;
  readonly lead: Lead;
  readonly key: SendKey;
  readonly templates: Templates;
  /** The address by which an answer to this mail finds its lead; an e-mail that names its own keeps it. */
  readonly replyTo?: string;
};

/** Fills one e-mail for one lead. Throws PermanentError when the template cannot be filled. */
export const composeEmail = (parts: MailParts): OutgoingEmail => {
  const { brand, key, sequence, links, templates, lead } = parts;
  const { content, locale } = contentFor(parts.content, lead, brand.locale);
  const data = mergeData({ brand, lead, sequence, topic: parts.topic, links, locale });
  const sender = content.sender ?? brand.sender;
  const replyTo = content.sender?.replyTo ?? parts.replyTo ?? sender.replyTo;
  return {
    from: { name: oneLine(sender.name), address: sender.address },
    ...(replyTo !== undefined && { replyTo }),
    to: lead.email,
    subject: oneLine(templates.fill(content.subject, data, 'text')),
    html: templates.fill(content.html, data, 'html'),
    text: tidy(templates.fill(content.text, data, 'text')),
    headers: [
      { name: 'List-Unsubscribe', value: `<${links.unsubscribe}>` },
      { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    ],
    tags: {
      lead: lead.leadId,
      sequence,
      enrolment: key.enrolmentId,
      step: key.step,
      round: String(key.round),
      address: addressIdOf(lead),
      // Gmail's Feedback-ID: its reports then tell sequences and steps apart.
      'ses:feedback-id-a': sequence,
      'ses:feedback-id-b': key.step,
    },
  };
};

/** No header line may end early or be drawn backwards: line ends, control and direction characters become spaces. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();

/** Conditions that did not hold leave empty lines behind. */
const tidy = (text: string): string =>
  `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
