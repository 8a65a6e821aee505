import type { LiveConfig } from '#core/config';
import { type Explanation, explanationOf } from '#core/explain/explanation';
import type { Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import type { Artifact, Sequence } from '#core/sequences/model';
import { domainOf } from '#core/stop-list';
import { tasksOfLead } from './tasks-of-lead.ts';

/** Nothing is written, and nothing is sent. */
export type ExplainUse = {
  readonly aliases: Pick<Ports['aliases'], 'resolve'>;
  readonly histories: Pick<Ports['histories'], 'ofLead'>;
  readonly suppressions: Pick<Ports['suppressions'], 'ofLead'>;
  readonly salesTasks: Pick<Ports['salesTasks'], 'find'>;
  readonly stopList: Pick<Ports['stopList'], 'find'>;
  readonly line: Pick<Ports['line'], 'state'>;
};

/** A version of a sequence. `sequence`: its steps, while the marketing folder still has them. */
export type KnownVersion = { readonly artifact: Artifact; readonly sequence?: Sequence };

export type AskedToExplain = {
  readonly leadId: string;
  readonly sequence?: string;
  /** YYYY-MM-DD, where the lead is. */
  readonly day?: string;
  readonly now: Instant;
  readonly live: LiveConfig;
  readonly versions: readonly KnownVersion[];
  /** Without it nothing is said of sales tasks: their ids are made with the key of identities. */
  readonly taskId?: Ports['ids']['taskId'];
};

/** `erased`: there was such a lead; what keeps mail from its address outlives it. */
export type Explained =
  | { readonly found: true; readonly explanation: Explanation }
  | { readonly found: false; readonly because: 'unknown' | 'erased' }
  | { readonly found: false; readonly because: 'never-in-sequence'; readonly sequences: readonly string[] };

/** Of a lead that went into another, the other is explained. */
export const explainLead = async (use: ExplainUse, { leadId: asked, versions, taskId, ...rest }: AskedToExplain): Promise<Explained> => {
  const leadId = await use.aliases.resolve(asked);
  const [history, suppressions, line] = await Promise.all([
    use.histories.ofLead(leadId),
    use.suppressions.ofLead(leadId),
    use.line.state(),
  ]);
  const { lead } = history;
  if (!lead) return { found: false, because: suppressions.length > 0 || history.events.length > 0 ? 'erased' : 'unknown' };
  const stopped = await use.stopList.find(domainOf(lead.email));
  const met = [...history.enrolments, ...history.decisions].flatMap((it) => it.sequence ?? []);
  const { sequence } = rest;
  if (sequence !== undefined && !met.includes(sequence) && !versions.some((it) => it.artifact.sequence === sequence))
    return { found: false, because: 'never-in-sequence', sequences: [...new Set(met)].sort() };
  const exactly = (id: string, version: string) => versions.find((it) => it.artifact.sequence === id && it.artifact.version === version);
  const explanation = explanationOf({
    ...rest,
    lead,
    history,
    suppressions,
    line,
    ...(stopped && { stopped }),
    tasks: taskId ? await tasksOfLead(use, lead, taskId) : [],
    ...(asked !== leadId && { askedFor: asked }),
    // What an older version is about is what the one in the folder is about: that seldom changes.
    artifactOf: (id, version) => (exactly(id, version) ?? versions.find((it) => it.artifact.sequence === id))?.artifact,
    stepsOf: (id, version) => exactly(id, version)?.sequence,
  });
  return { found: true, explanation };
};

/** The explanation, or an error that says why there is none. */
export const mustBeFound = (named: string, explained: Explained): Explanation => {
  if (explained.found) return explained.explanation;
  switch (explained.because) {
    case 'unknown':
      throw new Error(`there is no lead ${named}`);
    case 'erased':
      throw new Error(`there is no lead ${named} any more: it was erased. What keeps mail from its address is kept, and nothing else`);
    case 'never-in-sequence':
      throw new Error(
        `the lead ${named} has nothing to do with a sequence of that name, only with: ${explained.sequences.join(', ') || 'none'}`,
      );
  }
};
