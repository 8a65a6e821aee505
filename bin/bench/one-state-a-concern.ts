import { liquidTemplates } from '#adapters/email/liquid';
import { memoryTable } from '#adapters/memory/memory-table';
import { updateItemOn } from '#adapters/memory/update-item';
import type { LiveConfig } from '#core/config';
import { composeEmail, sampleLinks } from '#core/email';
import { addSeconds, type Instant } from '#core/instant';
import { leadPk, profileSk } from '#core/keys';
import type { Lead } from '#core/lead';
import type { Item } from '#core/table';
import { createAgenda } from '#local/agenda';
import { virtualClock } from '#local/clock';
import { memoryMap } from '#local/durable-map';
import { createMeter, invoked, meteredTable, usageOf } from '#local/meter';
import { begin, content, quiet } from '#local/plain-nurture';
import { createStatesRunner } from '#local/states/runner';
import { leadCount, mailCount } from './counts.ts';

const invoke = (name: string, next: string, path: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: name, Payload: { 'leadId.$': '$.leadId', 'step.$': '$.step' } },
  ResultSelector: { 'answer.$': '$.Payload' },
  ResultPath: path,
  TimeoutSeconds: 60,
  Next: next,
});
const choose = (path: string, next: string) => ({
  Type: 'Choice',
  Choices: [{ Variable: path, BooleanEquals: true, Next: next }],
  Default: 'Done',
});
const row = (name: string, next: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem',
  Parameters: {
    TableName: 'baton',
    Key: { pk: { 'S.$': "States.Format('LEAD#{}', $.leadId)" }, sk: { S: name } },
    UpdateExpression: 'SET #n0 = :v0',
    ExpressionAttributeNames: { '#n0': 'at' },
    ExpressionAttributeValues: { ':v0': { 'S.$': '$$.State.EnteredTime' } },
  },
  ResultPath: null,
  Next: next,
});
const wait = (name: string, next: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
  Parameters: {
    TableName: 'baton',
    Key: { pk: { 'S.$': "States.Format('LEAD#{}', $.leadId)" }, sk: { S: name } },
    UpdateExpression: 'SET #n0 = :v0',
    ExpressionAttributeNames: { '#n0': 'token' },
    ExpressionAttributeValues: { ':v0': { 'S.$': '$$.Task.Token' } },
  },
  ResultPath: null,
  TimeoutSeconds: 3 * 86_400,
  Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: null, Next: next }],
  Next: next,
});

/** How such machines are usually drawn: each concern of a mail is a state of its own. */
const machine = () => {
  const States: Record<string, unknown> = { Done: { Type: 'Succeed' } };
  for (let at = 1; at <= mailCount; at++) {
    const next = at === mailCount ? 'Done' : `consent-${at + 1}`;
    States[`consent-${at}`] = invoke('check', `may-${at}`, '$.consent');
    States[`may-${at}`] = choose('$.consent.answer', `window-${at}`);
    States[`window-${at}`] = invoke('check', `open-${at}`, '$.window');
    States[`open-${at}`] = choose('$.window.answer', `send-${at}`);
    States[`send-${at}`] = invoke('send', `record-${at}`, '$.sent');
    States[`record-${at}`] = row(`SENT#${at}`, at === mailCount ? next : `wait-${at}`);
    if (at < mailCount) States[`wait-${at}`] = wait(`WAIT#${at}`, `engaged-${at}`);
    if (at < mailCount) States[`engaged-${at}`] = invoke('check', `goes-on-${at}`, '$.engaged');
    if (at < mailCount) States[`goes-on-${at}`] = choose('$.engaged.answer', next);
  }
  return { StartAt: 'consent-1', States };
};

/** The same six mails for as many leads, with the same table, prices and meter. No protection against duplicates is in it. */
export const meterOneStateAConcern = async (live: LiveConfig) => {
  const clock = virtualClock(begin);
  const meter = createMeter();
  const table = memoryTable();
  const metered = meteredTable(table, meter);
  const update = updateItemOn(table);
  const templates = liquidTemplates();
  const { brand } = quiet(live);
  let emails = 0;
  const functions: Record<string, (input: { leadId: string; step: string }) => Promise<unknown>> = {
    check: async ({ leadId }) => (await metered.get({ pk: leadPk(leadId), sk: profileSk })) !== undefined,
    send: async ({ leadId, step }) => {
      const lead = (await metered.get({ pk: leadPk(leadId), sk: profileSk })) as unknown as Lead;
      const key = { leadId, enrolmentId: 'bench', step, round: 1 };
      composeEmail({ content, brand, lead, sequence: 'bench', key, topic: 'bench', links: sampleLinks(brand, 'bench'), templates });
      emails++;
      return true;
    },
  };
  const runner = createStatesRunner({
    clock,
    executions: memoryMap(),
    seed: 'bench',
    invoke: (name, payload) => invoked(meter, name, () => functions[name]?.(payload as never) ?? Promise.resolve(undefined)),
    sendMessage: () => Promise.reject(new Error('there is no queue')),
    updateItem: (request) => {
      meter.writeUnits++;
      return update(request);
    },
  });
  runner.deploy('bench', machine(), {});
  for (let at = 0; at < leadCount; at++) await startLead(at);
  await createAgenda(clock, [{ name: 'machines', peek: runner.peek, runNext: runner.runNext }]).runUntil(endOfBench);
  const failed = runner.list().find((it) => it.status !== 'SUCCEEDED');
  if (failed) throw new Error(`the machine to compare with did not come to its end: ${runner.describe(failed.executionArn).cause}`);
  return { usage: usageOf(meter, { emails, transitions: runner.transitions().total, queueRequests: 0, busEvents: 0 }) };

  async function startLead(at: number): Promise<void> {
    const leadId = `lead-${at}`;
    const lead: Lead = {
      leadId,
      email: `${leadId}@example.com`,
      fields: {},
      stage: 'lead',
      createdAt: begin,
      consents: {},
      active: {},
      handoffs: 0,
    };
    await metered.put({ pk: leadPk(leadId), sk: profileSk, ...(lead as unknown as Item) });
    runner.startExecution({ stateMachine: 'bench', name: leadId, input: JSON.stringify({ leadId, step: 'mail' }) });
  }
};

const endOfBench: Instant = addSeconds(begin, 45 * 86_400);
