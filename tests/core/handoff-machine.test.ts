import { expect, it } from 'vitest';
import { handoffMachine } from '#core/handoff-machine';
import { reachedFrom, targetsOf } from '#core/sequences/asl';
import { faultsOf } from '#tests/core/sequences/valid-asl';

const machine = handoffMachine();

it('the handoff machine is accepted by an independent validator, and every state is reached', () => {
  expect(faultsOf(machine)).toEqual([]);
  expect([...reachedFrom(machine.StartAt, machine.States)].sort()).toEqual(Object.keys(machine.States).sort());
});

it('the hold ends by time, by a wake or by a stop, and each leads to the confirmation', () => {
  expect(machine.States.Hold).toMatchObject({
    TimeoutSecondsPath: '$.holdSeconds',
    Next: 'Confirm',
    Catch: [
      { ErrorEquals: ['States.Timeout', 'Halt'], Next: 'Confirm' },
      { ErrorEquals: ['States.ALL'], Next: 'Failed' },
    ],
  });
});

it('the hold keeps its token on a row beside the task', () => {
  expect(machine.States.Hold).toMatchObject({
    Parameters: {
      Key: { pk: { 'S.$': "States.Format('TASK#{}', $.taskId)" }, sk: { S: 'HOLD' } },
      UpdateExpression: expect.stringContaining('SET #n0 = :v0, #n1 = :v1, #n2 = :v2'),
      ExpressionAttributeValues: { ':v0': { 'S.$': '$$.Task.Token' }, ':v1': { 'S.$': '$.taskId' }, ':v2': { 'S.$': '$.leadId' } },
    },
  });
});

it('sales is told only of a lead that was confirmed', () => {
  expect(machine.States['Confirmed?']).toEqual({
    Type: 'Choice',
    Choices: [{ Variable: '$.confirm.confirmed', BooleanEquals: true, Next: 'Assign' }],
    Default: 'NotConfirmed',
  });
});

it('every later wait parks only where nobody woke it since the rows were read, and looks again whatever wakes it', () => {
  for (const [name, next] of [
    ['Holding', 'Assign'],
    ['Await answer', 'Check'],
    ['Recycled', 'Check'],
  ] as const) {
    expect(machine.States[name]).toMatchObject({
      Parameters: { Key: { sk: { S: 'HOLD' } }, ConditionExpression: expect.stringMatching(/= :v/) },
      TimeoutSecondsPath: '$.task.seconds',
      Next: next,
      Catch: [{ ErrorEquals: ['States.Timeout', 'Halt', 'DynamoDb.ConditionalCheckFailedException'], Next: next }, { Next: 'Failed' }],
    });
  }
});

it('a handoff that is accepted at once enters ten states', () => {
  const path = ['Hold', 'Confirm', 'Confirmed?', 'Assign', 'Assigned?', 'Notify', 'Await answer', 'Check', 'Due?', 'Done'];
  for (const [at, name] of path.slice(0, -1).entries())
    expect(machine.States[name] && targetsOf(machine.States[name])).toContain(path[at + 1]);
  expect(path).toHaveLength(10);
});

it('outlasts an outage of hours; only notices are given up sooner, and end nothing', () => {
  const waits = (retry: readonly { readonly MaxAttempts?: number; readonly MaxDelaySeconds?: number }[] = []) =>
    retry.map((it) => (it.MaxAttempts ?? 3) * (it.MaxDelaySeconds ?? 60));
  for (const [name, state] of Object.entries(machine.States)) {
    if (state.Type !== 'Task') continue;
    const isNotice = JSON.stringify(state.Parameters).includes('NotifySalesArn');
    if (isNotice) expect(state.Catch, name).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: state.Next }]);
    else expect(Math.min(...waits(state.Retry)), name).toBeGreaterThan(4 * 3600);
  }
});
