import { type App, Stack, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { Baton } from '#lib/baton';
import type { Prepared } from '#lib/prepare';
import { isDataDeleted } from '#lib/removal';
import { acknowledgeServerless } from '#lib/serverless-findings';
import { namesOf, type Settings } from '#lib/settings';

export type BatonAppProps = { readonly settings: Settings; readonly prepared: Prepared };

/**
 * Both stacks of one stage. Which account and Region: those of the credentials that deploy it. The construct is called `Default`,
 * which CDK leaves out of the names of what is in it.
 */
export const batonApp = (app: App, { settings, prepared }: BatonAppProps): Baton => {
  const { prefix } = namesOf(settings.stage);
  const dataIn = new Stack(app, 'Data', {
    stackName: `${prefix}-data`,
    description: 'Baton: leads, queues, keys and artifacts (retained)',
    terminationProtection: !isDataDeleted(settings),
  });
  const engine = new Stack(app, 'Engine', {
    stackName: `${prefix}-engine`,
    description: 'Baton: functions, state machines, pages and events',
  });
  const baton = new Baton(engine, 'Default', { ...settings, marketing: 'marketing', prepared, dataIn });
  acknowledgeServerless(app);
  Tags.of(app).add('baton:stage', settings.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return baton;
};
