import { endingOf } from '#core/explain/endings';
import type { Instant } from '#core/instant';
import type { SalesTask, TaskAnswer } from '#core/sales-task';
import { tasksOfLead } from '#lambdas/tasks-of-lead';
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
  /** What sales answered to its tasks, in their order. */
  readonly answers: readonly string[];
};

/** Of leads, in the order of their ids. */
export const storiesOf = async (world: World, leadIds: readonly string[], version: Version): Promise<readonly Story[]> => {
  const contents = contentsOf(version);
  const leads = await readLeads(world, await livingOf(world, leadIds));
  return Promise.all(leads.map(async (it) => storyOf(it, contents, await tasksOfLead(world.ports, it.lead, world.ports.ids.taskId))));
};

const storyOf = (
  { lead, sends, enrolments, moves }: LeadRows,
  contents: ReadonlyMap<string, string>,
  tasks: readonly Pick<SalesTask, 'answers'>[],
): Story => {
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
    answers: tasks.flatMap((it) => it.answers.map(answerText)),
  };
};

/** Without who and when: these go by what other leads do as well. */
const answerText = ({ answer, reason = '', amount, currency = '' }: TaskAnswer): string =>
  `sales: ${[answer, reason, amount ?? '', currency].filter((it) => it !== '').join(' ')}`;

/** Two e-mails with one text are one to whoever reads them, whatever their steps are called. */
const contentsOf = ({ compiled }: Version): ReadonlyMap<string, string> =>
  new Map(
    compiled.flatMap(({ artifact }) =>
      Object.entries(artifact.emails).map(
        ([step, { content }]) => [`${artifact.sequence}/${step}`, `${content.subject}\n${content.text}`] as const,
      ),
    ),
  );
