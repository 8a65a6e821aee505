import * as z from 'zod';
import { normaliseEmail } from '#core/address';
import type { Brand, Sales } from '#core/config';
import { meantHint } from '#core/did-you-mean';
import { stopReasons } from '#core/enrolment';
import { addSeconds, type Instant } from '#core/instant';
import { type LeadFields, stages } from '#core/lead';
import type { Report, YamlPath } from '#core/problems';
import type { Sequence } from '#core/sequences/model';
import { everyStep } from '#core/sequences/plan';
import { isZone, zoneOf } from '#core/time-zone';
import { unknownZone } from '#core/unknown-zone';
import type { Act, Moment, SequenceTest } from './model.ts';
import { parseSpan, parseTime, spanRule, timeRule } from './times.ts';

const FieldValue = z.union([z.string(), z.number(), z.boolean()]);
const Times = z.number().int().min(1).max(100).optional();

export const ActShape = z.strictObject({
  did: z.string().optional().describe('A product event, e.g. trial.started'),
  visited: z.string().optional().describe('A page, e.g. /pricing'),
  times: Times.describe('So often, a minute apart; with did and visited'),
  opened: z.string().optional().describe('The e-mail of a step'),
  clicked: z.string().optional().describe('The first link of the e-mail of a step'),
  bounced: z.string().optional().describe('The e-mail of a step came back for good'),
  complained: z.string().optional().describe('The e-mail of a step was reported as spam'),
  unsubscribed: z.string().optional().describe('The lead left by the e-mail of a step'),
  imported: z.string().optional().describe('The lead came with this list'),
  set: z.record(z.string(), FieldValue).optional().describe('Fields that have another value from then on'),
});

export const TestShape = z.strictObject({
  test: z.string().min(1).describe('What this shows, in words'),
  lead: z
    .looseObject({ email: z.string(), consent: z.array(z.string()).optional().describe('Topics that the lead agreed to') })
    .describe('The lead: email, consent, and any fields'),
  arms: z.record(z.string(), z.string()).optional().describe('The arm of each split that the lead falls into'),
  answers: z
    .record(z.string(), z.union([z.enum(['silent', 'refused']), z.record(z.string(), FieldValue)]))
    .optional()
    .describe('What each webhook step is answered, e.g. { enrich: { plan: pro } }; silent: nobody answers; refused'),
  timeline: z
    .array(z.record(z.string(), ActShape))
    .min(1)
    .describe('What the lead does, by time, e.g. - 2026-03-23 14:00: { did: trial.started }'),
  until: z.string().optional().describe('How long to watch; 60 days after the last thing on the timeline if it is not said'),
  expect: z.strictObject({
    sent: z
      .array(z.record(z.string(), z.string()))
      .optional()
      .describe('These e-mails of the sequence and no others: - welcome: 2026-03-23 14:00'),
    'not-sent': z.array(z.string()).optional().describe('Steps whose e-mails must not go'),
    'handed-off': z.string().optional().describe('When sales gets the lead, or no'),
    to: z.string().optional().describe('Who of sales gets it'),
    ended: z
      .string()
      .optional()
      .describe('completed, exited, not-enrolled, running, or why it was stopped, e.g. qualified, goal, unsubscribed'),
    stage: z.enum(stages).optional().describe('The stage of the lead in the end'),
  }),
});

type Context = { readonly sequence: Sequence; readonly brand: Brand; readonly sales: Sales; readonly report: Report };

const usualDays = 60;
/** All that a run can come to (core/explain/endings.ts), and `not-enrolled`. */
const endings = ['completed', 'exited', 'running', 'not-enrolled', 'failed', ...stopReasons];

/** undefined: too broken to play; everything found wrong was reported. */
export const readTest = (data: z.output<typeof TestShape>, context: Context): SequenceTest | undefined => {
  const { report, brand, sales } = context;
  let isSound = true;
  const wrong: Report = (path, problem) => {
    isSound = false;
    report(path, problem);
  };
  const { email: given, consent = [], ...rest } = data.lead;
  const fields = readFields(rest, wrong);
  const email = normaliseEmail(given);
  if (email === undefined) wrong(['lead', 'email'], { code: 'not-an-address', what: 'this is not an e-mail address', got: given });
  known(consent, Object.keys(brand.topics), (at) => ['lead', 'consent', at], 'topic', wrong);
  const zone = zoneOf({ fields }, brand).zone;
  const timeline = readTimeline(data.timeline, zone, context, wrong);
  const last = timeline.at(-1)?.at ?? '';
  const until = data.until === undefined ? last && addSeconds(last, usualDays * 86_400) : parseTime(data.until, zone, last);
  if (until === undefined) wrong(['until'], { code: 'not-a-time', what: 'this is not a time', got: data.until ?? '', allowed: timeRule });
  const { expect } = data;
  const emails = emailSteps(context.sequence);
  const sent = expect.sent?.flatMap((entry, at) =>
    Object.entries(entry).map(([step, when]) => ({ step, when, path: ['expect', 'sent', at, step] as YamlPath })),
  );
  known(sent?.map((it) => it.step) ?? [], emails, (at) => sent?.[at]?.path ?? [], 'e-mail step', wrong, 'key');
  known(expect['not-sent'] ?? [], emails, (at) => ['expect', 'not-sent', at], 'e-mail step', wrong);
  if (expect.to !== undefined)
    known(
      [expect.to],
      sales.team.map((it) => it.rep),
      () => ['expect', 'to'],
      'member of the team',
      wrong,
    );
  if (expect.ended !== undefined) known([expect.ended], endings, () => ['expect', 'ended'], 'ending', wrong);
  const span = (text: string, path: YamlPath) => {
    const when = parseSpan(text, zone);
    if (!when) wrong(path, { code: 'not-a-time', what: 'this is not a time', got: text, allowed: spanRule });
    return when ?? { from: '', to: '' };
  };
  const handedOff = expect['handed-off'];
  const arms = readArmsOf(data.arms ?? {}, context.sequence, wrong);
  const { answers } = data;
  if (answers)
    known(
      Object.keys(answers),
      webhookSteps(context.sequence),
      (at) => ['answers', Object.keys(answers)[at] ?? ''],
      'webhook step',
      wrong,
      'key',
    );
  const result: SequenceTest = {
    name: data.test,
    email: email ?? '',
    fields,
    consents: consent,
    arms,
    ...(answers && { answers }),
    timeline,
    until: until ?? '',
    ...(sent && { sent: sent.map((it) => ({ ...it, when: span(it.when, it.path) })) }),
    notSent: (expect['not-sent'] ?? []).map((step, at) => ({ step, path: ['expect', 'not-sent', at] })),
    ...(handedOff !== undefined && {
      handedOff: {
        when: handedOff === 'no' ? 'no' : span(handedOff, ['expect', 'handed-off']),
        path: ['expect', 'handed-off'],
        ...(expect.to !== undefined && { to: expect.to }),
      },
    }),
    ...(expect.ended !== undefined && { ended: { how: expect.ended, path: ['expect', 'ended'] } }),
    ...(expect.stage !== undefined && { stage: { stage: expect.stage, path: ['expect', 'stage'] } }),
  };
  return isSound ? result : undefined;
};

const emailSteps = (sequence: Sequence) => everyStep(sequence.steps).flatMap((it) => (it.kind === 'email' ? [it.id] : []));

const webhookSteps = (sequence: Sequence) => everyStep(sequence.steps).flatMap((it) => (it.kind === 'webhook' ? [it.id] : []));

const known = (
  given: readonly string[],
  allowed: readonly string[],
  pathOf: (at: number) => YamlPath,
  noun: string,
  wrong: Report,
  place: 'key' | 'value' = 'value',
): void => {
  given.forEach((it, at) => {
    if (allowed.includes(it)) return;
    wrong(pathOf(at), {
      code: 'unknown-name',
      what: `there is no ${noun} "${it}"`,
      got: it,
      ...(allowed.length > 0 && { allowed: allowed.slice(0, 40).join(', ') }),
      ...meantHint(it, new Set(allowed)),
      at: place,
    });
  });
};

const readFields = (given: { readonly [field: string]: unknown }, wrong: Report): LeadFields => {
  const fields: Record<string, string | number | boolean> = {};
  for (const [field, value] of Object.entries(given)) {
    const read = FieldValue.safeParse(value);
    if (read.success) fields[field] = read.data;
    else wrong(['lead', field], { code: 'not-a-value', what: 'a field is text, a number, true or false', got: JSON.stringify(value) });
  }
  const zone = fields['time-zone'];
  if (typeof zone === 'string' && !isZone(zone)) wrong(['lead', 'time-zone'], unknownZone(zone));
  return fields;
};

const readArmsOf = (
  given: { readonly [split: string]: string },
  sequence: Sequence,
  wrong: Report,
): { readonly [split: string]: string } => {
  const splits = new Map(
    everyStep(sequence.steps).flatMap((it) => (it.kind === 'split' ? [[it.id, it.arms.map((arm) => arm.name)] as const] : [])),
  );
  known(Object.keys(given), [...splits.keys()], (at) => ['arms', Object.keys(given)[at] ?? ''], 'split', wrong, 'key');
  for (const [split, arm] of Object.entries(given)) known([arm], splits.get(split) ?? [arm], () => ['arms', split], 'arm', wrong);
  return given;
};

const readTimeline = (
  entries: z.output<typeof TestShape>['timeline'],
  zone: string,
  context: Context,
  wrong: Report,
): readonly Moment[] => {
  let before: Instant | undefined;
  return entries.flatMap((entry, index) =>
    Object.entries(entry).flatMap(([text, raw]): readonly Moment[] => {
      const path = ['timeline', index, text];
      const at = parseTime(text, zone, before);
      if (at === undefined) wrong(path, { code: 'not-a-time', what: 'this is not a time', got: text, allowed: timeRule, at: 'key' });
      if (at !== undefined && before !== undefined && at < before)
        wrong(path, { code: 'not-in-order', what: 'this is earlier than the line before it', got: text, at: 'key' });
      before = at ?? before;
      const act = readAct(raw, path, context, wrong);
      return at !== undefined && act ? [{ at, act, path }] : [];
    }),
  );
};

const verbs = ['did', 'visited', 'opened', 'clicked', 'bounced', 'complained', 'unsubscribed', 'imported', 'set'] as const;

const readAct = (raw: z.output<typeof ActShape>, path: YamlPath, { sequence }: Context, wrong: Report): Act | undefined => {
  const given = verbs.filter((it) => raw[it] !== undefined);
  const [verb] = given;
  if (!verb || given.length > 1) {
    wrong(path, {
      code: 'not-one-act',
      what: 'one thing happens at a time',
      got: given.join(', ') || 'nothing',
      allowed: `one of ${verbs.join(', ')}`,
    });
    return undefined;
  }
  const times = raw.times ?? 1;
  switch (verb) {
    case 'did':
      return { do: 'did', event: raw.did ?? '', times };
    case 'visited':
      return { do: 'visited', page: raw.visited ?? '', times };
    case 'imported':
      return { do: 'imported', list: raw.imported ?? '' };
    case 'set':
      return { do: 'set', fields: raw.set ?? {} };
    default: {
      const step = raw[verb] ?? '';
      known([step], emailSteps(sequence), () => [...path, verb], 'e-mail step', wrong);
      return { do: verb, step };
    }
  }
};
