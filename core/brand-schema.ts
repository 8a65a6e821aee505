import * as z from 'zod';
import type { Brand } from './config.ts';
import { GlobalExitShape, readGlobalExits } from './global-exits.ts';
import { normaliseLocale } from './locale.ts';
import { mailRules, readMailRules } from './mail-rules-schema.ts';
import type { Report } from './problems.ts';
import { RepliesShape, readReplies } from './replies/reply-rules-schema.ts';
import { parseRetention } from './retention.ts';
import { parseQuietHours } from './send-window-text.ts';
import { idPattern, idRule } from './sequences/steps/step-kind.ts';
import { isZone } from './time-zone.ts';
import { unknownZone } from './unknown-zone.ts';
import { shown } from './zod-report.ts';

const Topic = z.strictObject({
  label: z.string().min(1).describe('How leads read it, e.g. on the unsubscribe page'),
  labels: z.record(z.string(), z.string().min(1)).optional().describe('The same in other languages, e.g. { de: Tipps für Lintel }'),
  consent: z
    .enum(['opt-in', 'double-opt-in'])
    .describe('opt-in: a lead must have agreed, with time and source; double-opt-in: and pressed the button in a confirmation mail'),
});

export const BrandShape = z.strictObject({
  company: z.string().min(1).describe('The name that leads know'),
  'postal-address': z.string().min(10).describe('Where you receive post; the law wants it in every mail'),
  sender: z
    .strictObject({
      name: z.string().min(1).describe('Who the mail is from'),
      address: z.email().describe('The address it comes from; its domain must be verified in SES'),
      'reply-to': z.email().optional().describe('Where answers go'),
    })
    .describe('Who mails'),
  links: z.string().describe('Origin of unsubscribe and preference pages, e.g. https://go.yourcompany.example'),
  sites: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Origins of your own sites, e.g. https://www.yourcompany.example: visits and forms there are taken (docs/events.md)'),
  'time-zone': z.string().describe("Used when a lead's own is unknown, and for days of scoring, e.g. Europe/Dublin"),
  locale: z.string().optional().describe('Language of e-mails without a locale in their name, e.g. en or en-IE; en if it is not said'),
  'quiet-hours': z.string().optional().describe('When no mail goes but `at: once`, e.g. 20:00-08:00 lead time'),
  holidays: z
    .strictObject({
      countries: z
        .array(z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'a country or a part of one, such as DE or DE-BY'))
        .min(1)
        .describe('Whose public holidays count, e.g. [IE, DE, DE-BY]; the lead’s fields country and region say which'),
      otherwise: z.string().optional().describe('One of them, for leads of other countries; without it they have none'),
    })
    .optional()
    .describe('Public holidays: e-mails with a window do not go, and business days do not count them'),
  ...mailRules,
  replies: RepliesShape.optional().describe('Take in answers to mails; see below'),
  exits: z
    .array(GlobalExitShape)
    .optional()
    .describe('What ends every run of every sequence at once, e.g. { on: subscription.started, as: goal }'),
  retention: z
    .strictObject({ 'inactive-leads': z.string().describe('So long after anything happened with a lead it is erased, e.g. 24 months') })
    .optional()
    .describe('How long leads are kept; without it until somebody erases them. Nobody in a sequence, with sales or won is erased by it'),
  topics: z.record(z.string(), Topic).describe('What leads can agree to; each sequence names one'),
});

export const readBrand = (data: z.output<typeof BrandShape>, report: Report): Brand => {
  const links = data.links.replace(/\/$/, '');
  if (!isOrigin(links)) {
    report(['links'], {
      code: 'not-an-origin',
      what: '"links" must be an https address without a path',
      got: data.links,
      allowed: 'https://go.yourcompany.example',
    });
  }
  (data.sites ?? []).forEach((site, at) => {
    if (!isOrigin(site))
      report(['sites', at], {
        code: 'not-an-origin',
        what: 'a site is an https address without a path',
        got: site,
        allowed: 'https://www.yourcompany.example',
      });
  });
  if (!isZone(data['time-zone'])) {
    report(['time-zone'], unknownZone(data['time-zone']));
  }
  const locale = data.locale === undefined ? 'en' : normaliseLocale(data.locale);
  if (locale === undefined) {
    report(['locale'], {
      code: 'not-a-locale',
      what: 'this is not a language',
      got: shown(data.locale),
      allowed: 'en, or with a country en-IE',
    });
  }
  const quiet = data['quiet-hours'] === undefined ? undefined : parseQuietHours(data['quiet-hours']);
  if (data['quiet-hours'] !== undefined && !quiet) {
    report(['quiet-hours'], {
      code: 'not-hours',
      what: '"quiet-hours" is not understood',
      got: shown(data['quiet-hours']),
      allowed: '20:00-08:00 lead time',
    });
  }
  if (Object.keys(data.topics).length === 0) report(['topics'], { code: 'missing', what: 'there is no topic that leads could agree to' });
  const { countries = [], otherwise } = data.holidays ?? {};
  if (otherwise !== undefined && !countries.includes(otherwise))
    report(['holidays', 'otherwise'], {
      code: 'unknown-country',
      what: 'this is none of the countries above',
      got: otherwise,
      allowed: countries.join(', '),
    });
  for (const topic of Object.keys(data.topics)) {
    if (!idPattern.test(topic) || topic.length > 32)
      report(['topics', topic], { code: 'bad-id', what: 'this is not a topic id', got: topic, allowed: idRule, at: 'key' });
  }
  const retention = data.retention && parseRetention(data.retention['inactive-leads']);
  if (data.retention && !retention)
    report(['retention', 'inactive-leads'], {
      code: 'not-a-retention',
      what: 'this is not how long leads can be kept',
      got: shown(data.retention['inactive-leads']),
      allowed: 'from 3 months to 10 years, e.g. "24 months"',
    });
  const { name, address, 'reply-to': replyTo } = data.sender;
  return {
    company: data.company,
    postalAddress: data['postal-address'],
    sender: { name, address, ...(replyTo !== undefined && { replyTo }) },
    links,
    ...(data.sites && { sites: data.sites }),
    timeZone: data['time-zone'],
    locale: locale ?? 'en',
    ...(quiet && { quietHours: quiet }),
    topics: Object.fromEntries(Object.entries(data.topics).map(([topic, it]) => [topic, readTopic(topic, it, report)])),
    ...readMailRules(data, report),
    ...readReplies(data, report),
    ...readGlobalExits(data.exits, report),
    ...(retention && { retention }),
  };
};

const readTopic = (id: string, { label, labels, consent }: z.output<typeof Topic>, report: Report): Brand['topics'][string] => {
  const read = Object.entries(labels ?? {}).flatMap(([text, words]) => {
    const locale = normaliseLocale(text);
    if (locale !== undefined) return [[locale, words] as const];
    report(['topics', id, 'labels', text], {
      code: 'not-a-locale',
      what: 'this is not a language',
      got: text,
      allowed: 'de, or with a country de-AT',
      at: 'key',
    });
    return [];
  });
  return { label, consent, ...(read.length > 0 && { labels: Object.fromEntries(read) }) };
};

const isOrigin = (text: string): boolean => {
  try {
    const url = new URL(text);
    const isLocal = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
    return url.origin === text && (url.protocol === 'https:' || (isLocal && url.protocol === 'http:'));
  } catch {
    return false;
  }
};
