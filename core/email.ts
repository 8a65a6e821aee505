import type { Brand } from './config.ts';
import type { Lead } from './lead.ts';
import type { OutgoingEmail, Templates } from './ports.ts';
import type { SendKey } from './sending.ts';
import type { CompiledEmail } from './sequences/model.ts';

export type MailParts = {
  readonly content: CompiledEmail;
  readonly brand: Brand;
  readonly lead: Lead;
  readonly sequence: string;
  readonly key: SendKey;
  readonly unsubscribeUrl: string;
  readonly templates: Templates;
};

/** What a template may use: see docs/reference.md. Lead fields may be missing, everything else is always there. */
export const mergeData = ({ brand, lead, sequence, unsubscribeUrl }: Pick<MailParts, 'brand' | 'lead' | 'sequence' | 'unsubscribeUrl'>) => ({
  lead: { ...lead.fields, email: lead.email },
  brand: { company: brand.company, 'postal-address': brand.postalAddress },
  sequence: { id: sequence },
  'unsubscribe-url': unsubscribeUrl,
});

/** The names that a template may begin with, and those below them that are always there. */
export const alwaysThere: readonly string[] = ['lead.email', 'brand.company', 'brand.postal-address', 'sequence.id', 'unsubscribe-url'];

/** Fills one e-mail for one lead. Throws PermanentError when the template cannot be filled. */
export const composeEmail = (parts: MailParts): OutgoingEmail => {
  const { content, brand, key, sequence, unsubscribeUrl, templates, lead } = parts;
  const data = mergeData(parts);
  const sender = content.sender ?? brand.sender;
  return {
    from: { name: oneLine(sender.name), address: sender.address },
    ...(sender.replyTo !== undefined && { replyTo: sender.replyTo }),
    to: lead.email,
    subject: oneLine(templates.fill(content.subject, data, 'text')),
    html: templates.fill(content.html, data, 'html'),
    text: templates.fill(content.text, data, 'text'),
    headers: [
      { name: 'List-Unsubscribe', value: `<${unsubscribeUrl}>` },
      { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    ],
    tags: {
      lead: lead.leadId,
      sequence,
      enrolment: key.enrolmentId,
      step: key.step,
      round: String(key.round),
    },
  };
};

/** No header line may end early: line ends and other control characters become spaces. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
