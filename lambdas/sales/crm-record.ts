import * as z from 'zod';
import { CrmQuestion, type CrmRecord, crmRecord } from '#core/crm';
import type { Use } from '#core/handlers';
import { findPresentLead } from '#lambdas/aliases';
import { onInvoke } from '#lambdas/runtime';

const Questions = z.array(CrmQuestion);

/**
 * Between the queue of a CRM and the CRM: what of the lead goes there. A template can fill values in but leaves no field out, so that
 * what is empty here would overwrite what somebody wrote there. Nothing of a lead that is gone: then the pipe calls nobody.
 */
const crmRecords =
  (use: Use<'crm-record'>) =>
  async (event: unknown): Promise<readonly CrmRecord[]> => {
    const records: CrmRecord[] = [];
    for (const question of Questions.parse(event)) {
      const { taskId, leadId } = question.event;
      const [lead, task] = await Promise.all([findPresentLead(use, leadId), use.salesTasks.find(taskId)]);
      const record = lead && task && crmRecord(question, lead, task);
      if (record) records.push(record);
      use.log.info('record for a crm made', {
        taskId,
        leadId,
        system: question.system,
        kind: question.event.kind,
        isThere: record !== undefined,
      });
    }
    return records;
  };

export const handler = onInvoke(crmRecords);
