import { endingOf } from '#core/explain/endings';
import type { Instant } from '#core/instant';
import type { LeadRows } from '#local/report/lead-rows';
import { readLeads } from '#local/report/lead-rows';
import type { World } from '#local/world';
import { livingOf } from './count-block.ts';
import type { Version } from './plan.ts';

/** What one lead went through, to hold beside the same lead under another version. */
export type Story = {
  readonly leadId: string;
  readonly mails: readonly { readonly email: string; readonly content: string; readonly at: Instant }[];
  readonly endings: { readonly [sequence: string]: string };
  readonly qualifiedAt?: Instant;
};

/** Of leads, in the order of their ids. */
export const storiesOf = async (world: World, leadIds: readonly string[], version: Version): Promise<readonly Story[]> => {
  const contents = contentsOf(version);
  return (await readLeads(world, await livingOf(world, leadIds))).map((it) => storyOf(it, contents));
};

const storyOf = ({ lead, sends, enrolments, moves }: LeadRows, contents: ReadonlyMap<string, string>): Story => {
  const qualified = moves.find((it) => it.to === 'mql');
  const mails = sends
    .filter((it) => it.state === 'SENT' && it.sentAt !== undefined)
    .map((it) => ({ email: `${it.sequence}/${it.step}`, at: it.sentAt ?? it.claimedAt }))
    .map((it) => ({ ...it, content: contents.get(it.email) ?? it.email }))
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.email < other.email ? -1 : 1));
  const runs = [...enrolments].sort((one, other) => (one.sequence < other.sequence ? -1 : 1));
  return {
    leadId: lead.leadId,
    mails,
    endings: Object.fromEntries(runs.map((it) => [it.sequence, endingOf(it)])),
    ...(qualified && { qualifiedAt: qualified.at }),
  };
};

/** Two e-mails with one text are one to whoever reads them, whatever their steps are called. */
const contentsOf = ({ compiled }: Version): ReadonlyMap<string, string> =>
  new Map(
    compiled.flatMap(({ artifact }) =>
      Object.entries(artifact.emails).map(
        ([step, { content }]) => [`${artifact.sequence}/${step}`, `${content.subject}\n${content.text}`] as const,
      ),
    ),
  );
