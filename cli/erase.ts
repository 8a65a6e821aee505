import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { typesAgain } from '#cli/ask';
import { idOfNamed, type LeadDataOptions, openLeadData, withLeadDataOptions } from '#cli/lead-data';
import { onRecord, recordingIn, recordingOn } from '#cli/on-record';
import { type Certificate, certificateOf } from '#core/erasure';
import { askToErase, type ErasingUse, removeLead } from '#lambdas/erase-lead';

type Options = LeadDataOptions & { readonly yes?: true; readonly dryRun?: true; readonly out?: string };

export const register = (program: Command): void => {
  withLeadDataOptions(
    program
      .command('erase')
      .argument('<lead>', 'its e-mail address, or its id')
      .description('erase a lead: stop all its runs, remove its data everywhere, keep only the word that no mail may go to it')
      .option('--dry-run', 'remove nothing: only say whom it would be, and how much there is')
      .option('--yes', 'do not ask')
      .option('--out <file>', 'write the certificate there')
      .option('--json', 'the certificate, as JSON'),
  ).action(async (named: string, options: Options) => {
    const { use, table, close } = await openLeadData(options);
    try {
      const leadId = await use.aliases.resolve(idOfNamed(named, use.ids));
      if (options.dryRun) return console.log(await whatThereIs(use, leadId, options.json === true));
      if (!options.yes && !(await agreesTo(named))) return console.log('Nothing was erased.');
      const certificate = await erase(use, leadId);
      await onRecord(options.dev === undefined ? recordingOn(options) : recordingIn(table, use.clock.now()), 'erase-lead', { leadId });
      if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(certificate, undefined, 2)}\n`);
      console.log(options.json ? JSON.stringify(certificate, undefined, 2) : inWords(certificate));
    } finally {
      await close();
    }
  });
};

/** Asked again for somebody who was erased, it gives the certificate again. Throws when there is no such lead. */
export const erase = async (use: ErasingUse, leadId: string): Promise<Certificate> => {
  const erasure = await askToErase(use, leadId, 'asked');
  if (erasure === 'unknown') throw new Error(`there is no lead ${leadId}, and none was erased`);
  return certificateOf(erasure.looks === 0 ? await removeLead(use, erasure) : erasure);
};

const whatThereIs = async (use: ErasingUse, leadId: string, isJson: boolean): Promise<string> => {
  const { lead, events, sends, enrolments, decisions, moves, consents } = await use.histories.ofLead(leadId);
  if (!lead) throw new Error(`there is no lead ${leadId}`);
  const counts = {
    events: events.length,
    mails: sends.length,
    runs: enrolments.length,
    decisions: decisions.length,
    moves: moves.length,
    consents: consents.length,
    formerLeads: Object.keys(lead.absorbed ?? {}).length,
  };
  if (isJson) return JSON.stringify({ leadId, stage: lead.stage, createdAt: lead.createdAt, counts }, undefined, 2);
  const parts = Object.entries(counts).map(([what, count]) => `  ${what}: ${count}`);
  return [`The lead ${leadId} (${lead.stage}, since ${lead.createdAt}) would be erased, with`, ...parts].join('\n');
};

const agreesTo = (named: string): Promise<boolean> =>
  typesAgain(named, `This cannot be undone. Type ${named} again to erase this lead: `, 'say --yes');

const inWords = ({ leadId, erasedAt, removed, nextLookAt, kept }: Certificate): string =>
  [
    erasedAt === undefined
      ? `The lead ${leadId} is not erased: something happened with it meanwhile.`
      : `The lead ${leadId} was erased at ${erasedAt}: ${removed.rows} rows, ${removed.tasks} sales tasks, ${removed.mails} answers.`,
    ...(nextLookAt === undefined ? [] : [`What was on its way meanwhile is removed by itself; the next look is at ${nextLookAt}.`]),
    'Kept:',
    ...kept.map(({ what, why, until }) => `  ${what}: ${why}${until === undefined ? '' : ` (${until})`}`),
  ].join('\n');
