const prefix = 'arn:aws:states:local:000000000000';

export const machineArn = (machine: string) => `${prefix}:stateMachine:${machine}`;
export const executionArn = (machine: string, name: string) => `${prefix}:execution:${machine}:${name}`;

/** The machine that a name or an ARN means. */
export const machineNameOf = (nameOrArn: string) => nameOrArn.slice(nameOrArn.lastIndexOf(':') + 1);
