import { convert } from 'html-to-text';
import { speakerOf } from '#core/page-texts/texts';

const asWritten = { options: { uppercase: false } };

/** The text part of an e-mail, Liquid still hidden: links as `label (url)`, nothing shouted, no line broken by us. */
export const toPlainText = (html: string): string =>
  convert(html, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { linkBrackets: ['(', ')'], hideLinkHrefIfSameAsText: true } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...asWritten })),
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
      { selector: 'table[role="presentation"]', format: 'block' },
      { selector: 'img', format: 'skip' },
      { selector: 'hr', options: { length: 24 } },
      { selector: 'ul', options: { itemPrefix: '- ' } },
      // The preheader is there for the inbox's list only.
      { selector: 'div[style*="display:none"]', format: 'skip' },
    ],
  });

/** Under an e-mail whose text does not come from the frame, in its language. */
export const textFooter = (locale: string): string => {
  const { say } = speakerOf(locale, locale);
  const links = `${say('leave-button')}: {{ unsubscribe-url }}\n${say('choose-link')}: {{ preferences-url }}`;
  return `\n\n-- \n{{ brand.company }}, {{ brand.postal-address }}\n${links}\n`;
};
