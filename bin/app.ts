import './plain-errors.ts';
import { existsSync, readFileSync } from 'node:fs';
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
const inFile = (existsSync('cdk.json') ? JSON.parse(readFileSync('cdk.json', 'utf8')) : {}) as { readonly context?: object };
refuseUnread(app.node.getAllContext(), Object.keys(inFile.context ?? {}));
const settings = readSettings(said('baton'), { stage: said('stage'), deleteDataOf: said('delete-data-of'), console: said('console') });
batonApp(app, { settings, prepared: prepare(String(said('marketing') ?? join(projectRoot, 'marketing')), settings) });
app.synth();
