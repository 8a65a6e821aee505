import { objectArtifacts } from '#adapters/aws/artifacts';
import { loadMarketing } from '#adapters/files/load-marketing';
import { enrolmentWalks } from '#adapters/stores/enrolment-walks';
import { compileMarketing } from '#cli/compile';
import { openLegs } from '#cli/legs/open';
import { problemsInWords } from '#cli/problems-text';
import { openTable } from '#cli/read-leads';
import type { Side } from '#core/changes/plan';
import { permanentError } from '#core/errors';
import { artifactKey } from '#core/object-keys';
import type { Sequence } from '#core/sequences/model';
import type { LookUse } from '#lambdas/legs/migrate';
import { readDeployed } from '#local/deployed';
import { openJournal } from '#local/journal';

export type Written = Side & { readonly sequences: readonly Sequence[] };

/** A marketing folder, compiled. Throws with everything that is wrong with it. */
export const readFolder = async (dir: string, called = dir): Promise<Written> => {
  const marketing = await loadMarketing(dir);
  const { compiled, live, problems } = await compileMarketing(marketing);
  const errors = problems.filter((it) => it.severity === 'error');
  if (!live || errors.length > 0) throw new Error(`${called} has errors:\n${problemsInWords(errors, called)}`);
  return {
    artifacts: compiled.map((it) => it.compiled.artifact),
    live,
    sequences: compiled.map((it) => it.sequence),
  };
};

/** What is deployed somewhere, and who is in it. */
export type Deployed = { readonly side: Side; readonly use: LookUse; readonly close: () => Promise<void> };

export const openStage = async (options: { readonly stage: string; readonly table?: string }): Promise<Deployed> => {
  const use = await openLegs(options).catch((error: Error) => {
    throw new Error(
      `what is deployed to ${options.stage} cannot be read (${error.message}).\nTo compare with what is in git instead: npx baton plan --against HEAD, or any branch, tag or commit`,
    );
  });
  return { side: { artifacts: await use.artifacts.current(), live: await use.config.live() }, use, close: async () => undefined };
};

/** What `baton dev` runs, while it is stopped. */
export const openDev = async (folder: string): Promise<Deployed> => {
  const { table, clock, close } = await openTable({ stage: '', dev: folder });
  const journal = openJournal(`${folder}/journal`);
  const end = async () => {
    journal.close();
    await close();
  };
  const known = readDeployed(journal);
  if (!known) {
    await end();
    throw new Error(`${folder} does not say what runs there: start npx baton dev on it once more`);
  }
  const texts = new Map(known.every.map((it) => [artifactKey(it.sequence, it.version), JSON.stringify(it)]));
  const artifacts = objectArtifacts(async (key) => {
    const text = texts.get(key);
    if (text === undefined) throw permanentError(`there is no ${key}`);
    return text;
  }, clock);
  const lengths = async () => known.every.flatMap((it) => it.waitLengths);
  const use = { clock, artifacts, runs: enrolmentWalks(table, lengths).runs };
  return { side: { artifacts: known.current, live: known.live }, use, close: end };
};
