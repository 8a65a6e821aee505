import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { handlerNames } from '#core/handlers';
import { batonApp } from '#lib/baton-app';
import { bundleHandler, projectRoot } from '#lib/bundle';
import { isWanted } from '#lib/engine-stack';
import { writeObjects } from '#lib/objects';
import { readSettings } from '#lib/settings';
import { bundleConsole } from '#web/bundle';

/** What `cdk synth` and `cdk deploy` run. Needs no account: everything is compiled and bundled here first. */
const app = new App();
const settings = readSettings(app.node.tryGetContext('baton'), app.node.tryGetContext('stage'), app.node.tryGetContext('console'));
const folder = (name: string) => join(projectRoot, '.baton/deploy', name);
const marketing = await loadMarketing(String(app.node.tryGetContext('marketing') ?? join(projectRoot, 'marketing')));
const { compiled, lock, problems } = await compileMarketing(marketing);
const errors = problems.filter((it) => it.severity === 'error');
if (errors.length > 0 || !marketing.live) {
  console.error(`marketing/ has ${errors.length} errors and is not deployed: run npx baton check`);
  process.exit(1);
}
await Promise.all(handlerNames.filter((it) => isWanted(it, settings)).map((name) => bundleHandler(name, join(folder('functions'), name))));
const objects = await writeObjects(
  folder('objects'),
  compiled.map((it) => it.compiled),
  marketing.live,
  lock,
  settings.console ? await bundleConsole() : undefined,
);
batonApp(app, { ...objects, settings, brand: marketing.live.brand, bundles: folder('functions'), objects: folder('objects') });
app.synth();
