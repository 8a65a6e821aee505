import { brandDefaults, type LiveConfig, salesDefaults } from '#core/config';
import { defaultHumanRules } from '#core/humans';
import { compileSequence } from '#core/sequences/compile';
import { confirmationSequences, confirmationStep } from '#core/sequences/confirmation';
import type { CompiledEmail, EmailStep, Sequence, Step } from '#core/sequences/model';
import { mapArms } from '#core/sequences/plan';
import { digest } from './chaos.ts';

const mailStep = (id: string, more: Partial<EmailStep> = {}): EmailStep => ({ id, kind: 'email', email: id, atOnce: true, ...more });
const day = 86_400;

/** Every step kind, short enough to run thousands of times. */
const steps: readonly Step[] = [
  mailStep('welcome'),
  { id: 'settle', kind: 'wait', length: { seconds: 2 * day } },
  {
    id: 'first-project',
    kind: 'wait-for',
    atMostSeconds: 3 * day,
    since: 'enrolment',
    arms: [{ name: 'happened', awaits: 'did:project.created', steps: [mailStep('power-tips')] }],
    timedOut: [mailStep('getting-started')],
  },
  { id: 'breathe', kind: 'wait', length: { seconds: day } },
  {
    id: 'proof',
    kind: 'split',
    arms: [
      { name: 'story', share: 50, holdout: false, steps: [mailStep('case-story', { atOnce: false })] },
      { name: 'nothing', share: 50, holdout: true, steps: [] },
    ],
  },
  {
    id: 'size',
    kind: 'branch',
    arms: [
      {
        name: 'large',
        if: { kind: 'field', field: 'employees', test: { atLeast: 100 } },
        steps: [{ id: 'rest', kind: 'wait', length: { businessDays: 1 } }, mailStep('book-a-call', { atOnce: false })],
      },
      { name: 'other', steps: [{ id: 'leave', kind: 'exit', as: 'exit' }] },
    ],
  },
];

export const nurtureSequence: Sequence = {
  id: 'nurture',
  owner: 'ana@example.com',
  topic: 'tips',
  lawfulBasis: 'consent',
  priority: 50,
  enter: { on: { event: 'trial.started' }, again: 'never' },
  exits: [{ event: 'subscription.started', as: 'goal' }],
  giveUpAfter: { seconds: 14 * day, deferrals: 10 },
  window: { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60, zone: 'lead' },
  steps,
};

const content: CompiledEmail = {
  subject: 'Hello',
  preheader: 'A word',
  html: '<p>Hello {{ lead.email }}</p><a href="{{ unsubscribe-url }}">leave</a>',
  text: 'Hello. Leave: {{ unsubscribe-url }}',
};

const emails = Object.fromEntries(['welcome', 'power-tips', 'getting-started', 'case-story', 'book-a-call'].map((step) => [step, content]));

/** Every e-mail in its window: who comes to it from a wait-for, or first, has its hour planned. */
const inHours = (step: Step): Step => mapArms(step.kind === 'email' ? { ...step, atOnce: false } : step, (list) => list.map(inHours));

const windowed = (step: Step): Step =>
  step.kind === 'email' && !step.atOnce && nurtureSequence.window ? { ...step, window: nurtureSequence.window } : step;

/** `startsWith`: with a wait first, only the second look of the enrolment can find a stop written meanwhile; `plan`: with a mail that has its hours. */
export const nurture = (startsWith: 'mail' | 'wait' | 'plan' = 'mail') =>
  compileSequence(
    {
      ...nurtureSequence,
      steps: steps
        .slice(startsWith === 'wait' ? 1 : 0)
        .map(startsWith === 'plan' ? inHours : (step) => step)
        .map((step) => windowed(mapArms(step, (list) => list.map(windowed)))),
    },
    startsWith === 'wait' ? Object.fromEntries(Object.entries(emails).filter(([step]) => step !== 'welcome')) : emails,
    digest,
  );

export const liveConfig: LiveConfig = {
  brand: {
    company: 'Example Ltd',
    postalAddress: '1 Example Street, Dublin',
    sender: { name: 'Ana', address: 'ana@example.com' },
    links: 'https://go.example.com',
    locale: 'en',
    timeZone: 'Europe/Dublin',
    ...brandDefaults,
    topics: { tips: { label: 'Tips', consent: 'opt-in' } },
  },
  scoring: {
    disqualify: [],
    humans: defaultHumanRules,
    stages: [],
    lists: {},
    fit: [],
    engagement: {
      halfLifeSeconds: 21 * day,
      rules: [{ id: 'visited:/pricing', on: 'visited', path: '/pricing', points: 40, once: false, because: 'looked at prices' }],
    },
    qualified: { if: { kind: 'engagement', atLeast: 30 }, holdSeconds: 1800, hysteresis: 0 },
  },
  sales: {
    team: [{ rep: 'ben', email: 'ben@example.com', timeZone: 'Europe/Berlin', countries: [], weight: 1, role: 'rep' }],
    route: ['weighted'],
    answers: salesDefaults.answers,
  },
  hash: 'test',
};

const asking: CompiledEmail = {
  subject: 'Sure about {{ topic.label }}?',
  preheader: '',
  html: '<a ses:no-track href="{{ confirm-url }}">yes</a><a ses:no-track href="{{ unsubscribe-url }}">leave</a>',
  text: '{{ confirm-url }} {{ unsubscribe-url }}',
};

/** The sequences that ask for confirmation, as a deployment has them beside the marketer's. */
export const confirmations = (live: LiveConfig = liveConfig) =>
  confirmationSequences(live.brand).map((sequence) => compileSequence(sequence, { [confirmationStep]: asking }, digest));

/** The same rules with double opt-in for the topic of the test sequence. */
export const withDoubleOptIn: LiveConfig = {
  ...liveConfig,
  brand: {
    ...liveConfig.brand,
    topics: { tips: { label: 'Tips', labels: { de: 'Tipps' }, consent: 'double-opt-in' }, news: { label: 'News', consent: 'opt-in' } },
  },
};
