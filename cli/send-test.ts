import type { Command } from 'commander';
import { sesClient } from '#adapters/aws/clients';
import { sesMail } from '#adapters/aws/mail';
import { liquidTemplates } from '#adapters/email/liquid';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { meantHint } from '#core/did-you-mean';
import { composeEmail, sampleLinks } from '#core/email';
import type { Mail, MailResult } from '#core/ports';
import { samplesFor } from '#local/preview/samples';

type Options = { readonly dir: string; readonly to: string; readonly lead: string; readonly json?: true };

export const register = (program: Command): void => {
  program
    .command('send-test')
    .argument('<email>', 'sequence and step, e.g. trial-nurture/welcome')
    .requiredOption('--to <address>', 'who gets it; verified, while SES keeps you in its sandbox')
    .description('send one e-mail through SES with your own AWS credentials, filled for a sample lead; nothing is recorded')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--lead <sample>', 'known, unknown, long, or a locale such as de', 'known')
    .option('--json', 'what came of it, as JSON')
    .action(async (email: string, options: Options) => {
      const client = sesClient();
      const ses = sesMail(client);
      // A send that fails for want of them looks like one of which nobody knows whether it went. Only here: slips are told without them.
      const send: Mail['send'] = async (it) => {
        await Promise.all([client.config.region(), client.config.credentials()]);
        return ses.send(it);
      };
      const result = await sendTest(email, options, { ...ses, send });
      console.log(options.json ? JSON.stringify(result) : inWords(result, options.to));
      process.exitCode = result.result === 'accepted' ? 0 : 1;
    });
};

/** Throws when there is no such e-mail or sample, with those there are. */
export const sendTest = async (email: string, { dir, to, lead }: Options, mail: Mail): Promise<MailResult> => {
  const marketing = await loadMarketing(dir);
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live || compiled.length === 0) throw new Error(`${dir} has errors: npx baton check says which`);
  const [sequence = '', step = ''] = email.split('/');
  const artifact = compiled.find((it) => it.sequence.id === sequence)?.compiled.artifact;
  const found = artifact?.emails[step];
  if (!artifact || !found) throw new Error(noEmail(email, namesOf(compiled)));
  const samples = samplesFor(Object.keys(found.content.locales ?? {}).sort());
  const sample = samples.find((it) => it.id === lead);
  if (!sample) throw new Error(`there is no sample lead ${lead}; there are: ${samples.map((it) => it.id).join(', ')}`);
  const { brand } = marketing.live;
  const composed = composeEmail({
    content: found.content,
    brand,
    lead: { ...sample.lead, email: to },
    sequence,
    key: { leadId: 'test', enrolmentId: 'test', step, round: 1 },
    topic: artifact.topic,
    links: sampleLinks(brand, 'test'),
    templates: liquidTemplates(),
  });
  // No tags: SES's events of a test must not look like a lead's.
  return mail.send({ ...composed, subject: `[test] ${composed.subject}`, tags: {} });
};

const noEmail = (email: string, names: readonly string[]): string => {
  const { hint } = meantHint(email, names);
  return `there is no e-mail ${email}; ${hint ?? `there are: ${names.join(', ')}`}`;
};

const namesOf = (
  compiled: readonly {
    readonly sequence: { readonly id: string };
    readonly compiled: { readonly artifact: { readonly emails: object } };
  }[],
) => compiled.flatMap((it) => Object.keys(it.compiled.artifact.emails).map((step) => `${it.sequence.id}/${step}`));

const inWords = (result: MailResult, to: string): string => {
  switch (result.result) {
    case 'accepted':
      return `SES took it for ${to} (${result.messageId}). Its unsubscribe link leads nowhere.`;
    case 'throttled':
      return `SES takes no more at the moment (${result.reason}): try again in a minute.`;
    case 'rejected':
      return `SES refused it (${result.reason}): in the sandbox both addresses must be verified.`;
    case 'circuit':
      return `SES sends nothing for this account or sender (${result.reason}): see docs/deploy.md, part 2.`;
    case 'unknown':
      return `nobody knows whether it went (${result.reason}).`;
  }
};
