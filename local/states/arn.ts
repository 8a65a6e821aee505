const prefix = 'arn:aws:states:local:000000000000';

export const machineArn = (machine: string) => `${prefix}:stateMachine:${machine}`;
export const executionArn = (machine: string, name: string) => `${prefix}:execution:${machine}:${name}`;

export const versionArn = (machine: string, version: number) => `${machineArn(machine)}:${version}`;

/** The machine that a name or an ARN means, and the published version if the ARN names one. */
export const machineOf = (nameOrArn: string): { readonly machine: string; readonly version?: number } => {
  const [, machine, version] = /:stateMachine:([\w-]+)(?::(\d+))?$/.exec(nameOrArn) ?? [];
  return { machine: machine ?? machineNameOf(nameOrArn), ...(version !== undefined && { version: Number(version) }) };
};

/** The machine that a name or an ARN without version means. */
export const machineNameOf = (nameOrArn: string) => nameOrArn.slice(nameOrArn.lastIndexOf(':') + 1);
