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

/** Both templates, with empty bundles: what is in a function is tested elsewhere. Throws what cdk-nag finds. */
export const synthesize = async (given: {
  readonly compiled: readonly Compiled[];
  readonly live: LiveConfig;
  readonly lock?: Lock;
  readonly settings?: object;
}): Promise<Templates> => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-synth-'));
  for (const name of handlerNames) {
    mkdirSync(join(folder, 'functions', name), { recursive: true });
    writeFileSync(join(folder, 'functions', name, 'index.mjs'), `export const handler = '${name}';\n`);
  }
  const objects = await writeObjects(join(folder, 'objects'), given.compiled, given.live, given.lock ?? emptyLock);
  const app = new App({ context, outdir: join(folder, 'out') });
  batonApp(app, {
    ...objects,
    settings: readSettings({ ...(context.baton as object), ...given.settings }),
    brand: given.live.brand,
    bundles: join(folder, 'functions'),
    objects: join(folder, 'objects'),
  });
  app.synth();
  const files = readdirSync(join(folder, 'out'));
  const read = (name: RegExp) => JSON.parse(readFileSync(join(folder, 'out', files.find((it) => name.test(it)) ?? ''), 'utf8')) as Template;
  return { Data: read(/^Data\.template/), Engine: read(/^Engine\.template/), Watch: read(/Watch.*\.nested\.template/) };
};

export const resourcesOf = (template: Template, type: string): readonly (Resource & { readonly logicalId: string })[] =>
  Object.entries(template.Resources)
    .filter(([, it]) => it.Type === type)
    .map(([logicalId, it]) => ({ logicalId, ...it, Properties: it.Properties ?? {} }));
