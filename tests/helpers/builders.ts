import type { Enrolment } from '#core/enrolment';
import type { EventRow, SesEvent } from '#core/events';
import type { Lead } from '#core/lead';
import type { StageMove } from '#core/lifecycle';
import type { SalesTask } from '#core/sales-task';
import type { SendRecord } from '#core/sending';

/** Records as they are when nothing special has happened; tests change what they are about. */
export const now = '2026-03-23T13:00:00.000Z';

export const aLead = (more: Partial<Lead> = {}): Lead => ({
  leadId: 'lead-a',
  email: 'kim@example.com',
  fields: { 'first-name': 'Kim', country: 'DE', 'time-zone': 'Europe/Berlin', employees: 120 },
  stage: 'lead',
  createdAt: now,
  consents: { tips: { given: true, at: now, source: 'form' } },
  active: {},
  handoffs: 0,
  ...more,
});

export const anEnrolment = (more: Partial<Enrolment> = {}): Enrolment => ({
  leadId: 'lead-a',
  sequence: 'nurture',
  enrolmentId: 'enrolment-a',
  leg: 1,
  version: 'v1',
  enrolledAt: now,
  trigger: 'trial-1',
  arms: {},
  seen: {},
  ...more,
});

export const aSendRecord = (more: Partial<SendRecord> = {}): SendRecord => ({
  leadId: 'lead-a',
  enrolmentId: 'enrolment-a',
  step: 'welcome',
  round: 1,
  sequence: 'nurture',
  version: 'v1',
  leg: 1,
  state: 'CLAIMED',
  revision: 1,
  claimedAt: now,
  leaseUntil: '2026-03-23T13:02:00.000Z',
  deferrals: 0,
  ...more,
});

export const anEventRow = (more: Partial<EventRow> = {}): EventRow => ({
  eventId: 'event-a',
  leadId: 'lead-a',
  name: 'visited',
  at: now,
  path: '/pricing',
  done: true,
  ...more,
});

export const aSesEvent = (more: Partial<SesEvent> = {}): SesEvent => ({
  source: 'ses',
  eventId: 'ses-a',
  kind: 'opened',
  at: now,
  messageId: 'm-1',
  leadId: 'lead-a',
  sequence: 'nurture',
  enrolmentId: 'enrolment-a',
  step: 'welcome',
  round: 1,
  ...more,
});

export const aStageMove = (more: Partial<StageMove> = {}): StageMove => ({
  id: 'move-a',
  at: now,
  from: 'lead',
  to: 'mql',
  by: 'sales',
  because: 'qualified',
  ...more,
});

export const aSalesTask = (more: Partial<SalesTask> = {}): SalesTask => ({
  taskId: 'task-a',
  leadId: 'lead-a',
  createdAt: now,
  status: 'open',
  answers: [],
  releasedAt: now,
  rep: 'ben',
  routedBecause: 'looks after DE',
  fit: 20,
  engagement: 34.5,
  reasons: ['looked at prices (24 points)'],
  touches: [{ at: now, what: 'looked at /pricing' }],
  from: ['nurture at settle'],
  ...more,
});
