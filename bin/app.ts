import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { batonApp } from '#lib/baton-app';
import { projectRoot } from '#lib/bundle';
import { prepare } from '#lib/prepare';
import { readSettings } from '#lib/settings';

/** What `cdk synth` and `cdk deploy` run. Needs no account: everything is compiled and bundled here first. */
const app = new App();
const said = (name: string): unknown => app.node.tryGetContext(name);
const settings = readSettings(said('baton'), { stage: said('stage'), deleteDataOf: said('delete-data-of') });
batonApp(app, { settings, prepared: prepare(String(said('marketing') ?? join(projectRoot, 'marketing'))) });
app.synth();
