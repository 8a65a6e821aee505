import { convert } from 'html-to-text';
import { stringify } from 'yaml';
import type { ForeignEmail } from '#core/importers/foreign';
import { fieldOf } from '#core/importers/words';

export type ImportedMail = { readonly markdown: string; readonly hasText: boolean; readonly notes: readonly string[] };

/** A mail of another tool as a file of ours: subject, preheader, its text as Markdown. Looks are those of our frame, not of the other tool. */
export const importedMail = (email: ForeignEmail & { readonly label: string }): ImportedMail => {
  const notes: string[] = [];
  const text = email.html !== undefined ? markdownOf(email.html) : email.text;
  const body = text === undefined ? undefined : ourFields(text, notes).trim();
  const head = {
    subject: oneLine(ourFields(email.subject ?? `${email.label} (subject to be written)`, notes)),
    preheader: oneLine(ourFields(email.preheader ?? '', notes)),
  };
  const markdown = `---\n${stringify(head, { lineWidth: 0 })}---\n${body || `**This e-mail came without its text.** Write “${email.label}” here before the sequence goes live.`}\n`;
  return { markdown, hasText: body !== undefined && body !== '', notes: [...new Set(notes)] };
};

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const markdownOf = (html: string): string =>
  convert(html, {
    wordwrap: false,
    formatters: {
      link: (elem, walk, builder) => {
        const href = String(elem.attribs.href ?? '');
        // The frame of every e-mail has such a link.
        if (unsubscribing.test(href)) return;
        const isLink = /^https?:\/\/[^\s{}()]+$/.test(href);
        if (isLink) builder.addInline('[', { noWordTransform: true });
        walk(elem.children, builder);
        if (isLink) builder.addInline(`](${href})`, { noWordTransform: true });
      },
      strong: (elem, walk, builder) => {
        builder.addInline('**', { noWordTransform: true });
        walk(elem.children, builder);
        builder.addInline('**', { noWordTransform: true });
      },
      title: (elem, walk, builder) => {
        builder.openBlock({ leadingLineBreaks: 2 });
        builder.addInline('## ', { noWordTransform: true });
        walk(elem.children, builder);
        builder.closeBlock({ trailingLineBreaks: 2 });
      },
    },
    selectors: [
      { selector: 'a', format: 'link' },
      { selector: 'strong', format: 'strong' },
      { selector: 'b', format: 'strong' },
      ...['h1', 'h2', 'h3'].map((selector) => ({ selector, format: 'title' })),
      { selector: 'img', format: 'skip' },
      { selector: 'table', format: 'block' },
      { selector: 'ul', options: { itemPrefix: '- ' } },
      { selector: 'div[style*="display:none"]', format: 'skip' },
    ],
  });

const unsubscribing = /unsub|webview|preference|manage_?subscription|signature|tracking/i;

/** Merge fields of Mautic ({contactfield=firstname|there}) and Liquid ({{ user.firstName }}) as ours; what is none of them goes. */
const ourFields = (text: string, notes: string[]): string => {
  const field = (name: string, otherwise: string) => `«${fieldOf(name)}|${otherwise.replace(/['{}«»|]/g, '')}»`;
  const named = text
    .replace(/\{contactfield=([\w-]+)(?:\|([^}]*))?\}/g, (_, name: string, otherwise = '') => field(name, otherwise))
    .replace(
      /\{\{-?\s*(?:(?:user|subscriber|lead|contact|User\.UserAttributes|Attributes|attributes)\.)*([A-Za-z_][\w-]*)\s*(?:\|\s*default:\s*(['"])(.*?)\2)?\s*-?\}\}/g,
      (whole, name: string, _quote, otherwise = '') =>
        unsubscribing.test(name) ? '' : name === 'email' ? '«email»' : field(name, String(otherwise)),
    );
  const dropped = [...named.matchAll(/\{%.*?%\}|\{\{.*?\}\}|\{[a-z_]+(?:=[^}]*)?\}/gs)].map(([it]) => it);
  for (const it of dropped.filter((one) => !unsubscribing.test(one) && !/^\{%-?\s*end/.test(one)))
    notes.push(
      it.startsWith('{%')
        ? `a condition in its text was taken out, so that its words stand for everybody now: ${it.slice(0, 60)}`
        : `of its text this was left out: ${it.slice(0, 60)}`,
    );
  return dropped
    .reduce((left, it) => left.replace(it, ''), named)
    .replace(/\n{3,}/g, '\n\n')
    .replaceAll('{{', '')
    .replaceAll('{%', '')
    .replaceAll('«email»', '{{ lead.email }}')
    .replace(/«([^|»]+)\|([^»]*)»/g, (_, name: string, otherwise: string) => `{{ lead.${name} | default: '${otherwise}' }}`);
};
