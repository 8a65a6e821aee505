import * as z from 'zod';
import { type Activity, type Foreign, type Next, type Noting, noting, type RawCondition } from './foreign.ts';
import { eventOf, fieldOf, secondsInYaml, secondsOfIso, slugOf, tagOf, wholeShares } from './words.ts';

/** Amazon Pinpoint's JourneyResponse, as `aws pinpoint get-journey` prints it (API reference of Pinpoint, WriteJourneyRequest and Activity). */
const WaitTime = z.object({ WaitFor: z.string().optional(), WaitUntil: z.string().optional() });
const Dimension = z.object({
  Values: z.array(z.string()).default([]),
  DimensionType: z.string().optional(),
  AttributeType: z.string().optional(),
});
const Attributes = z.record(z.string(), Dimension).optional();
const EventDimensions = z.object({ EventType: Dimension.optional(), Attributes, Metrics: z.record(z.string(), z.unknown()).optional() });
const SimpleCondition = z.object({
  EventCondition: z.object({ Dimensions: EventDimensions.optional(), MessageActivity: z.string().optional() }).optional(),
  SegmentCondition: z.object({ SegmentId: z.string() }).optional(),
  SegmentDimensions: z
    .object({
      Attributes,
      UserAttributes: Attributes,
      Location: z.object({ Country: Dimension.optional() }).optional(),
    })
    .loose()
    .optional(),
});
type SimpleCondition = z.output<typeof SimpleCondition>;
const Condition = z.object({ Conditions: z.array(SimpleCondition).default([]), Operator: z.string().optional() });
const Message = z.object({ NextActivity: z.string().optional(), TemplateName: z.string().optional() });
/** `Wait` in what the CLI and the SDKs give, `WAIT` in the API reference. */
const Waiting = z.object({ NextActivity: z.string().optional(), WaitTime: WaitTime.optional() });
const PinpointActivity = z
  .object({
    Description: z.string().optional(),
    EMAIL: Message.optional(),
    SMS: Message.optional(),
    PUSH: Message.optional(),
    CUSTOM: Message.extend({ DeliveryUri: z.string().optional() }).optional(),
    ContactCenter: z.object({ NextActivity: z.string().optional() }).optional(),
    Wait: Waiting.optional(),
    WAIT: Waiting.optional(),
    ConditionalSplit: z
      .object({
        Condition: Condition.optional(),
        EvaluationWaitTime: WaitTime.optional(),
        TrueActivity: z.string().optional(),
        FalseActivity: z.string().optional(),
      })
      .optional(),
    MultiCondition: z
      .object({
        Branches: z.array(z.object({ Condition: SimpleCondition.optional(), NextActivity: z.string().optional() })).default([]),
        DefaultActivity: z.string().optional(),
        EvaluationWaitTime: WaitTime.optional(),
      })
      .optional(),
    RandomSplit: z
      .object({ Branches: z.array(z.object({ NextActivity: z.string().optional(), Percentage: z.number().optional() })).default([]) })
      .optional(),
    Holdout: z.object({ NextActivity: z.string().optional(), Percentage: z.number() }).optional(),
  })
  .loose();
type PinpointActivity = z.output<typeof PinpointActivity>;
const Journey = z.object({
  Name: z.string(),
  StartActivity: z.string().optional(),
  Activities: z.record(z.string(), PinpointActivity),
  StartCondition: z
    .object({
      Description: z.string().optional(),
      SegmentStartCondition: z.object({ SegmentId: z.string() }).optional(),
      EventStartCondition: z
        .object({ EventFilter: z.object({ Dimensions: EventDimensions.optional() }).optional(), SegmentId: z.string().optional() })
        .optional(),
    })
    .optional(),
  QuietTime: z.object({ Start: z.string().optional(), End: z.string().optional() }).optional(),
  Limits: z
    .object({ DailyCap: z.number().optional(), EndpointReentryCap: z.number().optional(), EndpointReentryInterval: z.string().optional() })
    .loose()
    .optional(),
  Schedule: z.object({ StartTime: z.string().optional(), EndTime: z.string().optional() }).loose().optional(),
  OpenHours: z.unknown().optional(),
  ClosedDays: z.unknown().optional(),
});

/** In the answer of get-journey, in the request of create-journey, or by itself. */
const inner = (data: unknown): unknown => (isObject(data) ? (data.JourneyResponse ?? data.WriteJourneyRequest ?? data) : data);

export const isPinpoint = (data: unknown): boolean => {
  const journey = inner(data);
  return isObject(journey) && isObject(journey.Activities);
};
const isObject = (data: unknown): data is Record<string, unknown> => typeof data === 'object' && data !== null;

export const fromPinpoint = (data: unknown): Foreign => {
  const journey = Journey.parse(inner(data));
  const notes = noting();
  noteRest(journey, notes);
  const { EventStartCondition: event, SegmentStartCondition: segment } = journey.StartCondition ?? {};
  const [trigger] = event?.EventFilter?.Dimensions?.EventType?.Values ?? [];
  if (trigger === undefined)
    notes.changed(
      'StartCondition',
      `people came in by a segment (${segment?.SegmentId ?? 'none is named'}); here a list of that name lets its leads in`,
    );
  if (event?.EventFilter?.Dimensions?.Attributes)
    notes.leftOut('StartCondition', 'the event counted only with certain attributes; here any such event lets a lead in');
  const reentry = journey.Limits?.EndpointReentryInterval === undefined ? undefined : secondsOfIso(journey.Limits.EndpointReentryInterval);
  return {
    format: 'pinpoint',
    name: journey.Name,
    enter: trigger === undefined ? { imported: slugOf(segment?.SegmentId ?? journey.Name, 64, 'list') } : { on: eventOf(trigger) },
    ...(reentry !== undefined && secondsInYaml(reentry) !== undefined && { again: `after ${secondsInYaml(reentry)}` }),
    exits: [],
    start: journey.StartActivity ?? Object.keys(journey.Activities)[0],
    activities: Object.entries(journey.Activities).flatMap(([id, it]) => activitiesOf(id, it, notes)),
    notes: notes.notes,
  };
};

const activitiesOf = (id: string, activity: PinpointActivity, notes: Noting): readonly Activity[] => {
  const label =
    activity.Description?.trim() || activity.EMAIL?.TemplateName || activity.CUSTOM?.TemplateName || `${kindOf(activity)} ${id}`;
  const base = { id, label };
  const pass = (next: Next, why: string): readonly Activity[] => {
    notes.leftOut(label, why);
    return [{ ...base, kind: 'pass', next }];
  };
  if (activity.EMAIL) {
    const { NextActivity: next, TemplateName: template } = activity.EMAIL;
    notes.changed(
      label,
      template === undefined
        ? 'a journey does not hold its text: write it'
        : `its text is in Pinpoint’s template ${template}: bring it over`,
    );
    return [{ ...base, kind: 'email', email: {}, next }];
  }
  const waiting = activity.Wait ?? activity.WAIT;
  if (waiting) {
    const { NextActivity: next, WaitTime: time } = waiting;
    const wait = lengthOf(time);
    return wait === undefined ? pass(next, untilWhy(time)) : [{ ...base, kind: 'wait', wait, next }];
  }
  if (activity.ConditionalSplit) {
    const { Condition: of, EvaluationWaitTime: wait, TrueActivity, FalseActivity } = activity.ConditionalSplit;
    const conditions = (of?.Conditions ?? []).map((it) => conditionOf(it, label, notes));
    const all = of?.Operator === 'ANY' ? { any: conditions } : { all: conditions };
    const one = conditions.length === 1 && conditions[0] ? conditions[0] : all;
    if (conditions.length === 0) return pass(FalseActivity, 'it asks nothing; its no-way is taken');
    return asked(base, wait, { arms: [{ name: 'yes', if: one, next: TrueActivity }], rest: FalseActivity });
  }
  if (activity.MultiCondition) {
    const { Branches, DefaultActivity, EvaluationWaitTime: wait } = activity.MultiCondition;
    const arms = Branches.flatMap((it, at) =>
      it.Condition ? [{ name: `way-${at + 1}`, if: conditionOf(it.Condition, label, notes), next: it.NextActivity }] : [],
    );
    if (arms.length === 0) return pass(DefaultActivity, 'it asks nothing; its default is taken');
    return asked(base, wait, { arms, rest: DefaultActivity });
  }
  if (activity.RandomSplit) {
    const branches = activity.RandomSplit.Branches.filter((it) => (it.Percentage ?? 0) > 0);
    if (branches.length < 2) return pass(branches[0]?.NextActivity, 'everybody goes the same way, so there is nothing to split');
    const shares = wholeShares(branches.map((it) => it.Percentage ?? 0));
    return [
      {
        ...base,
        kind: 'split',
        arms: branches.map((it, at) => ({ name: `way-${at + 1}`, share: shares[at] ?? 1, next: it.NextActivity })),
      },
    ];
  }
  if (activity.Holdout) {
    const { NextActivity: next, Percentage: percent } = activity.Holdout;
    if (percent < 1 || percent > 99) return pass(next, `a holdout of ${percent} % compares nothing`);
    return [{ ...base, kind: 'split', arms: [{ name: 'goes-on', share: 100 - Math.round(percent), next }], holdout: Math.round(percent) }];
  }
  if (activity.CUSTOM) {
    const { DeliveryUri: uri = '', NextActivity: next } = activity.CUSTOM;
    if (!uri.startsWith('https://')) return pass(next, 'it calls a Lambda function; give it an https address and use a `webhook` step');
    notes.changed(label, 'it calls a webhook: ours is signed and sends other fields (docs/logic.md)');
    return [{ ...base, kind: 'step', step: { webhook: { url: uri } }, next }];
  }
  if (activity.SMS) return pass(activity.SMS.NextActivity, 'SMS: there is no such channel here');
  if (activity.PUSH) return pass(activity.PUSH.NextActivity, 'push: there is no such channel here');
  if (activity.ContactCenter) return pass(activity.ContactCenter.NextActivity, 'calls: there is no such channel here');
  return unknownKind(activity, pass);
};

/** Activities of a kind that has one way on all say so alike. */
const unknownKind = (activity: PinpointActivity, pass: (next: Next, why: string) => readonly Activity[]): readonly Activity[] => {
  const [kind, content] = Object.entries(activity).find(([name, it]) => name !== 'Description' && isObject(it)) ?? ['this'];
  const next = isObject(content) ? content.NextActivity : undefined;
  if (typeof next === 'string') return pass(next, `“${kind}” is not known here; leads go past it`);
  return pass(undefined, `“${kind}” is not known here, nor which way leads go on from it; what only follows it did not come over`);
};

const kinds = {
  Wait: 'wait',
  WAIT: 'wait',
  ConditionalSplit: 'question',
  MultiCondition: 'question',
  RandomSplit: 'split',
  Holdout: 'holdout',
  EMAIL: 'mail',
} as const;
const kindOf = (activity: PinpointActivity): string =>
  Object.entries(kinds).find(([key]) => activity[key as keyof typeof kinds] !== undefined)?.[1] ?? 'activity';

/** Pinpoint waits before it asks. */
const asked = (
  base: { readonly id: string; readonly label: string },
  time: z.output<typeof WaitTime> | undefined,
  question: { readonly arms: readonly { readonly name: string; readonly if: RawCondition; readonly next: Next }[]; readonly rest: Next },
): readonly Activity[] => {
  const wait = lengthOf(time);
  if (wait === undefined) return [{ ...base, kind: 'branch', ...question }];
  const ask = `${base.id}/ask`;
  return [
    { id: base.id, label: `${base.label} wait`, kind: 'wait', wait, next: ask },
    { id: ask, label: base.label, kind: 'branch', ...question },
  ];
};

const lengthOf = (time: z.output<typeof WaitTime> | undefined): string | undefined => {
  const seconds = time?.WaitFor === undefined ? undefined : secondsOfIso(time.WaitFor);
  return seconds === undefined ? undefined : secondsInYaml(seconds);
};
const untilWhy = (time: z.output<typeof WaitTime> | undefined): string =>
  time?.WaitUntil === undefined
    ? 'it does not say how long'
    : `it waits until ${time.WaitUntil} for everybody; here a wait has a length, or ends at a day in a field of the lead`;

const conditionOf = (
  { EventCondition: event, SegmentCondition: segment, SegmentDimensions: of }: SimpleCondition,
  label: string,
  notes: Noting,
): RawCondition => {
  if (event) return eventCondition(event, label, notes);
  if (segment) {
    notes.changed(
      label,
      `the segment ${segment.SegmentId} stands as the tag ${tagOf(segment.SegmentId)}: have a list or an update set it, or write a condition`,
    );
    return { tag: tagOf(segment.SegmentId) };
  }
  const fields = [
    ...Object.entries({ ...of?.Attributes, ...of?.UserAttributes }),
    ...(of?.Location?.Country ? [['country', of.Location.Country] as const] : []),
  ];
  const left = Object.keys(of ?? {}).filter(
    (it) => !['Attributes', 'UserAttributes', 'Location', 'Metrics'].includes(it) || it === 'Metrics',
  );
  if (left.length > 0) notes.leftOut(label, `part of its condition has no like here: ${left.join(', ')}`);
  const tests = fields.map(([name, { Values, DimensionType, AttributeType }]): RawCondition => {
    const isNot = DimensionType === 'EXCLUSIVE' || AttributeType === 'EXCLUSIVE';
    return { field: fieldOf(name), [isNot ? 'not-in' : 'in']: Values };
  });
  if (tests.length === 0) {
    notes.changed(label, 'its condition is unknown here and stands as the tag imported-unknown: write it anew');
    return { tag: 'imported-unknown' };
  }
  return tests.length === 1 && tests[0] ? tests[0] : { all: tests };
};

const eventCondition = (
  { Dimensions, MessageActivity }: NonNullable<SimpleCondition['EventCondition']>,
  label: string,
  notes: Noting,
): RawCondition => {
  const kinds = Dimensions?.EventType?.Values ?? [];
  if (Dimensions?.Attributes || Dimensions?.Metrics) notes.leftOut(label, 'attributes or metrics of the event are not asked for here');
  const tests = kinds.map((kind): RawCondition => {
    if (MessageActivity !== undefined && /open/.test(kind)) return { opened: `#${MessageActivity}` };
    if (MessageActivity !== undefined && /click/.test(kind)) return { clicked: `#${MessageActivity}` };
    if (kind.startsWith('_email.')) {
      notes.changed(
        label,
        `${kind} is no condition here (bounces and complaints stop mail by themselves); it stands as an event that never comes`,
      );
      return { did: 'imported.unknown' };
    }
    return { did: eventOf(kind) };
  });
  const isNot = Dimensions?.EventType?.DimensionType === 'EXCLUSIVE';
  const one: RawCondition = tests.length === 1 && tests[0] ? tests[0] : tests.length === 0 ? { did: 'imported.unknown' } : { any: tests };
  return isNot ? { not: one } : one;
};

const noteRest = (
  { QuietTime: quiet, Limits: limits, Schedule: schedule, OpenHours, ClosedDays }: z.output<typeof Journey>,
  notes: Noting,
): void => {
  if (quiet?.Start !== undefined)
    notes.changed('QuietTime', `put quiet-hours: ${quiet.Start}-${quiet.End ?? ''} lead time into brand.yaml; they hold for all sequences`);
  if (limits?.DailyCap) notes.changed('Limits', `at most ${limits.DailyCap} messages a day: see cap and gap in brand.yaml (docs/caps.md)`);
  if (limits?.EndpointReentryCap)
    notes.leftOut('Limits', `people came in at most ${limits.EndpointReentryCap} times; here \`again\` says how long after`);
  if (schedule?.EndTime !== undefined)
    notes.leftOut('Schedule', `the journey ended on ${schedule.EndTime}; a sequence runs until it is paused or removed`);
  if (OpenHours !== undefined || ClosedDays !== undefined)
    notes.leftOut('OpenHours', 'hours by channel: use `send` of the sequence and holidays of brand.yaml');
};
