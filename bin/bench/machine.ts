/** Splits and calls in turn, which this runner and aws-local-stepfunctions can both run; waits and callbacks are beyond the other. */
export const sharedMachine = (length: number) => {
  const States: Record<string, unknown> = { End: { Type: 'Succeed' } };
  const nameOf = (at: number) => (at < length ? `s${at}` : 'End');
  for (let at = 0; at < length; at++)
    States[nameOf(at)] =
      at % 3 === 2
        ? {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Parameters: { FunctionName: 'plan', Payload: { 'leadId.$': '$.leadId', step: nameOf(at) } },
            ResultSelector: { 'outcome.$': '$.Payload.outcome' },
            ResultPath: '$.plan',
            Next: nameOf(at + 1),
          }
        : { Type: 'Choice', Choices: [{ Variable: '$.arm', StringEquals: 'no', Next: 'End' }], Default: nameOf(at + 1) };
  return { StartAt: nameOf(0), States };
};
export const machineLength = 99;
export const machineInput = { leadId: 'lead-1', arm: 'yes' };
/** States entered by one run: all of them, and the end. */
export const transitionsOfRun = machineLength + 1;
