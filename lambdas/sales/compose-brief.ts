import { type BriefFacts, type BriefNotice, briefFacts } from '#core/brief/facts';
import { briefMail } from '#core/brief/mail';
import { openerData } from '#core/brief/opener';
import type { LiveConfig, Rep } from '#core/config';
import { permanentError, retryableError } from '#core/errors';
import { addSeconds } from '#core/instant';
import type { Lead } from '#core/lead';
import type { History, OutgoingEmail, Ports } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import { zoneOf } from '#core/time-zone';

type Composing = {
  readonly links: Pick<Ports['links'], 'signAnswer'>;
  readonly templates: Ports['templates'];
} & Pick<Ports, 'clock' | 'log'>;

export type About = {
  readonly task: SalesTask;
  readonly lead: Lead;
  readonly live: LiveConfig;
  readonly history: History;
  readonly notice: BriefNotice;
  readonly rep: Rep;
};

/** What a brief says to this rep, with a link that is this rep's. */
export const factsFor = (use: Composing, { rep, ...about }: About): BriefFacts => {
  const { task, live } = about;
  const expiresAt = addSeconds(use.clock.now(), live.sales.answers.linkSeconds);
  const answerUrl = `${live.brand.links}/a/${use.links.signAnswer({ taskId: task.taskId, rep: rep.rep, expiresAt })}`;
  return factsWith(use, { ...about, rep }, answerUrl);
};

/** The same, for who answers elsewhere. */
export const factsWith = (use: Omit<Composing, 'links'>, { rep, ...about }: About, answerUrl: string): BriefFacts => {
  const { live } = about;
  const now = use.clock.now();
  const facts = briefFacts({ ...about, now, repZone: rep.timeZone, answerUrl });
  return facts.opening && live.sales.opener !== undefined
    ? { ...facts, opening: { ...facts.opening, words: fillOpener(use, about, live.sales.opener, facts.opening.words) } }
    : facts;
};

/** Words of sales.yaml that ask for what this lead lacks must not keep the brief from its reader. */
const fillOpener = (
  use: Omit<Composing, 'links'>,
  { lead, live, history }: Omit<About, 'rep'>,
  template: string,
  otherwise: string,
): string => {
  const { zone } = zoneOf(lead, live.brand);
  const data = { lead: { ...lead.fields, email: lead.email }, ...openerData({ lead, history, live, now: use.clock.now(), zone }) };
  try {
    return use.templates.fill(template, data, 'text').replace(/\s+/g, ' ').trim();
  } catch {
    use.log.warn('the opener of sales.yaml could not be filled', { leadId: lead.leadId });
    return otherwise;
  }
};

/** The brief as a mail to its rep. */
export const mailOf = (facts: BriefFacts, rep: Rep, { brand }: LiveConfig): OutgoingEmail => ({
  from: { name: brand.sender.name, address: brand.sender.address },
  to: rep.email,
  ...briefMail(facts),
  headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
  tags: { kind: 'sales-task', task: facts.taskId, notice: facts.notice, rep: rep.rep },
});

export const sendBrief = async (use: Pick<Ports, 'mail'>, email: OutgoingEmail): Promise<void> => {
  const sent = await use.mail.send(email);
  if (sent.result === 'rejected') throw permanentError(`the mail service refused the brief: ${sent.reason}`);
  if (sent.result === 'throttled' || sent.result === 'circuit') throw retryableError(`the brief could not be sent now: ${sent.reason}`);
};
