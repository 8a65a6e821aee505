import * as z from 'zod';
import type { Sales } from '#core/config';
import { durationRule, parseDuration } from '#core/duration';
import type { Report, YamlPath } from '#core/problems';
import { type Behaviour, type BehaviourEvent, type Persona, usualBehaviour } from './model.ts';
import { readSalesBehaviour, SalesBehaviourShape } from './sales-schema.ts';

const Chance = z.number().min(0).max(1);
const Factors = z.array(z.number().min(0).max(10)).min(1).max(50);
const Path = z.string().regex(/^\//, 'a path of your site that begins with /, e.g. /pricing');

const VisitShape = z.strictObject({
  path: Path.describe('A page of your site'),
  chance: Chance.describe('Of those who clicked'),
  times: z.number().int().min(1).max(20).optional().describe('At most so often; 1 when not given'),
});

export const BehaviourEventShape = z.strictObject({
  event: z
    .string()
    .regex(/^[a-z][a-z0-9._-]{0,63}$/, 'the name of an event, e.g. project.created')
    .describe('What they do in your product'),
  on: z.string().min(1).describe('After what: arrive (the lead comes in), open, click, or the name of another event of the same persona'),
  email: z.string().min(1).optional().describe('With open or click: only of this e-mail step'),
  chance: Chance.describe('How many of them do'),
  after: z.string().optional().describe('Not sooner than this, e.g. 1 hour'),
  within: z.string().optional().describe('Some time within so long after that; 1 day when not given'),
});

export const PersonaShape = z.strictObject({
  share: z.number().positive().max(1_000_000).describe('How many of them there are, beside the shares of the others'),
  opens: Chance.describe('Of the mails that arrive'),
  clicks: Chance.describe('Of the mails that are opened'),
  replies: Chance.optional().describe('Of the mails that are opened'),
  unsubscribes: Chance.optional().describe('Of the mails that are opened'),
  complains: Chance.optional().describe('Of the mails that arrive: reported as spam'),
  visits: z.array(VisitShape).optional().describe('Pages that those who click go on to'),
  events: z.array(BehaviourEventShape).optional().describe('What they do in the product'),
  'by-position': Factors.optional().describe('Instead of the by-position of all'),
});

export const BehaviourShape = z.strictObject({
  personas: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short name in lower case, such as keen'), PersonaShape)
    .optional()
    .describe('Kinds of people; the usual ones when not given'),
  'by-position': Factors.optional().describe(
    'What the first, second, … e-mail makes of the chance to open, e.g. [1, 0.9, 0.8]; the last holds for all after it',
  ),
  'by-hour': z
    .array(z.number().min(0).max(1000))
    .length(24)
    .optional()
    .describe('When mail is read: 24 weights, of the local hours 0 to 23'),
  'reads-within': z.string().optional().describe('Whoever opens a mail does so within so long; 2 days when not given'),
  scanners: z
    .strictObject({
      share: Chance.describe('Of all leads'),
      links: z.number().int().min(0).max(50).optional().describe('How many links of a mail they follow; 5 when not given'),
      decoy: z.boolean().optional().describe('Whether they follow the link that no reader sees; true when not given'),
    })
    .optional()
    .describe('Leads whose mail security opens every mail and follows its links'),
  'image-proxy': Chance.optional().describe('Leads whose mailbox provider fetches pictures for them'),
  bounces: z
    .strictObject({
      dead: Chance.optional().describe('Leads whose address does not exist'),
      full: Chance.optional().describe('Leads whose mailbox is full now and then'),
      'while-full': Chance.optional().describe('How many of their mails meet it so'),
    })
    .optional()
    .describe('Mail that comes back'),
  confirms: Chance.optional().describe('Of those who are asked to confirm'),
  sales: SalesBehaviourShape.optional().describe('How sales answers the tasks that it gets; see below'),
});

type Given = z.output<typeof BehaviourShape>;

/** The events of each persona that follow from another: that one must come first in its list. */
const checkEvents = (name: string, { events = [] }: z.output<typeof PersonaShape>, report: Report): void => {
  events.forEach((it, at) => {
    const path: YamlPath = ['personas', name, 'events', at];
    const earlier = events.slice(0, at).map((one) => one.event);
    if (!['arrive', 'open', 'click', ...earlier].includes(it.on)) {
      report([...path, 'on'], {
        code: 'unknown-event',
        what: 'nothing of this persona is called so',
        got: it.on,
        allowed: ['arrive', 'open', 'click', ...earlier].join(', '),
        hint: 'an event that follows another one stands after it in the list',
      });
    }
    if (it.email !== undefined && it.on !== 'open' && it.on !== 'click') {
      report([...path, 'email'], { code: 'no-email-here', what: '`email` goes with `on: open` or `on: click`', got: it.email });
    }
  });
};

/** `sales`: sales.yaml of the same folder, if it could be read. */
export const readBehaviour = (data: Given, report: Report, sales?: Pick<Sales, 'team' | 'answers'>): Behaviour => {
  const usual = usualBehaviour([]);
  const seconds = (text: string | undefined, otherwise: number, path: YamlPath): number => {
    if (text === undefined) return otherwise;
    const found = parseDuration(text);
    if (!found) report(path, { code: 'no-duration', what: 'this is not a length of time', got: text, allowed: durationRule });
    return found?.seconds ?? otherwise;
  };
  const { personas = {} } = data;
  const names = Object.keys(personas);
  if (data.personas && names.length === 0)
    report(['personas'], { code: 'no-persona', what: 'there is no persona, so nobody does anything', at: 'key' });
  for (const name of names) checkEvents(name, personas[name] as z.output<typeof PersonaShape>, report);
  if (data['by-hour']?.every((it) => it === 0))
    report(['by-hour'], { code: 'no-hour', what: 'all hours weigh 0, so no mail is ever read', at: 'key' });
  const { bounces = {}, scanners } = data;
  return {
    personas: names.map((name) => personaOf(name, personas[name] as z.output<typeof PersonaShape>, seconds)),
    byPosition: data['by-position'] ?? usual.byPosition,
    byHour: data['by-hour'] ?? usual.byHour,
    readsWithinSeconds: seconds(data['reads-within'], usual.readsWithinSeconds, ['reads-within']),
    scanners: scanners ? { share: scanners.share, links: scanners.links ?? 5, decoy: scanners.decoy ?? true } : usual.scanners,
    imageProxy: data['image-proxy'] ?? usual.imageProxy,
    bounces: {
      dead: bounces.dead ?? usual.bounces.dead,
      full: bounces.full ?? usual.bounces.full,
      whileFull: bounces['while-full'] ?? usual.bounces.whileFull,
    },
    confirms: data.confirms ?? usual.confirms,
    sales: data.sales ? readSalesBehaviour(data.sales, report, sales) : usual.sales,
  };
};

type Seconds = (text: string | undefined, otherwise: number, path: YamlPath) => number;

const personaOf = (name: string, given: z.output<typeof PersonaShape>, seconds: Seconds): Persona => ({
  name,
  share: given.share,
  opens: given.opens,
  clicks: given.clicks,
  replies: given.replies ?? 0,
  unsubscribes: given.unsubscribes ?? 0,
  complains: given.complains ?? 0,
  visits: (given.visits ?? []).map(({ times = 1, ...it }) => ({ ...it, times })),
  events: (given.events ?? []).map((it, at): BehaviourEvent => {
    const path = (key: string): YamlPath => ['personas', name, 'events', at, key];
    return {
      name: it.event,
      on: it.on,
      chance: it.chance,
      afterSeconds: seconds(it.after, 0, path('after')),
      withinSeconds: seconds(it.within, 86_400, path('within')),
      ...(it.email !== undefined && { email: it.email }),
    };
  }),
  ...(given['by-position'] && { byPosition: given['by-position'] }),
});
