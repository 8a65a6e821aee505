import { describe, expect, it } from 'vitest';
import { resources, type State } from '#core/sequences/asl';
import { compileSequence } from '#core/sequences/compile';
import type { Step } from '#core/sequences/model';
import { compile, digest, email, mornings, sequenceOf, wait, weekends } from './sequences.ts';

const statesOf = (steps: readonly Step[]) => compile(sequenceOf(steps)).asl.States;
const timeoutOf = (state: State | undefined) =>
  state?.Type === 'Task' ? state.Catch.find((it) => it.ErrorEquals.includes('States.Timeout'))?.Next : undefined;

describe('each step kind', () => {
  it('an e-mail is a message to the send queue, with a state that plans its hour and sits out the time until then', () => {
    expect(compileOne([email('welcome')], ['welcome', 'Plan welcome'])).toMatchInlineSnapshot(`
      {
        "Plan welcome": {
          "Catch": [
            {
              "ErrorEquals": [
                "Halt",
              ],
              "Next": "Route",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Failed",
              "ResultPath": "$.error",
            },
          ],
          "Next": "welcome",
          "Parameters": {
            "FunctionName": "\${PlanStepArn}",
            "Payload": {
              "enrolmentId.$": "$.enrolmentId",
              "leadId.$": "$.leadId",
              "leg.$": "$.leg",
              "sequence": "trial-nurture",
              "sitsOut": {
                "attempt.$": "$$.State.RetryCount",
                "enteredAt.$": "$$.State.EnteredTime",
                "speaks": true,
                "token.$": "$$.Task.Token",
              },
              "step": "welcome",
              "version": "VERSION",
            },
          },
          "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
          "ResultPath": null,
          "TimeoutSeconds": 31449600,
          "Type": "Task",
        },
        "welcome": {
          "Catch": [
            {
              "ErrorEquals": [
                "Halt",
              ],
              "Next": "Route",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "Defer",
              ],
              "Next": "Plan welcome",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Failed",
              "ResultPath": "$.error",
            },
          ],
          "End": true,
          "Parameters": {
            "MessageBody": {
              "enrolmentId.$": "$.enrolmentId",
              "enteredAt.$": "$$.State.EnteredTime",
              "leadId.$": "$.leadId",
              "leg.$": "$.leg",
              "notAfterSeconds": 1209600,
              "round": 1,
              "sequence": "trial-nurture",
              "step": "welcome",
              "token.$": "$$.Task.Token",
              "version": "VERSION",
            },
            "QueueUrl": "\${SendQueueUrl}",
          },
          "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          "ResultPath": "$.plan",
          "TimeoutSeconds": 1296000,
          "Type": "Task",
        },
      }
    `);
  });
  it('a wait of a known length parks with a literal time-out', () => {
    expect(compileOne([wait('settle', 2)], ['settle'])).toMatchInlineSnapshot(`
      {
        "settle": {
          "Catch": [
            {
              "ErrorEquals": [
                "Halt",
              ],
              "Next": "Route",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.Timeout",
              ],
              "Next": "End",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "DynamoDb.ConditionalCheckFailedException",
              ],
              "Next": "Route",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Failed",
              "ResultPath": "$.error",
            },
          ],
          "Next": "Route",
          "Parameters": {
            "ConditionExpression": "attribute_exists(#n11) AND #n12 = :v7 AND attribute_not_exists(#n13)",
            "ExpressionAttributeNames": {
              "#n0": "token",
              "#n1": "step",
              "#n10": "timed",
              "#n11": "pk",
              "#n12": "leg",
              "#n13": "stop",
              "#n2": "version",
              "#n3": "entered",
              "#n4": "gsi1pk",
              "#n5": "gsi1sk",
              "#n6": "waitSeconds",
              "#n7": "speaks",
              "#n8": "awaiting",
              "#n9": "sinceHere",
            },
            "ExpressionAttributeValues": {
              ":v0": {
                "S.$": "$$.Task.Token",
              },
              ":v1": {
                "S": "settle",
              },
              ":v2": {
                "S": "VERSION",
              },
              ":v3": {
                "S.$": "$$.State.EnteredTime",
              },
              ":v4": {
                "S.$": "States.Format('DUE#{}#172800', $.shard)",
              },
              ":v5": {
                "S.$": "$$.State.EnteredTime",
              },
              ":v6": {
                "N": "172800",
              },
              ":v7": {
                "N.$": "States.Format('{}', $.leg)",
              },
            },
            "Key": {
              "pk": {
                "S.$": "$.pk",
              },
              "sk": {
                "S.$": "$.sk",
              },
            },
            "TableName": "\${TableName}",
            "UpdateExpression": "SET #n0 = :v0, #n1 = :v1, #n2 = :v2, #n3 = :v3, #n4 = :v4, #n5 = :v5, #n6 = :v6 REMOVE #n7, #n8, #n9, #n10",
          },
          "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
          "ResultPath": null,
          "TimeoutSeconds": 172800,
          "Type": "Task",
        },
      }
    `);
  });
  it('a wait that a Lambda plans is sat out by the state that asks for the plan', () => {
    expect(compileOne([email('hello', { atOnce: true }), wait('settle', 2), email('more')], ['Plan settle'])).toMatchInlineSnapshot(`
      {
        "Plan settle": {
          "Catch": [
            {
              "ErrorEquals": [
                "Halt",
              ],
              "Next": "Route",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Failed",
              "ResultPath": "$.error",
            },
          ],
          "Next": "more",
          "Parameters": {
            "FunctionName": "\${PlanStepArn}",
            "Payload": {
              "enrolmentId.$": "$.enrolmentId",
              "leadId.$": "$.leadId",
              "leg.$": "$.leg",
              "sequence": "trial-nurture",
              "sitsOut": {
                "attempt.$": "$$.State.RetryCount",
                "enteredAt.$": "$$.State.EnteredTime",
                "speaks": true,
                "token.$": "$$.Task.Token",
              },
              "step": "settle",
              "version": "VERSION",
            },
          },
          "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
          "ResultPath": null,
          "TimeoutSeconds": 31449600,
          "Type": "Task",
        },
      }
    `);
  });
  it('a wait-for parks unless the event came before it', () => {
    const step: Step = {
      kind: 'wait-for',
      id: 'first-project',
      atMostSeconds: 432_000,
      since: 'enrolment',
      arms: [{ name: 'happened', awaits: 'did:project.created', steps: [email('tips', { atOnce: true })] }],
      timedOut: [],
    };
    expect(compileOne([step], ['first-project'])).toMatchInlineSnapshot(`
      {
        "first-project": {
          "Catch": [
            {
              "ErrorEquals": [
                "Halt",
              ],
              "Next": "Route",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.Timeout",
              ],
              "Next": "End",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "DynamoDb.ConditionalCheckFailedException",
              ],
              "Next": "tips",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Failed",
              "ResultPath": "$.error",
            },
          ],
          "Next": "tips",
          "Parameters": {
            "ConditionExpression": "attribute_exists(#n11) AND #n12 = :v8 AND attribute_not_exists(#n13) AND attribute_not_exists(#n14.#n15)",
            "ExpressionAttributeNames": {
              "#n0": "token",
              "#n1": "step",
              "#n10": "timed",
              "#n11": "pk",
              "#n12": "leg",
              "#n13": "stop",
              "#n14": "seen",
              "#n15": "did:project.created",
              "#n2": "version",
              "#n3": "entered",
              "#n4": "gsi1pk",
              "#n5": "gsi1sk",
              "#n6": "waitSeconds",
              "#n7": "awaiting",
              "#n8": "speaks",
              "#n9": "sinceHere",
            },
            "ExpressionAttributeValues": {
              ":v0": {
                "S.$": "$$.Task.Token",
              },
              ":v1": {
                "S": "first-project",
              },
              ":v2": {
                "S": "VERSION",
              },
              ":v3": {
                "S.$": "$$.State.EnteredTime",
              },
              ":v4": {
                "S.$": "States.Format('DUE#{}#432000', $.shard)",
              },
              ":v5": {
                "S.$": "$$.State.EnteredTime",
              },
              ":v6": {
                "N": "432000",
              },
              ":v7": {
                "L": [
                  {
                    "S": "did:project.created",
                  },
                ],
              },
              ":v8": {
                "N.$": "States.Format('{}', $.leg)",
              },
            },
            "Key": {
              "pk": {
                "S.$": "$.pk",
              },
              "sk": {
                "S.$": "$.sk",
              },
            },
            "TableName": "\${TableName}",
            "UpdateExpression": "SET #n0 = :v0, #n1 = :v1, #n2 = :v2, #n3 = :v3, #n4 = :v4, #n5 = :v5, #n6 = :v6, #n7 = :v7 REMOVE #n8, #n9, #n10",
          },
          "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
          "ResultPath": null,
          "TimeoutSeconds": 432000,
          "Type": "Task",
        },
      }
    `);
  });
  it('a branch is one question and one choice', () => {
    const step: Step = {
      kind: 'branch',
      id: 'size',
      arms: [
        { name: 'big', if: { kind: 'fit', atLeast: 10 }, steps: [email('big-offer')] },
        { name: 'rest', steps: [] },
      ],
    };
    expect(compileOne([step], ['size', 'size?'])).toMatchInlineSnapshot(`
      {
        "size": {
          "Catch": [
            {
              "ErrorEquals": [
                "Halt",
              ],
              "Next": "Route",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Failed",
              "ResultPath": "$.error",
            },
          ],
          "Next": "size?",
          "Parameters": {
            "FunctionName": "\${EvaluateBranchArn}",
            "Payload": {
              "enrolmentId.$": "$.enrolmentId",
              "leadId.$": "$.leadId",
              "leg.$": "$.leg",
              "sequence": "trial-nurture",
              "step": "size",
              "version": "VERSION",
            },
          },
          "Resource": "arn:aws:states:::lambda:invoke",
          "ResultPath": "$.plan",
          "ResultSelector": {
            "arm.$": "$.Payload.arm",
            "waits.$": "$.Payload.waits",
          },
          "TimeoutSeconds": 120,
          "Type": "Task",
        },
        "size?": {
          "Choices": [
            {
              "Next": "Hold big-offer",
              "StringEquals": "big",
              "Variable": "$.plan.arm",
            },
            {
              "Next": "End",
              "StringEquals": "rest",
              "Variable": "$.plan.arm",
            },
          ],
          "Default": "End",
          "Type": "Choice",
        },
      }
    `);
  });
  it('a split is one choice on the arm that was fixed at enrolment', () => {
    expect(compileOne([proof], ['proof'])).toMatchInlineSnapshot(`
      {
        "proof": {
          "Choices": [
            {
              "And": [
                {
                  "IsPresent": true,
                  "Variable": "$.arms['proof']",
                },
                {
                  "StringEquals": "story",
                  "Variable": "$.arms['proof']",
                },
              ],
              "Next": "Plan case-story",
            },
            {
              "And": [
                {
                  "IsPresent": true,
                  "Variable": "$.arms['proof']",
                },
                {
                  "StringEquals": "nothing",
                  "Variable": "$.arms['proof']",
                },
              ],
              "Next": "End",
            },
          ],
          "Default": "Plan case-story",
          "Type": "Choice",
        },
      }
    `);
  });
  it('an exit writes how it ended', () => {
    expect(compileOne([{ kind: 'exit', id: 'won', as: 'goal' }], ['won'])).toMatchInlineSnapshot(`
      {
        "won": {
          "Catch": [
            {
              "ErrorEquals": [
                "DynamoDb.ConditionalCheckFailedException",
              ],
              "Next": "Route",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Failed",
              "ResultPath": "$.error",
            },
          ],
          "End": true,
          "Parameters": {
            "ConditionExpression": "attribute_exists(#n13) AND #n14 = :v4 AND attribute_not_exists(#n15)",
            "ExpressionAttributeNames": {
              "#n0": "endedAt",
              "#n1": "ending",
              "#n10": "speaks",
              "#n11": "timed",
              "#n12": "entered",
              "#n13": "pk",
              "#n14": "leg",
              "#n15": "stop",
              "#n2": "endedBy",
              "#n3": "endedAs",
              "#n4": "token",
              "#n5": "awaiting",
              "#n6": "sinceHere",
              "#n7": "gsi1pk",
              "#n8": "gsi1sk",
              "#n9": "waitSeconds",
            },
            "ExpressionAttributeValues": {
              ":v0": {
                "S.$": "$$.State.EnteredTime",
              },
              ":v1": {
                "S": "exited",
              },
              ":v2": {
                "S": "won",
              },
              ":v3": {
                "S": "goal",
              },
              ":v4": {
                "N.$": "States.Format('{}', $.leg)",
              },
            },
            "Key": {
              "pk": {
                "S.$": "$.pk",
              },
              "sk": {
                "S.$": "$.sk",
              },
            },
            "TableName": "\${TableName}",
            "UpdateExpression": "SET #n0 = :v0, #n1 = :v1, #n2 = :v2, #n3 = :v3 REMOVE #n4, #n5, #n6, #n7, #n8, #n9, #n10, #n11, #n12",
          },
          "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem",
          "ResultPath": null,
          "Type": "Task",
        },
      }
    `);
  });
  it('all steps share the endings', () => {
    expect(compileOne([wait('settle', 2)], ['Enter', 'End', 'Route', 'Superseded', 'Failed', 'Fail'])).toMatchInlineSnapshot(`
      {
        "End": {
          "Catch": [
            {
              "ErrorEquals": [
                "DynamoDb.ConditionalCheckFailedException",
              ],
              "Next": "Route",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Failed",
              "ResultPath": "$.error",
            },
          ],
          "End": true,
          "Parameters": {
            "ConditionExpression": "attribute_exists(#n11) AND #n12 = :v2 AND attribute_not_exists(#n13)",
            "ExpressionAttributeNames": {
              "#n0": "endedAt",
              "#n1": "ending",
              "#n10": "entered",
              "#n11": "pk",
              "#n12": "leg",
              "#n13": "stop",
              "#n2": "token",
              "#n3": "awaiting",
              "#n4": "sinceHere",
              "#n5": "gsi1pk",
              "#n6": "gsi1sk",
              "#n7": "waitSeconds",
              "#n8": "speaks",
              "#n9": "timed",
            },
            "ExpressionAttributeValues": {
              ":v0": {
                "S.$": "$$.State.EnteredTime",
              },
              ":v1": {
                "S": "completed",
              },
              ":v2": {
                "N.$": "States.Format('{}', $.leg)",
              },
            },
            "Key": {
              "pk": {
                "S.$": "$.pk",
              },
              "sk": {
                "S.$": "$.sk",
              },
            },
            "TableName": "\${TableName}",
            "UpdateExpression": "SET #n0 = :v0, #n1 = :v1 REMOVE #n2, #n3, #n4, #n5, #n6, #n7, #n8, #n9, #n10",
          },
          "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem",
          "ResultPath": null,
          "Type": "Task",
        },
        "Enter": {
          "Choices": [
            {
              "And": [
                {
                  "IsPresent": true,
                  "Variable": "$.rest",
                },
                {
                  "IsPresent": false,
                  "Variable": "$.error",
                },
              ],
              "Next": "Rest",
            },
            {
              "Next": "settle",
              "StringEquals": "settle",
              "Variable": "$.startAt",
            },
          ],
          "Comment": "A later leg may start at any step.",
          "Default": "settle",
          "Type": "Choice",
        },
        "Fail": {
          "Error": "SequenceFailed",
          "Type": "Fail",
        },
        "Failed": {
          "Catch": [
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Fail",
              "ResultPath": null,
            },
          ],
          "Comment": "Ours to repair: the row says so.",
          "Next": "Fail",
          "Parameters": {
            "ConditionExpression": "attribute_exists(#n6) AND #n7 = :v4",
            "ExpressionAttributeNames": {
              "#n0": "endedAt",
              "#n1": "ending",
              "#n2": "failure",
              "#n3": "gsi1pk",
              "#n4": "token",
              "#n5": "speaks",
              "#n6": "pk",
              "#n7": "leg",
            },
            "ExpressionAttributeValues": {
              ":v0": {
                "S.$": "$$.State.EnteredTime",
              },
              ":v1": {
                "S": "failed",
              },
              ":v2": {
                "S.$": "$.error.Error",
              },
              ":v3": {
                "S.$": "States.Format('FAILED#{}', $.shard)",
              },
              ":v4": {
                "N.$": "States.Format('{}', $.leg)",
              },
            },
            "Key": {
              "pk": {
                "S.$": "$.pk",
              },
              "sk": {
                "S.$": "$.sk",
              },
            },
            "TableName": "\${TableName}",
            "UpdateExpression": "SET #n0 = :v0, #n1 = :v1, #n2 = :v2, #n3 = :v3 REMOVE #n4, #n5",
          },
          "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem",
          "ResultPath": null,
          "Type": "Task",
        },
        "Route": {
          "Catch": [
            {
              "ErrorEquals": [
                "DynamoDb.ConditionalCheckFailedException",
              ],
              "Next": "Superseded",
              "ResultPath": null,
            },
            {
              "ErrorEquals": [
                "States.ALL",
              ],
              "Next": "Fail",
              "ResultPath": "$.error",
            },
          ],
          "Comment": "Entered only on a stop.",
          "End": true,
          "Parameters": {
            "ConditionExpression": "attribute_exists(#n11) AND #n12 = :v2",
            "ExpressionAttributeNames": {
              "#n0": "endedAt",
              "#n1": "ending",
              "#n10": "entered",
              "#n11": "pk",
              "#n12": "leg",
              "#n2": "token",
              "#n3": "awaiting",
              "#n4": "sinceHere",
              "#n5": "gsi1pk",
              "#n6": "gsi1sk",
              "#n7": "waitSeconds",
              "#n8": "speaks",
              "#n9": "timed",
            },
            "ExpressionAttributeValues": {
              ":v0": {
                "S.$": "$$.State.EnteredTime",
              },
              ":v1": {
                "S": "stopped",
              },
              ":v2": {
                "N.$": "States.Format('{}', $.leg)",
              },
            },
            "Key": {
              "pk": {
                "S.$": "$.pk",
              },
              "sk": {
                "S.$": "$.sk",
              },
            },
            "TableName": "\${TableName}",
            "UpdateExpression": "SET #n0 = :v0, #n1 = :v1 REMOVE #n2, #n3, #n4, #n5, #n6, #n7, #n8, #n9, #n10",
          },
          "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem",
          "ResultPath": null,
          "Type": "Task",
        },
        "Superseded": {
          "Comment": "The row is gone, or a newer leg has it: nothing is ours to write.",
          "Type": "Succeed",
        },
      }
    `);
  });
});

describe('planned waits', () => {
  it('a wait before an e-mail ends inside its window, planned by the answer before it', () => {
    const { asl, artifact } = compile(sequenceOf([email('hello'), wait('settle', 2), email('more')]));
    expect(artifact.plans.hello).toEqual([{ state: 'settle', length: { seconds: 172_800 }, forEmail: true, window: mornings }]);
    expect(asl.States.hello).toMatchObject({ Next: 'more', ResultPath: null });
    expect(asl.States['Plan settle']).toMatchObject({ Resource: resources.ask, Next: 'more' });
  });

  it('one too short for a timer keeps its own state, which parks for what the answer said', () => {
    const { asl } = compile(sequenceOf([{ kind: 'wait', id: 'settle', length: { seconds: 600 } }, email('more')]));
    expect(asl.States['Plan settle']).toMatchObject({ Resource: resources.invoke, Next: 'settle' });
    expect(asl.States.settle).toMatchObject({ TimeoutSecondsPath: "$.plan.waits['settle'].seconds" });
    expect(timeoutOf(asl.States.settle)).toBe('more');
  });

  it('an e-mail right after another is held as the first one answered', () => {
    const { asl, artifact } = compile(sequenceOf([email('hello'), email('more')]));
    expect(asl.States.hello).toMatchObject({ Next: 'Hold more' });
    expect(artifact.plans.hello).toEqual([{ state: 'Hold more', forEmail: true, window: mornings }]);
  });

  it('an e-mail without a window is planned as well: brand.yaml may have quiet hours', () => {
    const { window: _window, ...sequence } = sequenceOf([wait('settle', 2), email('more')]);
    expect(compile(sequence).artifact.plans).toEqual({
      'Plan settle': [{ state: 'settle', length: { seconds: 172_800 }, forEmail: true }],
      'Plan more': [{ state: 'Hold more', forEmail: true }],
    });
  });

  it('an e-mail that goes at once needs no plan', () => {
    const states = statesOf([wait('settle', 2), email('more', { atOnce: true })]);
    expect(states['Plan settle']).toBeUndefined();
    expect(timeoutOf(states.settle)).toBe('more');
    expect(states.Enter).toMatchObject({ Default: 'settle' });
  });

  it('one wait cannot meet two windows: each e-mail behind the split is held for its own', () => {
    const states = statesOf([
      wait('settle', 2),
      {
        kind: 'split',
        id: 'when',
        arms: [
          { name: 'week', share: 50, holdout: false, steps: [email('weekday')] },
          { name: 'weekend', share: 50, holdout: false, steps: [email('saturday', { window: weekends })] },
        ],
      },
    ]);
    expect(states.settle).toMatchObject({ TimeoutSeconds: 172_800 });
    expect(states.when).toMatchObject({ Choices: [{ Next: 'Plan weekday' }, { Next: 'Plan saturday' }] });
  });

  it('both arms of a wait-for plan the wait after the join', () => {
    const { asl, artifact } = compile(
      sequenceOf([
        {
          kind: 'wait-for',
          id: 'project',
          atMostSeconds: 60,
          since: 'enrolment',
          arms: [{ name: 'happened', awaits: 'did:project.created', steps: [email('tips')] }],
          timedOut: [email('start')],
        },
        wait('breathe', 3),
        email('more'),
      ]),
    );
    expect(artifact.fused).toMatchObject({ tips: { wait: 'breathe', speaks: true }, start: { wait: 'breathe', speaks: true } });
    expect(asl.States.tips).toMatchObject({ Next: 'more' });
    expect(asl.States.start).toMatchObject({ Next: 'more' });
    expect(Object.keys(artifact.plans)).toEqual(['tips', 'Plan tips', 'start', 'Plan start', 'Plan breathe', 'Plan more']);
  });

  it('each arm of a branch has its own plan', () => {
    const { artifact } = compile(
      sequenceOf([
        {
          kind: 'branch',
          id: 'size',
          arms: [
            { name: 'big', if: { kind: 'fit', atLeast: 10 }, steps: [email('offer')] },
            { name: 'rest', steps: [] },
          ],
        },
        { kind: 'wait', id: 'pause', length: { businessDays: 3 } },
      ]),
    );
    expect(artifact.plans['size/big']).toEqual([{ state: 'Hold offer', forEmail: true, window: mornings }]);
    expect(artifact.plans['size/rest']).toEqual([{ state: 'pause', length: { businessDays: 3 } }]);
  });
});

describe('splits', () => {
  it('one that can be come to on time and without a plan has a choice for each', () => {
    const { asl } = compile(sequenceOf([wait('breathe', 3), proof, wait('pause', 2), email('last')]));
    expect(asl.States['Plan breathe']).toMatchObject({ Next: 'proof' });
    expect(asl.States.proof).toMatchObject({ Choices: [{ Next: 'case-story' }, { Next: 'Plan pause' }] });
    expect(asl.States['proof (unplanned)']).toMatchObject({ Choices: [{ Next: 'Plan case-story' }, { Next: 'Plan pause' }] });
    expect(asl.States.Enter).toMatchObject({
      Choices: expect.arrayContaining([{ Variable: '$.startAt', StringEquals: 'proof', Next: 'proof (unplanned)' }]),
    });
  });

  it('an arm that is gone falls to the first arm that is no holdout', () => {
    expect(statesOf([{ ...proof, arms: proof.arms.toReversed() }]).proof).toMatchObject({ Default: 'Plan case-story' });
  });
});

describe('the artifact', () => {
  it('has what handlers need, and the window that counts for each e-mail', () => {
    const onlyIf = { kind: 'event', key: 'clicked:hello' } as const;
    const { artifact } = compile(sequenceOf([email('hello', { atOnce: true }), email('more', { onlyIf }), proof]));
    expect(artifact).toMatchObject({
      format: 1,
      sequence: 'trial-nurture',
      stepIds: ['hello', 'more', 'proof', 'case-story'],
      tracks: ['clicked:hello'],
      splits: {
        proof: [
          { name: 'story', share: 90, holdout: false },
          { name: 'nothing', share: 10, holdout: true },
        ],
      },
    });
    expect(artifact.emails.hello?.step).not.toHaveProperty('window');
    expect(artifact.emails.more?.step).toMatchObject({ window: mornings, onlyIf });
  });

  it('names its version in every state that speaks to a handler or a row', () => {
    const { asl, artifact } = compile(sequenceOf([email('hello'), wait('settle', 2)]));
    const speaking = Object.entries(asl.States).filter(([, state]) => JSON.stringify(state).includes(artifact.version));
    expect(speaking.map(([name]) => name)).toEqual(['Rest', 'hello', 'Plan hello', 'settle']);
  });
});

it('a step without its compiled e-mail does not compile', () => {
  expect(() => compileSequence(sequenceOf([email('hello')]), {}, digest)).toThrow('no compiled e-mail for step hello');
});

it('every task retries what passes by itself, and only a question is asked again after a time-out', () => {
  const { asl } = compile(sequenceOf([email('hello'), wait('settle', 2), proof]));
  const tasks = Object.values(asl.States).filter((it) => it.Type === 'Task');
  expect(tasks.length).toBeGreaterThan(5);
  for (const task of tasks) {
    const retried = task.Retry.flatMap((it) => it.ErrorEquals);
    expect(retried).not.toHaveLength(0);
    for (const { MaxAttempts } of task.Retry) expect(MaxAttempts, 'the row knows attempts by one digit').toBeLessThan(10);
    const hasTimeout = retried.includes('States.Timeout');
    expect(hasTimeout).toBe(task.Resource === resources.invoke);
    expect(retried.filter((error) => ['States.ALL', 'States.TaskFailed', 'Halt', 'Defer', 'PermanentError'].includes(error))).toEqual([]);
    expect(task.TimeoutSeconds !== undefined || task.TimeoutSecondsPath !== undefined || task.Resource === resources.write).toBe(true);
  }
});

const proof: Extract<Step, { kind: 'split' }> = {
  kind: 'split',
  id: 'proof',
  arms: [
    { name: 'story', share: 90, holdout: false, steps: [email('case-story')] },
    { name: 'nothing', share: 10, holdout: true, steps: [] },
  ],
};

const compileOne = (steps: readonly Step[], names: readonly string[]) => {
  const { asl, artifact } = compile(sequenceOf(steps));
  const shown = Object.fromEntries(names.map((name) => [name, withoutRetry(asl.States[name])]));
  return JSON.parse(JSON.stringify(shown).replaceAll(artifact.version, 'VERSION'));
};

/** Always the same by resource, and looked at in a test of its own. */
const withoutRetry = (state: State | undefined) => {
  if (state?.Type !== 'Task') return state;
  const { Retry: _retry, ...rest } = state;
  return rest;
};
