/** A link that would run code, or carry a page of its own, when it is followed. Browsers ignore blanks and controls in its scheme. */
export const isScriptUrl = (url: string): boolean =>
  !/^(https?:\/\/|mailto:|#)/i.test(url) && /^(javascript|vbscript|data):/i.test(decodeEntities(url).replace(/[\p{C}\s]/gu, ''));

/** Links that work in an inbox: with a scheme that asks for nothing but a page, a mail or a call. */
export const isAbsoluteUrl = (url: string): boolean => /^(https?:\/\/|mailto:|tel:)/i.test(url);

/** Character references as a browser reads them in an attribute, as far as a URL's scheme can hold them. */
export const decodeEntities = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]+);?/gi, (_, hex: string) => codePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);?/g, (_, decimal: string) => codePoint(Number(decimal)))
    .replace(/&(colon|tab|newline);/gi, (_, name: string) => (name.toLowerCase() === 'colon' ? ':' : ''))
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');

const codePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');
