import * as z from 'zod';
import {
  type Activity,
  type Foreign,
  type ForeignEmail,
  type Next,
  type Noting,
  noting,
  type RawCondition,
  type RawEvent,
} from './foreign.ts';
import { eventOf, fieldOf, secondsInYaml, slugOf, tagOf } from './words.ts';

/** Mautic's campaign export since 7.0 (CampaignBundle, CampaignEventImportExportSubscriber): one object, or a list of one. */
const Id = z.union([z.string(), z.number()]).transform(String);
const Nullable = <T extends z.ZodType>(of: T) => of.nullish().transform((it) => it ?? undefined);
const MauticEvent = z.object({
  id: Id,
  name: Nullable(z.string()),
  type: z.string(),
  event_type: z.string(),
  event_order: Nullable(z.coerce.number()),
  properties: Nullable(z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()).transform(() => ({}) as Record<string, unknown>)])),
  trigger_interval: Nullable(z.coerce.number()),
  trigger_interval_unit: Nullable(z.string()),
  trigger_mode: Nullable(z.string()),
  trigger_date: Nullable(z.string()),
  trigger_hour: Nullable(z.string()),
  triggerRestrictedStartHour: Nullable(z.string()),
  triggerRestrictedDaysOfWeek: Nullable(z.unknown()),
  decisionPath: Nullable(z.string()),
  channel_id: Nullable(Id),
  parent_id: Nullable(Id),
});
type MauticEvent = z.output<typeof MauticEvent>;
const text = Nullable(z.string());
const MauticEmail = z
  .object({
    id: Id,
    name: text,
    subject: text,
    preheader_text: text,
    preheaderText: text,
    plain_text: text,
    plainText: text,
    custom_html: text,
    customHtml: text,
  })
  .transform((it): ForeignEmail & { id: string; name: string | undefined } => {
    const [preheader, plain, html] = [
      it.preheader_text ?? it.preheaderText,
      it.plain_text ?? it.plainText,
      it.custom_html ?? it.customHtml,
    ];
    return {
      id: it.id,
      name: it.name,
      ...(it.subject && { subject: it.subject }),
      ...(preheader && { preheader }),
      ...(plain && { text: plain }),
      ...(html && { html }),
    };
  });
const Named = z.object({ id: Id, name: text });
const MauticExport = z.object({
  campaign: z.array(z.object({ id: Id, name: z.string() })).min(1),
  campaign_event: z.array(MauticEvent),
  emails: z.array(MauticEmail).default([]),
  lists: z.array(Named).default([]),
  forms: z.array(Named).default([]),
});
const inner = (data: unknown): unknown => (Array.isArray(data) ? data[0] : data);

export const isMautic = (data: unknown): boolean => {
  const one = inner(data);
  return typeof one === 'object' && one !== null && 'campaign' in one && 'campaign_event' in one;
};

type Reading = {
  readonly emails: ReadonlyMap<string, ForeignEmail & { readonly name: string | undefined }>;
  readonly lists: ReadonlyMap<string, string>;
  readonly notes: Noting;
  readonly childrenOf: (id: string | undefined, path?: 'yes' | 'no') => readonly MauticEvent[];
  readonly add: (activity: Activity) => void;
};

export const fromMautic = (data: unknown): Foreign => {
  const { campaign, campaign_event: events, emails, lists, forms } = MauticExport.parse(inner(data));
  const notes = noting();
  const activities: Activity[] = [];
  const nameOf = (it: { readonly id: string; readonly name: string | undefined }) => it.name ?? it.id;
  const reading: Reading = {
    emails: new Map(emails.map((it) => [it.id, it])),
    lists: new Map(lists.map((it) => [it.id, nameOf(it)])),
    notes,
    childrenOf: (id, path) =>
      events
        .filter((it) => it.parent_id === id && (path === undefined || (it.decisionPath ?? 'yes') === path))
        .sort((one, other) => delayOf(one) - delayOf(other) || (one.event_order ?? 0) - (other.event_order ?? 0)),
    add: (activity) => void activities.push(activity),
  };
  const [first] = campaign;
  const [list, form] = [lists[0], forms[0]];
  if (lists.length + forms.length !== 1)
    notes.changed(
      'contact source',
      `the campaign names ${lists.length} segments and ${forms.length} forms as sources; one way in was taken`,
    );
  if (list)
    notes.changed(
      'contact source',
      `people came in by the segment “${nameOf(list)}”; here an imported list of that name lets its leads in`,
    );
  const start = chain(reading.childrenOf(undefined), 0, undefined, reading);
  noteMissing(events, activities, notes);
  return {
    format: 'mautic',
    name: first?.name ?? 'campaign',
    enter:
      !list && form
        ? { on: eventOf(`form.${nameOf(form)}`) }
        : { imported: slugOf(list ? nameOf(list) : (first?.name ?? 'campaign'), 64, 'list') },
    exits: [],
    start,
    activities,
    notes: notes.notes,
  };
};

/** What nothing stands for, and nobody has said so yet. */
const noteMissing = (events: readonly MauticEvent[], activities: readonly Activity[], { leftOut, notes }: ReturnType<typeof noting>) => {
  const came = new Set(activities.map((it) => it.id));
  const told = new Set(notes.filter((it) => it.fate === 'left-out').map((it) => it.activity));
  for (const it of events)
    if (!came.has(it.id) && !told.has(labelOf(it))) leftOut(labelOf(it), 'it stands behind something that did not come over');
};

const unitSeconds: { readonly [unit: string]: number } = { i: 60, h: 3600, d: 86_400, m: 30 * 86_400, y: 365 * 86_400 };
const delayOf = ({ trigger_mode: mode, trigger_interval: interval, trigger_interval_unit: unit }: MauticEvent): number =>
  mode === 'interval' ? (interval ?? 0) * (unitSeconds[unit ?? 'd'] ?? 86_400) : 0;

/** Siblings run side by side in Mautic: here one after the other, by their delays, and the one that decides comes last. Returns the first. */
const chain = (siblings: readonly MauticEvent[], since: number, end: Next, reading: Reading): Next => {
  const plain = siblings.filter((it) => it.event_type === 'action');
  const [question, ...more] = siblings.filter((it) => it.event_type !== 'action');
  for (const it of more)
    reading.notes.leftOut(
      labelOf(it),
      'several questions are asked at the same place; only one can be, so this one and what follows it is left out',
    );
  if (siblings.length > 1)
    for (const it of siblings.slice(1)) reading.notes.changed(labelOf(it), 'it ran beside others; here they come one after the other');
  let next = question ? ask(question, since, end, reading) : end;
  for (const it of plain.toReversed()) {
    const before = plain[plain.indexOf(it) - 1];
    const from = before ? delayOf(before) : since;
    const following = reading.childrenOf(it.id);
    const after = following.length > 0 ? chain(following, 0, next, reading) : next;
    next = waited(it, delayOf(it) - from, act(it, after, reading), reading);
  }
  return next;
};

const waited = (event: MauticEvent, seconds: number, next: Next, { notes, add }: Reading): Next => {
  const label = labelOf(event);
  if (event.trigger_mode === 'date')
    notes.leftOut(label, `it ran on ${event.trigger_date ?? 'a fixed day'} for everybody; here it follows at once`);
  if (event.trigger_hour ?? event.triggerRestrictedStartHour)
    notes.changed(label, 'it kept to certain hours: give the sequence or the e-mail a `send` window');
  const wait = secondsInYaml(seconds);
  if (wait === undefined) return next;
  const id = `${event.id}/wait`;
  add({ id, label: `before ${label}`, kind: 'wait', wait, next });
  return id;
};

const labelOf = ({ name, type, id }: MauticEvent): string => name?.trim() || `${type} ${id}`;
const listOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(String);

const act = (event: MauticEvent, next: Next, reading: Reading): string => {
  const { notes, add } = reading;
  const { id, type, channel_id: channel } = event;
  const own = (event.properties?.properties ?? event.properties ?? {}) as Record<string, unknown>;
  const base = { id, label: labelOf(event) };
  const pass = (why: string) => {
    notes.leftOut(base.label, why);
    add({ ...base, kind: 'pass', next });
  };
  const step = (raw: { readonly [kind: string]: unknown }, why?: string) => {
    if (why !== undefined) notes.changed(base.label, why);
    add({ ...base, kind: 'step', step: raw, next });
  };
  switch (type) {
    case 'email.send': {
      const email = reading.emails.get(String(own.email ?? channel ?? ''));
      if (!email) notes.changed(base.label, 'the export does not hold its text: write it');
      const { id: _id, name: _name, ...content } = { id: '', name: undefined, ...email };
      add({ ...base, kind: 'email', email: content, ...(own.email_type === 'transactional' && { transactional: true as const }), next });
      break;
    }
    case 'lead.changetags': {
      const tags = { add: listOf(own.add_tags).map(tagOf), remove: listOf(own.remove_tags).map(tagOf) };
      const given = Object.fromEntries(Object.entries(tags).filter(([, it]) => it.length > 0));
      if (Object.keys(given).length === 0) pass('it changes no tag');
      else step({ update: { tags: given } });
      break;
    }
    case 'lead.changelist': {
      const name = (it: string) => tagOf(reading.lists.get(it) ?? it);
      const tags = { add: listOf(own.addToLists).map(name), remove: listOf(own.removeFromLists).map(name) };
      const given = Object.fromEntries(Object.entries(tags).filter(([, it]) => it.length > 0));
      if (Object.keys(given).length === 0) pass('it changes no segment');
      else step({ update: { tags: given } }, 'segments stand as tags');
      break;
    }
    case 'lead.updatelead': {
      const fields = Object.entries(own).filter(
        ([, it]) => (typeof it === 'string' && it !== '') || typeof it === 'number' || typeof it === 'boolean',
      );
      if (fields.length === 0) pass('it sets no field');
      else step({ update: { fields: Object.fromEntries(fields.map(([name, it]) => [fieldOf(name), it])) } });
      break;
    }
    case 'campaign.sendwebhook': {
      const url = String(own.url ?? '');
      if (url.startsWith('https://')) step({ webhook: { url } }, 'ours is signed and sends other fields (docs/logic.md)');
      else pass(`a webhook goes to an https address, not to ${url || 'nothing'}`);
      break;
    }
    case 'email.send.to.user':
      step({ notify: { email: 'owner', says: base.label } }, 'it mailed a user; here it mails the owner these words: write better ones');
      break;
    default:
      pass(whyNot[type] ?? `“${type}” has no like here`);
  }
  return id;
};

const whyNot: { readonly [type: string]: string } = {
  'lead.changepoints': 'points come from scoring.yaml, by what a lead does, not from a step',
  'lead.adddnc': 'leaving is for the lead: nobody is taken off by a step here but from a topic (`update: { leave: [ … ] }`)',
  'lead.removednc': 'nobody who left is brought back by a step',
  'lead.deletecontact': 'leads are erased on request, not by a sequence',
  'stage.change': 'stages move by the rules of scoring.yaml',
  'campaign.addremovelead': 'to let a lead into another sequence use `enrol-in`',
  'campaign.jump_to_event': 'it goes back or across; what comes again is written with `repeat`',
  'sms.send_text_sms': 'SMS: there is no such channel here',
  'notification.send_notification': 'push: there is no such channel here',
  'message.send': 'which channel it took depended on the contact; here there is e-mail',
};

/** Both ways of a question lead on to `end`. Without a time limit of its own a decision waits 30 days here. */
const usualWait = 30 * 86_400;

const ask = (event: MauticEvent, since: number, end: Next, reading: Reading): Next => {
  const { notes, add } = reading;
  const base = { id: event.id, label: labelOf(event) };
  const yes = reading.childrenOf(event.id, 'yes');
  const no = reading.childrenOf(event.id, 'no');
  if (event.event_type === 'condition') {
    const condition = conditionOf(event, reading);
    add({
      ...base,
      kind: 'branch',
      arms: [{ name: 'yes', if: condition, next: chain(yes, 0, end, reading) }],
      rest: chain(no, 0, end, reading),
    });
    return waited(event, delayOf(event) - since, event.id, reading);
  }
  const awaited = eventAwaited(event);
  if (awaited === undefined) {
    notes.leftOut(base.label, `the decision “${event.type}” has no like here; its no-way is taken`);
    add({ ...base, kind: 'pass', next: chain(no, 0, end, reading) });
    return event.id;
  }
  const limit = no[0] ? delayOf(no[0]) : 0;
  if (limit === 0) notes.changed(base.label, 'it had no time limit; here it waits 30 days, then goes on');
  const atMost = limit || usualWait;
  add({
    ...base,
    kind: 'wait-for',
    arms: [{ name: 'happened', event: awaited, next: chain(yes, 0, end, reading) }],
    atMost: secondsInYaml(atMost) ?? '30 days',
    timedOut: chain(no, limit, end, reading),
  });
  return event.id;
};

const eventAwaited = ({ type, parent_id: parent, properties }: MauticEvent): RawEvent | undefined => {
  const own = (properties?.properties ?? properties ?? {}) as Record<string, unknown>;
  switch (type) {
    case 'email.open':
      return parent === undefined ? undefined : { opened: `#${parent}` };
    case 'email.click':
      return parent === undefined ? undefined : { clicked: `#${parent}` };
    case 'page.pagehit': {
      const path = pathOf(String(own.url ?? ''));
      return path === undefined ? undefined : { visited: path };
    }
    case 'form.submit':
      return { did: 'form.submitted' };
    case 'asset.download':
      return { did: 'asset.downloaded' };
    default:
      return undefined;
  }
};

const pathOf = (url: string): string | undefined => {
  const path = url.startsWith('/') ? url : URL.canParse(url) ? new URL(url).pathname : undefined;
  return path !== undefined && /^\/\S{0,199}$/.test(path) ? path : undefined;
};

const operators: { readonly [operator: string]: string } = {
  '=': 'is',
  '!=': 'is-not',
  gte: 'at-least',
  lte: 'at-most',
  contains: 'contains',
  in: 'in',
  '!in': 'not-in',
};

const conditionOf = (event: MauticEvent, { lists, notes }: Reading): RawCondition => {
  const label = labelOf(event);
  const own = (event.properties?.properties ?? event.properties ?? {}) as Record<string, unknown>;
  const any = (names: readonly string[]): RawCondition =>
    names.length === 1 ? { tag: names[0] } : { any: names.map((it) => ({ tag: it })) };
  switch (event.type) {
    case 'lead.field_value': {
      const [field, operator, value] = [fieldOf(String(own.field ?? 'field')), String(own.operator ?? '='), own.value];
      if (operator === 'empty' || operator === '!empty') return { field, set: operator === '!empty' };
      const word = operators[operator];
      if (word === 'at-least' || word === 'at-most') return { field, [word]: Number(value) };
      if (word === 'in' || word === 'not-in') return { field, [word]: listOf(value) };
      if (word !== undefined && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'))
        return { field, [word]: value };
      notes.changed(label, `its comparison “${operator}” has no like here and stands as the tag imported-unknown: write it anew`);
      return { tag: 'imported-unknown' };
    }
    case 'lead.tags':
      return any(listOf(own.tags).map(tagOf));
    case 'lead.segments':
      notes.changed(label, 'segments stand as tags: have a list or an update set them');
      return any(listOf(own.segments).map((it) => tagOf(lists.get(it) ?? it)));
    case 'lead.points':
      notes.changed(label, 'Mautic’s points and our engagement are counted by other rules: look at the number');
      return { engagement: { 'at-least': Number(own.score ?? 0) } };
    default:
      notes.changed(label, `the condition “${event.type}” has no like here and stands as the tag imported-unknown: write it anew`);
      return { tag: 'imported-unknown' };
  }
};
