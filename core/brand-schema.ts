import * as z from 'zod';
import { type Brand, brandDefaults } from './config.ts';
import { durationRule, parseDuration } from './duration.ts';
import { normaliseLocale } from './locale.ts';
import type { Report, YamlPath } from './problems.ts';
import { parseQuietHours } from './send-window-text.ts';
import { idPattern, idRule } from './sequences/steps/step-kind.ts';
import { isZone } from './time-zone.ts';
import { shown } from './zod-report.ts';

const Topic = z.strictObject({
  label: z.string().min(1).describe('How leads read it, e.g. on the unsubscribe page'),
  labels: z.record(z.string(), z.string().min(1)).optional().describe('The same in other languages, e.g. { de: Tipps für Lintel }'),
  consent: z
    .enum(['opt-in', 'double-opt-in'])
    .describe('opt-in: a lead must have agreed, with time and source; double-opt-in: and pressed the button in a confirmation mail'),
});

export const ConsentShape = z.strictObject({
  'double-opt-in': z
    .array(z.string().regex(/^([A-Z]{2}|unknown)$/))
    .optional()
    .describe('Countries in which every topic needs double opt-in, e.g. [DE, AT, unknown]; unknown: leads without a country'),
  'confirm-within': z
    .string()
    .optional()
    .describe('How long the link in a confirmation mail works, and how old an agreement may be to be asked about; 7 days'),
});

export const SoftBouncesShape = z.strictObject({
  'at-most': z
    .number()
    .int()
    .min(1)
    .max(50)
    .optional()
    .describe('So many bounces that may pass, within `per`, and the address gets no more mail; 3'),
  per: z.string().optional().describe('Within how long; 30 days'),
  'cool-down': z.string().optional().describe('No mail for so long after each; 3 days'),
});

export const StopTheLineShape = z.strictObject({
  bounces: z.string().optional().describe('A sequence pauses itself above this share of bounces; 3 %'),
  complaints: z.string().optional().describe('And above this share of spam reports; 0.08 %, as mailbox providers bear 0.1 %'),
  over: z.string().optional().describe('Counted over so many days; 7 days'),
});

export const WarmUpShape = z.strictObject({
  start: z.iso.date().describe('First day of sending from this domain, e.g. 2026-12-01'),
  'per-day': z
    .array(z.number().int().min(1))
    .min(1)
    .max(365)
    .describe('How many e-mails may go on each day from then on, e.g. [50, 100, 200, 400, 800]'),
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
  'time-zone': z.string().describe("Used when a lead's own is unknown, and for days of scoring, e.g. Europe/Dublin"),
  locale: z.string().optional().describe('Language of e-mails without a locale in their name, e.g. en or en-IE; en if it is not said'),
  'quiet-hours': z.string().optional().describe('When no mail goes but `at: once`, e.g. 20:00-08:00 lead time'),
  consent: ConsentShape.optional().describe('Rules for agreements; see below'),
  'soft-bounces': SoftBouncesShape.optional().describe('What bounces that may pass lead to; see below'),
  'stop-the-line': StopTheLineShape.optional().describe('When a sequence pauses itself; see below'),
  'warm-up': WarmUpShape.optional().describe('A daily ceiling that grows, for a new domain; see below'),
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
  if (!isZone(data['time-zone'])) {
    report(['time-zone'], {
      code: 'unknown-time-zone',
      what: 'there is no such time zone',
      got: data['time-zone'],
      allowed: 'an IANA name such as Europe/Dublin',
    });
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
  for (const topic of Object.keys(data.topics)) {
    if (!idPattern.test(topic) || topic.length > 32)
      report(['topics', topic], { code: 'bad-id', what: 'this is not a topic id', got: topic, allowed: idRule, at: 'key' });
  }
  const seconds = (path: YamlPath, text: string | undefined, usual: number): number => {
    const duration = text === undefined ? { seconds: usual } : parseDuration(text);
    if (!duration) report(path, { code: 'not-understood', what: 'this is not a duration', got: text ?? '', allowed: durationRule });
    return duration?.seconds ?? usual;
  };
  const share = (key: 'bounces' | 'complaints', text: string | undefined, usual: number): number => {
    const percent = text === undefined ? usual * 100 : Number(/^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1] ?? Number.NaN);
    if (percent > 0 && percent <= 100) return percent / 100;
    report(['stop-the-line', key], { code: 'not-understood', what: 'this is not a share', got: shown(text), allowed: '3 %, 0.08 %' });
    return usual;
  };
  checkWarmUp(data['warm-up'], report);
  const { name, address, 'reply-to': replyTo } = data.sender;
  return {
    company: data.company,
    postalAddress: data['postal-address'],
    sender: { name, address, ...(replyTo !== undefined && { replyTo }) },
    links,
    timeZone: data['time-zone'],
    locale: locale ?? 'en',
    ...(quiet && { quietHours: quiet }),
    topics: Object.fromEntries(Object.entries(data.topics).map(([topic, it]) => [topic, readTopic(topic, it, report)])),
    consent: {
      doubleOptIn: data.consent?.['double-opt-in'] ?? [],
      confirmWithinSeconds: seconds(
        ['consent', 'confirm-within'],
        data.consent?.['confirm-within'],
        brandDefaults.consent.confirmWithinSeconds,
      ),
    },
    softBounces: {
      atMost: data['soft-bounces']?.['at-most'] ?? brandDefaults.softBounces.atMost,
      perSeconds: seconds(['soft-bounces', 'per'], data['soft-bounces']?.per, brandDefaults.softBounces.perSeconds),
      coolDownSeconds: seconds(
        ['soft-bounces', 'cool-down'],
        data['soft-bounces']?.['cool-down'],
        brandDefaults.softBounces.coolDownSeconds,
      ),
    },
    stopTheLine: {
      bounces: share('bounces', data['stop-the-line']?.bounces, brandDefaults.stopTheLine.bounces),
      complaints: share('complaints', data['stop-the-line']?.complaints, brandDefaults.stopTheLine.complaints),
      overDays: Math.max(
        1,
        Math.round(seconds(['stop-the-line', 'over'], data['stop-the-line']?.over, brandDefaults.stopTheLine.overDays * day) / day),
      ),
    },
    ...(data['warm-up'] && { warmUp: { start: data['warm-up'].start, perDay: data['warm-up']['per-day'] } }),
  };
};

const day = 86_400;

/** Mailbox providers trust a name that grows steadily. */
const steepest = 3;

const checkWarmUp = (warmUp: z.output<typeof WarmUpShape> | undefined, report: Report): void => {
  for (const [index, most] of (warmUp?.['per-day'] ?? []).entries()) {
    const before = warmUp?.['per-day'][index - 1] ?? most;
    const got = `${most} after ${before}`;
    const path = ['warm-up', 'per-day', index];
    if (most > before * steepest)
      report(path, {
        severity: 'warning',
        code: 'steep-warm-up',
        what: 'mailbox providers distrust a name whose mail grows this fast from one day to the next',
        got,
        allowed: `at most ${steepest} times the day before; doubling is usual`,
      });
    if (most < before)
      report(path, {
        severity: 'warning',
        code: 'shrinking-warm-up',
        what: 'a warm-up that shrinks puts off what the day before had let through',
        got,
        allowed: 'at least as many as on the day before',
      });
  }
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
