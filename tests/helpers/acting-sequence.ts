import type { Condition } from '#core/condition';
import { factsRead } from '#core/entry-facts';
import { compileSequence } from '#core/sequences/compile';
import type { Sequence, Step } from '#core/sequences/model';
import { digest } from './chaos.ts';

const isSmall = { kind: 'field', field: 'employees', test: { atMost: 100_000 } } as const;

/** So that whoever changes a lead has somebody to tell. */
const comesBack: Condition = {
  kind: 'any',
  of: [
    { kind: 'stage', in: ['engaged', 'mql'] },
    { kind: 'field', field: 'headcount', test: { atLeast: 10 } },
    { kind: 'event', key: 'did:project.created' },
  ],
};

/** Every step that does something beside mailing, and every way to ask before one. */
export const actingSteps: readonly Step[] = [
  { id: 'note', kind: 'update', stage: 'engaged', fields: { plan: 'pro', 'tag-webinar': true }, leave: ['events'] },
  {
    id: 'enrich',
    kind: 'webhook',
    url: 'https://hooks.northwind.example/enrich',
    sends: ['company', 'country'],
    keeps: ['plan', 'seats'],
    into: { headcount: 'seats' },
    timeOutSeconds: 10,
    onlyIf: { kind: 'field', field: 'email', test: { isSet: true } },
  },
  {
    id: 'tell',
    kind: 'notify',
    says: '{{ lead.company | default: "Somebody" }} is back',
    slack: 'sales',
    email: ['owner', 'joy@northwind.example'],
    onlyIf: { kind: 'any', of: [isSmall, { kind: 'answer', step: 'enrich', name: 'plan', test: { is: 'pro' } }] },
  },
  {
    id: 'sign',
    kind: 'wait-for',
    atMostSeconds: 2 * 86_400,
    since: 'enrolment',
    arms: [
      { name: 'looked', awaits: 'visited:/pricing*', steps: [{ id: 'tried-to-buy', kind: 'update', fields: { 'tag-looked': true } }] },
      { name: 'built', awaits: 'did:project.created', steps: [] },
    ],
    timedOut: [],
  },
  { id: 'also', kind: 'enrol-in', sequence: 'webinar-follow-up' },
  {
    id: 'rounds',
    kind: 'repeat',
    times: 3,
    until: { kind: 'event', key: 'did:project.created' },
    steps: [
      { id: 'pause', kind: 'wait', length: { seconds: 86_400 }, onlyIf: isSmall },
      { id: 'count', kind: 'update', fields: { 'tag-round': true } },
    ],
  },
];

export const actingSequence: Sequence = {
  id: 'acting',
  owner: 'ana@northwind.example',
  topic: 'product-tips',
  lawfulBasis: 'consent',
  priority: 30,
  enter: {
    on: { imported: 'webinar' },
    also: [
      { when: comesBack, reads: factsRead(comesBack) },
      { date: { field: 'renewal-date', plusDays: -10, atMinute: 540, yearly: false } },
      { api: true },
    ],
    again: { afterSeconds: 86_400 },
  },
  exits: [],
  giveUpAfter: { seconds: 14 * 86_400, deferrals: 10 },
  steps: actingSteps,
};

export const compiledActing = compileSequence(actingSequence, {}, digest);
