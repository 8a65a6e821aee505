import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { idOfNamed, type LeadData, type LeadDataOptions, openLeadData, withLeadDataOptions } from '#cli/lead-data';
import { idsOf } from '#core/erasure';
import { leadPk } from '#core/keys';
import type { Item } from '#core/table';
import { everyTaskOfLead } from '#lambdas/tasks-of-lead';

type Options = LeadDataOptions & { readonly out?: string };

export const register = (program: Command): void => {
  withLeadDataOptions(
    program
      .command('export')
      .argument('<lead>', 'its e-mail address, or its id')
      .description('everything that is kept about a lead, as JSON: what a person who asks for their data is owed')
      .option('--out <file>', 'write it there instead of printing it')
      .option('--json', 'no difference: it is JSON'),
  ).action(async (named: string, options: Options) => {
    const data = await openLeadData(options);
    try {
      const text = JSON.stringify(await exportLead(data, idOfNamed(named, data.use.ids)), undefined, 2);
      if (options.out === undefined) return console.log(text);
      await writeFile(options.out, `${text}\n`, { mode: 0o600 });
      console.log(`Written to ${options.out}. It is personal data: hand it over safely, then delete it.`);
    } finally {
      await data.close();
    }
  });
};

/** What a token opens is no part of a person's data, and keys of indexes say nothing. */
const internal: readonly string[] = ['pk', 'sk', 'token', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk', 'revision', 'configHash'];

export type LeadExport = {
  readonly format: 1;
  readonly exportedAt: string;
  readonly leadId: string;
  readonly profile: unknown;
  /** By kind of row, in order of their keys. */
  readonly rows: { readonly [kind: string]: readonly unknown[] };
  readonly suppressions: readonly unknown[];
  readonly salesTasks: readonly unknown[];
  /** Answers of the lead that are still kept, as they were read. */
  readonly answers: readonly { readonly key: string; readonly subject: string; readonly text: string }[];
};

/** Of a lead that went into another, the other one's, with what it brought. Throws when there is no such lead. */
export const exportLead = async ({ use, table }: Pick<LeadData, 'use' | 'table'>, named: string): Promise<LeadExport> => {
  const leadId = await use.aliases.resolve(named);
  const history = await use.histories.ofLead(leadId);
  const { lead } = history;
  if (!lead) throw new Error(`there is no lead ${named}`);
  const rows: Record<string, unknown[]> = {};
  for (const item of await table.query(leadPk(leadId), '')) {
    const kind = String(item.sk).split('#', 1)[0]?.toLowerCase() ?? '';
    if (kind === 'profile') continue;
    const ofKind = rows[kind] ?? [];
    ofKind.push(shown(item));
    rows[kind] = ofKind;
  }
  return {
    format: 1,
    exportedAt: use.clock.now(),
    leadId,
    profile: shown(lead as unknown as Item),
    rows,
    suppressions: (await Promise.all(idsOf(lead).map((id) => use.suppressions.ofLead(id)))).flat(),
    salesTasks: await everyTaskOfLead(use, lead, (id, at) => use.ids.taskId(id, at)),
    answers: await answersOf(
      use,
      history.events.flatMap((it) => it.reply?.mail ?? []),
    ),
  };
};

const answersOf = async ({ replyMail }: LeadData['use'], keys: readonly string[]): Promise<LeadExport['answers']> => {
  const read = await Promise.all(keys.map(async (key) => ({ key, mail: await replyMail.read(key) })));
  return read.flatMap(({ key, mail }) => (mail ? [{ key, subject: mail.subject, text: mail.text }] : []));
};

const shown = (item: Item): unknown => Object.fromEntries(Object.entries(item).filter(([name]) => !internal.includes(name)));
