import './plain-errors.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { handlerNames } from '#core/handlers';
import { bundleHandler } from '#lib/bundle';
import { writeObjects } from '#lib/objects';
import { type Prepared, preparedFile } from '#lib/prepare';
import { bundleConsole } from '#web/bundle';

/** `prepare.ts <marketing> <folder> <stage> [console]`: what lib/prepare.ts runs. Needs no account: everything is compiled and bundled here. */
const [dir = 'marketing', folder = '.baton/deploy', stage = 'prod', wanted] = process.argv.slice(2);
const [functions, objects] = [join(folder, 'functions'), join(folder, 'objects')];
const marketing = await loadMarketing(dir);
const { compiled, live, lock, problems } = await compileMarketing(marketing);
const errors = problems.filter((it) => it.severity === 'error');
if (errors.length > 0 || !live) {
  console.error(`${dir} has ${errors.length} errors, the first: ${errors[0]?.file}:${errors[0]?.line} ${errors[0]?.what}`);
  process.exit(1);
}
const sequences = compiled.map((it) => it.compiled);
await Promise.all(handlerNames.map((name) => bundleHandler(name, join(functions, name))));
const { sender, links, replies } = live.brand;
const prepared: Prepared = {
  ...(await writeObjects(objects, sequences, live, lock, {
    stage,
    console: wanted === 'console' ? { page: await bundleConsole(), problems } : undefined,
  })),
  brand: { sender, links, ...(replies && { replies }) },
  bundles: functions,
  objects,
};
await writeFile(join(folder, preparedFile), JSON.stringify(prepared));
