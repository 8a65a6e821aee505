import './plain-errors.ts';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { batonApp } from '#lib/baton-app';
import { projectRoot } from '#lib/bundle';
import { refuseUnread } from '#lib/context';
import { prepare } from '#lib/prepare';
import { readSettings } from '#lib/settings';

/** What `cdk synth` and `cdk deploy` run. Needs no account: everything is compiled and bundled here first. */
const app = new App();
const said = (name: string): unknown => app.node.tryGetContext(name);
const writtenIn = (file: string): readonly string[] => {
  const { context = {} } = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as { readonly context?: object };
  return Object.keys(context);
};
refuseUnread(app.node.getAllContext(), ['cdk.json', join(homedir(), '.cdk.json')].flatMap(writtenIn));
const settings = readSettings(said('baton'), { stage: said('stage'), deleteDataOf: said('delete-data-of'), console: said('console') });
batonApp(app, { settings, prepared: prepare(String(said('marketing') ?? join(projectRoot, 'marketing')), settings) });
app.synth();
