import * as z from 'zod';
import { type Activity, type Foreign, type ForeignEmail, type Noting, noting, type RawCondition, type RawEvent } from './foreign.ts';
import { eventOf, fieldOf, secondsInYaml, slugOf, tagOf } from './words.ts';

/**
 * Dittofeed's JourneyDefinition (isomorphic-lib/src/types.ts), alone or in its resource; `segments` and `messageTemplates` beside it,
 * as the API gives them, tell what the ids mean.
 */
const Operator = z.object({ type: z.string(), value: z.union([z.string(), z.number()]).optional() }).loose();
const SegmentNode = z
  .object({
    id: z.string(),
    type: z.string(),
    children: z.array(z.string()).default([]),
    path: z.string().optional(),
    event: z.string().optional(),
    operator: Operator.optional(),
  })
  .loose();
type SegmentNode = z.output<typeof SegmentNode>;
const Segment = z.object({
  id: z.string(),
  name: z.string(),
  definition: z.object({ entryNode: SegmentNode, nodes: z.array(SegmentNode) }).optional(),
});
const Template = z.object({
  id: z.string(),
  name: z.string().optional(),
  definition: z.object({ type: z.string().optional(), subject: z.string().optional(), body: z.string().optional() }).loose().optional(),
});
const JourneyNode = z
  .object({
    id: z.string(),
    type: z.string(),
    name: z.string().optional(),
    child: z.string().optional(),
    variant: z.record(z.string(), z.unknown()).optional(),
    timeoutSeconds: z.number().optional(),
    timeoutChild: z.string().optional(),
    segmentChildren: z.array(z.object({ id: z.string(), segmentId: z.string() })).default([]),
  })
  .loose();
type JourneyNode = z.output<typeof JourneyNode>;
const Definition = z.object({
  entryNode: z
    .object({
      type: z.string(),
      segment: z.string().optional(),
      event: z.string().optional(),
      child: z.string().optional(),
      reEnter: z.boolean().optional(),
    })
    .loose(),
  nodes: z.array(JourneyNode),
});
const DittofeedFile = z.object({
  name: z.string().default('journey'),
  definition: Definition,
  segments: z.array(Segment).default([]),
  messageTemplates: z.array(Template).default([]),
});

/** A definition by itself, its resource, or `{ journey, segments, messageTemplates }`. */
const inner = (data: unknown): Record<string, unknown> => {
  const { journey, ...rest } = objectOf(data);
  const resource = journey === undefined ? rest : { ...rest, ...objectOf(journey) };
  return 'definition' in resource ? resource : { ...resource, definition: resource };
};
const objectOf = (it: unknown): Record<string, unknown> => (typeof it === 'object' && it !== null ? (it as Record<string, unknown>) : {});

export const isDittofeed = (data: unknown): boolean => {
  const definition = objectOf(inner(data).definition);
  return 'entryNode' in definition && Array.isArray(definition.nodes);
};

type Reading = {
  readonly segments: ReadonlyMap<string, z.output<typeof Segment>>;
  readonly templates: ReadonlyMap<string, z.output<typeof Template>>;
  readonly notes: Noting;
};

export const fromDittofeed = (data: unknown): Foreign => {
  const { name, definition, segments, messageTemplates } = DittofeedFile.parse(inner(data));
  const notes = noting();
  const reading: Reading = {
    segments: new Map(segments.map((it) => [it.id, it])),
    templates: new Map(messageTemplates.map((it) => [it.id, it])),
    notes,
  };
  const { entryNode } = definition;
  const segment = entryNode.segment === undefined ? undefined : (reading.segments.get(entryNode.segment)?.name ?? entryNode.segment);
  if (entryNode.event === undefined)
    notes.changed(
      'entry',
      `people came in by the segment “${segment ?? 'of no name'}”; here an imported list of that name lets its leads in`,
    );
  return {
    format: 'dittofeed',
    name,
    enter: entryNode.event === undefined ? { imported: slugOf(segment ?? name, 64, 'list') } : { on: eventOf(entryNode.event) },
    ...(entryNode.reEnter && { again: 'always' }),
    exits: [],
    start: nextOf(entryNode.child),
    activities: definition.nodes.flatMap((it) => activitiesOf(it, reading)),
    notes: notes.notes,
  };
};

/** The exit node is called so and holds nothing. */
const nextOf = (child: unknown): string | undefined => (typeof child === 'string' && child !== 'ExitNode' ? child : undefined);

const activitiesOf = (node: JourneyNode, reading: Reading): readonly Activity[] => {
  const { notes } = reading;
  const variant = node.variant ?? {};
  const kind = String(variant.type ?? '');
  const base = { id: node.id, label: node.name?.trim() || `${node.type.replace(/Node$/, '')} ${node.id.slice(0, 8)}` };
  const pass = (why: string): readonly Activity[] => {
    notes.leftOut(base.label, why);
    return [{ ...base, kind: 'pass', next: nextOf(node.child) }];
  };
  switch (node.type) {
    case 'MessageNode': {
      if (kind !== 'Email') return pass(`${kind || 'this'}: there is no such channel here`);
      const template = reading.templates.get(String(variant.templateId ?? ''));
      if (!template?.definition)
        notes.changed(base.label, 'the file does not hold its text: write it, or put messageTemplates beside the journey');
      const label = node.name?.trim() || template?.name || base.label;
      return [{ ...base, label, kind: 'email', email: emailOf(template?.definition), next: nextOf(node.child) }];
    }
    case 'DelayNode':
      return delay(base, variant, node, reading, pass);
    case 'WaitForNode':
      return waitFor(base, node, reading);
    case 'SegmentSplitNode':
      return [
        {
          ...base,
          kind: 'branch',
          arms: [{ name: 'yes', if: conditionOf(String(variant.segment ?? ''), base.label, reading), next: nextOf(variant.trueChild) }],
          rest: nextOf(variant.falseChild),
        },
      ];
    case 'RateLimitNode':
      return pass('how much mail a person gets is said in brand.yaml: cap and gap (docs/caps.md)');
    case 'ExperimentSplitNode':
      return pass('its definition holds no ways; write a `split`');
    default:
      return pass(`“${node.type}” is not known here`);
  }
};

const emailOf = (definition: z.output<typeof Template>['definition']): ForeignEmail => ({
  ...(definition?.subject && { subject: definition.subject }),
  ...(definition?.body && { html: definition.body }),
});

type Base = { readonly id: string; readonly label: string };

const delay = (
  base: Base,
  variant: Record<string, unknown>,
  node: JourneyNode,
  { notes }: Reading,
  pass: (why: string) => readonly Activity[],
): readonly Activity[] => {
  const next = nextOf(node.child);
  if (variant.type === 'Second') {
    const wait = secondsInYaml(Number(variant.seconds ?? 0));
    return wait === undefined ? pass('it waits for nothing') : [{ ...base, kind: 'wait', wait, next }];
  }
  if (variant.type === 'UserProperty') {
    const days = Math.round(Number(variant.offsetSeconds ?? 0) / 86_400);
    const side = variant.offsetDirection === 'before' ? 'before' : 'after';
    notes.changed(
      base.label,
      'it waits until a day in a field of the lead; the field is named after the id of a user property: look at it, and at `otherwise`',
    );
    const until = {
      until: fieldOf(String(variant.userProperty ?? 'day')),
      ...(days > 0 && { [side]: `${days} days` }),
      otherwise: 'go-on',
    };
    return [{ ...base, kind: 'wait', wait: until, next }];
  }
  if (variant.type === 'LocalTime') {
    const time = `${String(variant.hour ?? 9).padStart(2, '0')}:${String(variant.minute ?? 0).padStart(2, '0')}`;
    return pass(`it waits until ${time} of the lead’s day: give the e-mail that follows a \`send\` window`);
  }
  return pass('how long it waits is not understood');
};

/** Segments that one event makes are waited for; what else a segment asks is asked once the time is over. */
const waitFor = (base: Base, node: JourneyNode, reading: Reading): readonly Activity[] => {
  const atMost = secondsInYaml(node.timeoutSeconds ?? 0) ?? '7 days';
  const arms = node.segmentChildren.map((it) => ({
    ...it,
    event: eventMaking(it.segmentId, reading),
    name: nameOf(it.segmentId, reading),
  }));
  const awaited = arms.filter((it): it is typeof it & { event: RawEvent } => it.event !== undefined);
  const asked = arms.filter((it) => it.event === undefined);
  const ask = `${node.id}/ask`;
  const after: readonly Activity[] =
    asked.length === 0
      ? []
      : [
          {
            id: ask,
            label: `${base.label} then`,
            kind: 'branch',
            arms: asked.map((it) => ({ name: it.name, if: conditionOf(it.segmentId, base.label, reading), next: nextOf(it.id) })),
            rest: nextOf(node.timeoutChild),
          },
        ];
  if (asked.length > 0)
    reading.notes.changed(base.label, 'what is no single event cannot be waited for: it is asked once the time is over');
  const timedOut = asked.length > 0 ? ask : nextOf(node.timeoutChild);
  if (awaited.length === 0) return [{ ...base, kind: 'wait', wait: atMost, next: timedOut }, ...after];
  return [
    { ...base, kind: 'wait-for', arms: awaited.map((it) => ({ name: it.name, event: it.event, next: nextOf(it.id) })), atMost, timedOut },
    ...after,
  ];
};

const nameOf = (segmentId: string, { segments }: Reading): string => segments.get(segmentId)?.name ?? segmentId;

const eventMaking = (segmentId: string, { segments }: Reading): RawEvent | undefined => {
  const entry = segments.get(segmentId)?.definition?.entryNode;
  return (entry?.type === 'Performed' || entry?.type === 'LastPerformed') && entry.event !== undefined
    ? { did: eventOf(entry.event) }
    : undefined;
};

const conditionOf = (segmentId: string, label: string, reading: Reading): RawCondition => {
  const segment = reading.segments.get(segmentId);
  const asTag = (): RawCondition => {
    const tag = tagOf(segment?.name ?? segmentId);
    reading.notes.changed(
      label,
      `the segment ${segment?.name ?? segmentId} stands as the tag ${tag}: have a list or an update set it, or write a condition`,
    );
    return { tag };
  };
  if (!segment?.definition) return asTag();
  const { entryNode, nodes } = segment.definition;
  return nodeCondition(entryNode, new Map(nodes.map((it) => [it.id, it])), new Set()) ?? asTag();
};

/** undefined: something in it has no like here. */
const nodeCondition = (node: SegmentNode, nodes: ReadonlyMap<string, SegmentNode>, path: ReadonlySet<string>): RawCondition | undefined => {
  if (path.has(node.id)) return undefined;
  const { type, operator, path: field } = node;
  if (type === 'And' || type === 'Or') {
    const children = node.children.map((id) => {
      const child = nodes.get(id);
      return child && nodeCondition(child, nodes, new Set([...path, node.id]));
    });
    const known = children.filter((it) => it !== undefined);
    if (known.length === 0 || known.length < children.length) return undefined;
    return known.length === 1 ? known[0] : { [type === 'And' ? 'all' : 'any']: known };
  }
  if ((type === 'Performed' || type === 'LastPerformed') && node.event !== undefined) return { did: eventOf(node.event) };
  if (type !== 'Trait' || field === undefined) return undefined;
  const [name, value] = [fieldOf(field), operator?.value];
  switch (operator?.type) {
    case 'Equals':
      return value === undefined ? undefined : { field: name, is: value };
    case 'NotEquals':
      return value === undefined ? undefined : { field: name, 'is-not': value };
    case 'Exists':
      return { field: name, set: true };
    case 'NotExists':
      return { field: name, set: false };
    case 'GreaterThanOrEqual':
      return { field: name, 'at-least': Number(value) };
    default:
      return undefined;
  }
};
