// Runs the cases given on stdin through aws-local-stepfunctions, writes what each ended with to stdout.
import { text } from 'node:stream/consumers';
import { StateMachine } from 'aws-local-stepfunctions';

const run = async ({ asl, input, answers = [] }) => {
  let call = 0;
  const handle = async () => {
    const answer = answers[call];
    call += 1;
    if (!answer) throw new Error('called too often');
    if ('error' in answer) throw Object.assign(new Error(answer.message), { name: answer.error });
    return { ExecutedVersion: '$LATEST', Payload: answer.result, StatusCode: 200 };
  };
  const tasks = Object.entries(asl.States).filter(([, state]) => state.Type === 'Task');
  const overrides = {
    taskResourceLocalHandlers: Object.fromEntries(tasks.map(([name]) => [name, handle])),
    retryIntervalOverrides: Object.fromEntries(tasks.map(([name, { Retry = [] }]) => [name, Retry.map(() => 0)])),
  };
  try {
    return { output: await new StateMachine(asl).run(input, { overrides }).result };
  } catch (error) {
    // The engine wraps what failed the execution.
    return { error: (error.cause ?? error).name, message: error.message };
  }
};

const outcomes = [];
for (const testCase of JSON.parse(await text(process.stdin))) outcomes.push(await run(testCase));
process.stdout.write(JSON.stringify({ node: process.version, outcomes }));
