import { runSimulation } from '@cloud-copilot/iam-simulate';
import { type HandlerName, handlerNames } from '#core/handlers';
import { isWanted } from '#lib/engine';
import { account, resolver } from '#tests/helpers/cloudformation';
import { resourcesOf, type Templates } from '#tests/helpers/synth';

export type Statement = {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: readonly string[] | string } };
};
/** A role of the templates as AWS would see it. `name`: the handler's, `(machines)`, or `(timers)`. */
export type DeployedRole = { readonly name: string; readonly logicalId: string; readonly statements: readonly Statement[] };

type RoleProperties = { readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[] };

/** The roles that handlers and machines run under, their policies resolved. */
export const rolesOf = (templates: Templates): readonly DeployedRole[] => {
  const { resolve } = resolver(templates);
  const functions = resourcesOf(templates.Engine, 'AWS::Lambda::Function');
  const roleOf = (name: HandlerName): string => {
    const found = functions.find(
      (it) => String(it.Properties.FunctionName).endsWith(`-${name}`) && String(it.Properties.Description).includes('lambdas/'),
    );
    if (!found?.Properties) throw new Error(`there is no function for ${name}`);
    return (found.Properties.Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
  };
  const read = (template: Templates['Data'], name: string, logicalId: string): DeployedRole => {
    const properties = resolve(template, template.Resources[logicalId]?.Properties) as RoleProperties;
    return { name, logicalId, statements: (properties.Policies ?? []).flatMap((it) => it.PolicyDocument.Statement) };
  };
  const ofData = (id: string) => resourcesOf(templates.Data, 'AWS::IAM::Role').find((it) => it.logicalId.startsWith(id))?.logicalId ?? '';
  // What only pipes call is there when there are pipes (tests/lib/crm.test.ts), the console where one is asked for.
  const hasConsole = functions.some((it) => String(it.Properties.FunctionName).endsWith('-console'));
  const deployed = handlerNames.filter((name) => isWanted(name, { console: hasConsole }));
  return [
    ...deployed.map((name) => read(templates.Engine, name, roleOf(name))),
    read(templates.Data, '(machines)', ofData('Machines')),
    read(templates.Data, '(timers)', ofData('Timers')),
  ];
};

export type Request = {
  readonly action: string;
  readonly resource: string;
  readonly context?: { readonly [key: string]: string | string[] };
};

/** Whether IAM would allow it, by an offline evaluation of the role's policies; throws when the request itself makes no sense. */
export const isAllowed = async (role: DeployedRole, { action, resource, context = {} }: Request): Promise<boolean> => {
  const response = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${account}:role/${role.logicalId}`,
        action,
        resource: { resource, accountId: account },
        contextVariables: { ...context },
      },
      identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement: role.statements } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    } as never,
    {},
  );
  const said = response as { errors?: { message: string }; overallResult?: string; resultType?: string };
  if (said.errors) throw new Error(`${action} on ${resource}: ${JSON.stringify(said.errors)}`);
  return (said.overallResult ?? JSON.stringify(said)).startsWith('Allowed');
};

export const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);
