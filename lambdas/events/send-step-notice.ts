import { mergeData, oneLine } from '#core/email';
import { permanentError } from '#core/errors';
import type { Use } from '#core/handlers';
import { escapeHtml } from '#core/html';
import type { Lead } from '#core/lead';
import type { StepNotice } from '#core/notice-messages';
import type { OutgoingEmail } from '#core/ports';
import type { Telling } from '#core/sequences/model';
import { findPresentLead } from '#lambdas/aliases';

type Handler = Use<'send-notice'>;

/** What a `notify` step says about a lead: posted, or an e-mail for each reader. Nothing about a lead that is gone. */
export const composeStepNotice = async (use: Handler, notice: StepNotice): Promise<readonly OutgoingEmail[]> => {
  const [artifact, lead, live] = await Promise.all([
    use.artifacts.get(notice.sequence, notice.version),
    findPresentLead(use, notice.leadId),
    use.config.live(),
  ]);
  const telling = artifact.tellings?.[notice.step];
  if (!telling) throw permanentError(`no notify step ${notice.step} in ${notice.sequence} ${notice.version}`);
  if (!lead) return [];
  const { brand } = live;
  const links = { unsubscribe: '', preferences: '' };
  const data = mergeData({ brand, lead, sequence: notice.sequence, topic: artifact.topic, links });
  const text = use.templates.fill(telling.says, data, 'text').trim();
  if (notice.by === 'slack') {
    await post(use, notice, telling, text);
    return [];
  }
  const html = `<!doctype html><html lang="en"><body style="font:16px/1.5 system-ui,sans-serif;color:#1d2733;max-width:36rem">${text
    .split(/\n{2,}/)
    .map((it) => `<p>${escapeHtml(it).replaceAll('\n', '<br>')}</p>`)
    .join('')}<p style="color:#5c6b7a">${escapeHtml(aboutOf(notice, lead))}</p></body></html>`;
  return (telling.email ?? []).map((reader) => ({
    from: { name: brand.sender.name, address: brand.sender.address },
    to: reader === 'owner' ? artifact.owner : reader,
    subject: oneLine(text).slice(0, 120),
    text: `${text}\n\n${aboutOf(notice, lead)}`,
    html,
    headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
    tags: { kind: 'notice', notice: 'told', sequence: notice.sequence },
  }));
};

const post = async (use: Handler, { sequence, step }: StepNotice, { slack = '' }: Telling, text: string): Promise<void> => {
  const posted = await use.teamChat.post(slack, `${text}\n_${sequence}, ${step}_`);
  if (posted === 'no-channel') throw permanentError(`there is no channel ${slack} in the secret of the stack (docs/logic.md)`);
  if (posted === 'refused') throw permanentError(`Slack refused the message of ${sequence}, ${step}`);
};

const aboutOf = ({ sequence, step, at }: StepNotice, { leadId }: Lead): string =>
  `Sequence ${sequence}, step ${step}, lead ${leadId}, ${at}`;
