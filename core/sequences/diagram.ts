import type { EventKey } from '#core/condition';
import type { Fact } from '#core/entry-facts';
import { triggersOf } from './enter.ts';
import type { DateWait, EntryDate, EntryTrigger, LeadChange, Sequence, Step, WaitLength } from './model.ts';

/** A sequence as a marketer sees it: steps and ways between them, no states. */
export type NodeKind = Step['kind'] | 'start' | 'end';
export type DiagramNode = { readonly id: string; readonly kind: NodeKind; readonly title: string; readonly detail: string };
export type DiagramEdge = { readonly from: string; readonly to: string; readonly label: string };
/** Figures of an edge are by this. */
export const edgeKey = ({ from, to, label }: DiagramEdge): string => `${from} ${to} ${label}`;
export type Diagram = { readonly title: string; readonly nodes: readonly DiagramNode[]; readonly edges: readonly DiagramEdge[] };

export const diagramOf = (sequence: Pick<Sequence, 'id' | 'enter' | 'steps'>): Diagram => {
  const start: DiagramNode = {
    id: '(start)',
    kind: 'start',
    title: 'enter',
    detail: waysInWords(triggersOf(sequence.enter)),
  };
  const drawn = draw(sequence.steps, [{ from: start.id, label: '' }]);
  const end: DiagramNode = { id: '(end)', kind: 'end', title: 'end', detail: '' };
  const toEnd = drawn.open.map((it) => ({ ...it, to: end.id }));
  return {
    title: sequence.id,
    nodes: [start, ...drawn.nodes, ...(toEnd.length > 0 ? [end] : [])],
    edges: [...drawn.edges, ...toEnd],
  };
};

const mostWays = 2;
const waysInWords = (ways: readonly EntryTrigger[]): string => {
  const more = ways.length - mostWays;
  return [...ways.slice(0, mostWays).map(triggerInWords), ...(more > 0 ? [`in ${more} more ways`] : [])].join(', or ');
};

/** `on trial.started`, `when it begins to hold (stage)`, `30 days before renewal-date`. */
export const triggerInWords = (trigger: EntryTrigger): string => {
  if ('event' in trigger) return `on ${trigger.event}`;
  if ('imported' in trigger) return `imported with ${trigger.imported}`;
  if ('when' in trigger) return `when it begins to hold (${factsInWords(trigger.reads)})`;
  if ('date' in trigger) return dayInWords(trigger.date);
  return 'api' in trigger ? 'by POST /enrol' : `agreed to ${trigger.consent}`;
};

const factsInWords = (facts: readonly Fact[]): string => {
  const words = facts.map((it) => it.replace(/^field:/, '').replace(':', ' '));
  return words.length > 3 ? `${words.slice(0, 3).join(', ')} …` : words.join(', ');
};

type Loose = { readonly from: string; readonly label: string };
type Drawn = { readonly nodes: readonly DiagramNode[]; readonly edges: readonly DiagramEdge[]; readonly open: readonly Loose[] };

const draw = (steps: readonly Step[], open: readonly Loose[]): Drawn =>
  steps.reduce<Drawn>(
    (before, step) => {
      const drawn = drawStep(step);
      const into = before.open.map((it) => ({ ...it, to: step.id }));
      return { nodes: [...before.nodes, ...drawn.nodes], edges: [...before.edges, ...into, ...drawn.edges], open: drawn.open };
    },
    { nodes: [], edges: [], open },
  );

const drawStep = (step: Step): Drawn => {
  const node: DiagramNode = { id: step.id, kind: step.kind, title: step.id, detail: detailOf(step) };
  const past = step.onlyIf && step.kind !== 'email' ? [{ from: step.id, label: 'else' }] : [];
  if (step.kind === 'exit') return { nodes: [node], edges: [], open: past };
  const ways = waysOf(step);
  if (ways.length === 0) return { nodes: [node], edges: [], open: [{ from: step.id, label: '' }] };
  const arms = ways.map((it) => draw(it.steps, [{ from: step.id, label: it.label }]));
  return {
    nodes: [node, ...arms.flatMap((it) => it.nodes)],
    edges: arms.flatMap((it) => it.edges),
    open: [...arms.flatMap((it) => it.open), ...past],
  };
};

const waysOf = (step: Step): readonly { readonly label: string; readonly steps: readonly Step[] }[] => {
  switch (step.kind) {
    case 'wait-for':
      return [...step.arms.map((arm) => ({ label: arm.name, steps: arm.steps })), { label: 'timed out', steps: step.timedOut }];
    case 'branch':
      return step.arms.map((arm) => ({ label: arm.name, steps: arm.steps }));
    case 'repeat':
      return [{ label: step.onlyIf ? 'if it holds' : '', steps: step.steps }];
    case 'split':
      return step.arms.map((arm) => ({ label: `${arm.name} ${arm.share} %`, steps: arm.steps }));
    case 'email':
    case 'wait':
    case 'update':
    case 'notify':
    case 'enrol-in':
    case 'webhook':
    case 'exit':
      return [];
  }
};

const detailOf = (step: Step): string => `${contentOf(step)}${step.onlyIf ? ', if its condition holds' : ''}`;

/** What a step does, in a few words. */
export const contentOf = (step: Step): string => {
  switch (step.kind) {
    case 'email':
      return `e-mail ${step.email}${step.atOnce ? ', at once' : ''}`;
    case 'wait':
      return `wait ${lengthInWords(step.length)}`;
    case 'wait-for':
      return `until ${step.arms.map((it) => inWords(it.awaits)).join(' or ')}, at most ${secondsInWords(step.atMostSeconds)}`;
    case 'branch':
      return 'by what is known';
    case 'split':
      return 'by chance';
    case 'repeat':
      return `${step.until ? 'up to ' : ''}${counted(step.times, 'time')}`;
    case 'update':
      return changeInWords(step);
    case 'notify':
      return `tells ${[...(step.slack === undefined ? [] : [`Slack ${step.slack}`]), ...(step.email ?? [])].join(', ')}`;
    case 'enrol-in':
      return `enters ${step.sequence}`;
    case 'webhook':
      return `asks ${new URL(step.url).host}`;
    case 'exit':
      return step.as === 'goal' ? 'exit: goal' : 'exit';
  }
};

export const changeInWords = ({ stage, fields = {}, leave = [] }: LeadChange): string =>
  [
    ...(stage === undefined ? [] : [`stage ${stage}`]),
    ...Object.entries(fields).map(([field, value]) =>
      field.startsWith('tag-') ? `${value ? 'tag' : 'no tag'} ${field.slice(4)}` : `${field} ${value}`,
    ),
    ...leave.map((topic) => `leaves ${topic}`),
  ].join(', ');

const inWords = (awaits: EventKey): string => (awaits.startsWith('did:') ? awaits.slice('did:'.length) : awaits.replace(':', ' '));

const lengthInWords = (length: WaitLength): string =>
  'seconds' in length
    ? secondsInWords(length.seconds)
    : 'until' in length
      ? dateInWords(length.until)
      : counted(length.businessDays, 'business day');

/** `until 30 days before renewal-date, each year`. */
const dateInWords = (date: DateWait): string => `until ${dayInWords(date)}`;

export const dayInWords = ({ field, plusDays, yearly }: EntryDate): string => {
  const offset = plusDays === 0 ? '' : `${counted(Math.abs(plusDays), 'day')} ${plusDays < 0 ? 'before' : 'after'} `;
  return `${offset}${field}${yearly ? ', each year' : ''}`;
};

const units = [
  [604_800, 'week'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** In the largest unit that divides it, but days up to two weeks. */
export const secondsInWords = (seconds: number): string => {
  const [size, name] = units.find(([it, unit]) => seconds % it === 0 && (unit !== 'week' || seconds > 2 * it)) ?? [1, 'second'];
  return counted(seconds / size, name);
};

const counted = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
