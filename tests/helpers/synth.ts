import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { LiveConfig } from '#core/config';
import { handlerNames } from '#core/handlers';
import type { Compiled } from '#core/sequences/compile';
import { emptyLock, type Lock } from '#core/sequences/lock';
import { batonApp } from '#lib/baton-app';
import { projectRoot } from '#lib/bundle';
import { writeObjects } from '#lib/objects';
import type { Prepared } from '#lib/prepare';
import { readSettings } from '#lib/settings';

export type Resource = {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
};
export type Template = { readonly Resources: Readonly<Record<string, Resource>>; readonly Outputs?: Record<string, unknown> };
/** `Watch`: nested in the engine. */
export type Templates = { readonly Data: Template; readonly Engine: Template; readonly Watch: Template };

/** cdk.json's own context, feature flags included: the template of a test is the template of a deployment. */
const context = (JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> }).context;

export type Given = {
  readonly compiled: readonly Compiled[];
  readonly live: LiveConfig;
  readonly lock?: Lock;
  readonly settings?: object;
  readonly stage?: string;
};

/** With empty bundles: what is in a function is tested elsewhere. */
export const preparedOf = async (given: Given): Promise<{ readonly folder: string; readonly prepared: Prepared }> => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-synth-'));
  for (const name of handlerNames) {
    mkdirSync(join(folder, 'functions', name), { recursive: true });
    writeFileSync(join(folder, 'functions', name, 'index.mjs'), `export const handler = '${name}';\n`);
  }
  const objects = await writeObjects(join(folder, 'objects'), given.compiled, given.live, given.lock ?? emptyLock, {
    stage: given.stage ?? 'prod',
  });
  const { brand } = given.live;
  return { folder, prepared: { ...objects, brand, bundles: join(folder, 'functions'), objects: join(folder, 'objects') } };
};

/** All templates. Throws what cdk-nag finds. */
export const synthesize = async (given: Given): Promise<Templates> => {
  const { folder, prepared } = await preparedOf(given);
  const app = new App({ context, outdir: join(folder, 'out') });
  batonApp(app, { settings: readSettings({ ...(context.baton as object), ...given.settings }), prepared });
  app.synth();
  const out = join(folder, 'out');
  const nested = readdirSync(out).find((it) => /Watch.*\.nested\.template/.test(it)) ?? '';
  return { Data: templateIn(out, 'Data'), Engine: templateIn(out, 'Engine'), Watch: readTemplate(join(out, nested)) };
};

export const templateIn = (out: string, stack: string): Template => readTemplate(join(out, `${stack}.template.json`));

const readTemplate = (file: string): Template => JSON.parse(readFileSync(file, 'utf8')) as Template;

export const resourcesOf = (template: Template, type: string): readonly (Resource & { readonly logicalId: string })[] =>
  Object.entries(template.Resources)
    .filter(([, it]) => it.Type === type)
    .map(([logicalId, it]) => ({ logicalId, ...it, Properties: it.Properties ?? {} }));
