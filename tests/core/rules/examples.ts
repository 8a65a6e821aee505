import { type Brand, brandDefaults, type LiveConfig, type Sales, type Scoring, salesDefaults } from '#core/config';
import type { Enrolment } from '#core/enrolment';
import type { Facts } from '#core/evaluate-condition';
import type { EventRow } from '#core/events';
import { defaultHumanRules } from '#core/humans';
import type { Lead } from '#core/lead';
import type { Artifact } from '#core/sequences/model';

export const leadId = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';
export const now = '2026-07-14T10:00:00.000Z';

export const aLead = (changes: Partial<Lead> = {}): Lead => ({
  leadId,
  email: 'ada@engines.example',
  fields: { 'first-name': 'Ada', company: 'Engines', country: 'DE', employees: 120 },
  stage: 'lead',
  createdAt: '2026-07-01T00:00:00.000Z',
  consents: { 'product-tips': { given: true, at: '2026-07-01T00:00:00.000Z', source: 'form' } },
  active: {},
  handoffs: 0,
  ...changes,
});

export const someFacts = (changes: Partial<Facts> = {}): Facts => ({ lead: aLead(), seen: {}, fit: 20, engagement: 30, now, ...changes });

export const anEnrolment = (changes: Partial<Enrolment> = {}): Enrolment => ({
  leadId,
  sequence: 'trial-nurture',
  enrolmentId: 'e1',
  leg: 1,
  version: 'v1',
  enrolledAt: '2026-07-02T00:00:00.000Z',
  trigger: 'event1',
  arms: {},
  seen: {},
  ...changes,
});

export const anEvent = (changes: Partial<EventRow> = {}): EventRow => ({
  eventId: 'event1',
  leadId,
  name: 'project.created',
  at: now,
  done: false,
  ...changes,
});

export const brand: Brand = {
  company: 'Northwind Tools',
  postalAddress: '12 Harbour Street, Dublin',
  sender: { name: 'Ana', address: 'ana@mail.northwind.example' },
  links: 'https://go.northwind.example',
  locale: 'en',
  timeZone: 'Europe/Dublin',
  quietHours: { fromMinute: 1200, toMinute: 480 },
  ...brandDefaults,
  topics: { 'product-tips': { label: 'Product tips', consent: 'opt-in' } },
};

export const day = 86_400;

/** What scoring.yaml need not have. */
export const noExtras = { disqualify: [], humans: defaultHumanRules, stages: [], lists: {} } as const;

export const scoring: Scoring = {
  ...noExtras,
  fit: [
    { id: 'fit:1', if: { kind: 'field', field: 'employees', test: { between: [50, 1000] } }, points: 20, because: 'core market' },
    {
      id: 'fit:2',
      if: { kind: 'field', field: 'email-domain', test: { in: ['gmail.com', 'gmx.de'] } },
      points: -15,
      because: 'private address',
    },
  ],
  engagement: {
    halfLifeSeconds: 21 * day,
    atMostPerDay: 25,
    rules: [
      {
        id: 'visited:/pricing*',
        on: 'visited',
        path: '/pricing*',
        points: 12,
        atMostPerDay: 2,
        once: false,
        because: 'looked at /pricing',
      },
      { id: 'clicked', on: 'clicked', points: 5, once: false, because: 'clicked in a mail' },
      { id: 'project.created', on: 'project.created', points: 15, once: true, because: 'made a project' },
      { id: 'account.closed', on: 'account.closed', points: -30, once: false, because: 'closed the account' },
    ],
  },
  qualified: {
    if: {
      kind: 'all',
      of: [
        { kind: 'fit', atLeast: 15 },
        { kind: 'engagement', atLeast: 30 },
      ],
    },
    holdSeconds: 1800,
    hysteresis: 0,
  },
};

const rep = { email: 'rep@northwind.example', timeZone: 'Europe/Berlin', role: 'rep' as const };
export const sales: Sales = {
  team: [
    { ...rep, rep: 'ben', countries: ['DE', 'AT'], weight: 2 },
    { ...rep, rep: 'eva', countries: ['DE'], weight: 1 },
    { ...rep, rep: 'joy', countries: ['US'], weight: 1 },
    { ...rep, rep: 'kim', countries: [], weight: 1 },
    { ...rep, rep: 'sam', countries: [], weight: 1, role: 'manager' },
  ],
  route: ['country', 'weighted'],
  answers: salesDefaults.answers,
};

export const live: LiveConfig = { brand, scoring, sales, hash: 'h1' };

export const anArtifact = (changes: Partial<Artifact> = {}): Artifact => ({
  format: 1,
  lastEmails: [],
  sequence: 'trial-nurture',
  version: 'v1',
  topic: 'product-tips',
  lawfulBasis: 'consent',
  longestSeconds: 30 * day,
  owner: 'ana',
  priority: 1,
  giveUpAfter: { seconds: 14 * day, deferrals: 10 },
  enter: { on: { event: 'trial.started' }, again: 'never' },
  exits: [],
  waitLengths: [],
  tracks: [],
  stepIds: [],
  onward: {},
  soonestMail: {},
  emails: {},
  branches: {},
  splits: {},
  plans: {},
  ...changes,
});
