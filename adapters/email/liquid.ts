import { Liquid, type Template } from 'liquidjs';
import { permanentError } from '#core/errors';
import type { Templates } from '#core/ports';

const limits = { parseLimit: 500_000, renderLimit: 500, memoryLimit: 10_000_000 };
const cacheSize = 500;

/** Liquid with nothing but the data it is given: no files, no prototype, every variable and filter known, bounded work. */
export const createLiquid = (as: 'html' | 'text'): Liquid =>
  new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    ...limits,
    ...(as === 'html' && { outputEscape: 'escape' as const }),
  });

export const liquidTemplates = (): Templates => {
  const engines = { html: createLiquid('html'), text: createLiquid('text') };
  const parsed = { html: new Map<string, Template[]>(), text: new Map<string, Template[]>() };
  return {
    fill: (template, data, as) => {
      try {
        const known = parsed[as].get(template);
        const parts = known ?? engines[as].parse(template);
        if (!known) remember(parsed[as], template, parts);
        const filled = String(engines[as].renderSync(parts, data));
        return as === 'html' ? withoutScriptUrls(filled) : filled;
      } catch (error) {
        // The engine's message may quote values; only its kind is passed on.
        throw permanentError(`the template could not be filled: ${error instanceof Error ? error.name : 'unknown'}`);
      }
    },
  };
};

const remember = (cache: Map<string, Template[]>, template: string, parts: Template[]) => {
  if (cache.size >= cacheSize) cache.clear();
  cache.set(template, parts);
};

/** A lead's field may end up in a link; a link that would run code or carry a page of its own leads nowhere instead. */
const withoutScriptUrls = (html: string): string =>
  html.replace(/(\s(?:href|src|action)\s*=\s*)("|')([^"']*)\2/gi, (whole, before: string, quote: string, url: string) =>
    isScriptUrl(url) ? `${before}${quote}#${quote}` : whole,
  );

export const isScriptUrl = (url: string): boolean => {
  const plain = decodeEntities(url).replace(/[\p{Cc}\s]/gu, '').toLowerCase();
  return /^(javascript|vbscript|data):/.test(plain);
};

const decodeEntities = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, hex: string) => codePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});?/g, (_, decimal: string) => codePoint(Number(decimal)))
    .replace(/&(colon|tab|newline);/gi, (_, name: string) => (name.toLowerCase() === 'colon' ? ':' : ''));

const codePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');
