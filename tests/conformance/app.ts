import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Baton, type BatonProps } from 'baton';

/** What the suite deploys: Baton as its own app deploys it, with a short sequence, and data that goes with the stacks. */
const stage = 'e2e';
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
const settings = JSON.parse(process.env.BATON_E2E_SETTINGS ?? '{}') as Partial<BatonProps>;
const app = new App({ context });
const dataIn = new Stack(app, 'Data', { stackName: `baton-${stage}-data` });
const engine = new Stack(app, 'Engine', { stackName: `baton-${stage}-engine` });
new Baton(engine, 'Default', {
  dataIn,
  stage,
  onDestroy: 'delete',
  deleteDataOf: stage,
  ...settings,
  marketing: process.env.BATON_E2E_MARKETING ?? 'tests/conformance/marketing',
});
app.synth();
