import { describe, expect, it } from 'vitest';
import { CrmQuestion, crmRecord } from '#core/crm';
import { eventOfNotice } from '#core/sales-events';
import { HandoffEvent } from '#core/sales-events-schema';
import { messageOf } from '#core/sales-message';
import { SalesTaskMessage } from '#core/sales-message-schema';
import { aSalesTask } from '#tests/helpers/builders';
import { aLead, now } from './examples.ts';

const event = eventOfNotice(aSalesTask(), 'created');
const lead = aLead({ fields: { 'first-name': 'Ada', 'last-name': '', employees: 0, subscribed: false } });
const won = aSalesTask({
  status: 'won',
  answers: [
    { answer: 'accept', at: now, by: 'ben', via: 'page' },
    { answer: 'won', at: now, by: 'ben', via: 'page', amount: 12_500, currency: 'EUR' },
  ],
});
const question = (more: object) =>
  CrmQuestion.parse({ system: 'hubspot', match: 'lead-id', idField: 'baton_lead_id', fields: { email: 'email' }, event, ...more });

describe('what a crm hears', () => {
  it('leaves out what is empty here, so that nothing written there is overwritten; 0 and no are said', () => {
    const fields = { 'first-name': 'firstname', 'last-name': 'lastname', company: 'company', employees: 'size', subscribed: 'news' };
    expect(crmRecord(question({ fields }), lead, aSalesTask())).toEqual({
      key: lead.leadId,
      body: {
        inputs: [
          {
            idProperty: 'baton_lead_id',
            id: lead.leadId,
            properties: { firstname: 'Ada', size: '0', news: 'false', baton_lead_id: lead.leadId },
          },
        ],
      },
    });
  });

  it('is nothing when all of it is empty', () => {
    expect(crmRecord(question({ fields: { phone: 'phone' } }), lead, aSalesTask())).toBeUndefined();
  });

  it('goes to one record for each lead; Salesforce has its id in the address alone', () => {
    const fields = { email: 'Email', 'baton-stage': 'Status', 'baton-amount': 'Amount', 'baton-lead': 'Baton_Lead_Id__c' };
    const asked = question({ system: 'salesforce', idField: 'Baton_Lead_Id__c', fields });
    expect(crmRecord(asked, { ...lead, stage: 'won' }, won)).toEqual({
      key: lead.leadId,
      body: { Email: lead.email, Status: 'won', Amount: 12_500 },
    });
  });

  it('may be matched by the address', () => {
    const record = crmRecord(question({ match: 'email', idField: 'email' }), lead, aSalesTask());
    expect(record).toMatchObject({ key: lead.email, body: { inputs: [{ idProperty: 'email', id: lead.email }] } });
  });

  it('is read as text too, as a queue holds it', () => {
    expect(question({ event: JSON.stringify(event) }).event).toEqual(event);
  });
});

describe('what other systems are told', () => {
  it('is in the documented shape, and says of nobody who it is', () => {
    expect(HandoffEvent.parse(event)).toEqual(event);
    const message = messageOf(aSalesTask({ queuedAt: now, told: { 'mail new ben': now }, turn: 3 }));
    expect(SalesTaskMessage.parse(message)).toEqual(message);
    expect(Object.keys(message)).not.toContain('told');
  });

  it('of a repeat has the same id, and of another turn another', () => {
    const task = aSalesTask();
    expect(eventOfNotice(task, 'created').id).toBe(eventOfNotice({ ...task, turn: 2 }, 'created').id);
    expect(eventOfNotice(task, 'reassigned').id).not.toBe(eventOfNotice({ ...task, turn: 2 }, 'reassigned').id);
  });
});
