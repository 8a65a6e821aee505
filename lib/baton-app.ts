import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { LiveConfig } from '#core/config';
import { DataStack } from '#lib/data-stack';
import { EngineStack } from '#lib/engine-stack';
import type { DeployedObjects } from '#lib/objects';
import { acknowledgeServerless } from '#lib/serverless-findings';
import { namesOf, type Settings } from '#lib/settings';

export type BatonAppProps = DeployedObjects & {
  readonly settings: Settings;
  readonly brand: LiveConfig['brand'];
  readonly bundles: string;
  readonly objects: string;
};

/** Both stacks of one stage. Which account and Region: those of the credentials that deploy it. */
export const batonApp = (
  app: App,
  { settings, brand, ...props }: BatonAppProps,
): { readonly data: DataStack; readonly engine: EngineStack } => {
  checkReplies(brand, settings);
  const { prefix } = namesOf(settings.stage);
  const senderDomain = brand.sender.address.slice(brand.sender.address.lastIndexOf('@') + 1);
  const data = new DataStack(app, 'Data', { stackName: `${prefix}-data`, settings, senderDomain });
  const engine = new EngineStack(app, 'Engine', {
    stackName: `${prefix}-engine`,
    data,
    settings,
    senderDomain,
    linksHost: new URL(brand.links).host,
    ...props,
  });
  acknowledgeServerless(app);
  Tags.of(app).add('baton:stage', settings.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return { data, engine };
};

/** Answers would go where nobody takes them in. */
const checkReplies = ({ replies }: LiveConfig['brand'], settings: Settings): void => {
  if (replies === undefined || replies.at === settings.replies?.domain) return;
  throw new Error(
    `brand.yaml has answers come to ${replies.at}, cdk.json (context.baton.replies.domain) takes them in at ${settings.replies?.domain ?? 'no domain'}`,
  );
};
