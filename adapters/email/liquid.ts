import { Liquid, type Template } from 'liquidjs';
import { permanentError } from '#core/errors';
import type { Templates } from '#core/ports';
import { registerFilters } from './filters.ts';
import { plainTemplate } from './plain-template.ts';
import { isScriptUrl } from './urls.ts';

/** Time is only a last resort: a loaded machine must not turn a good e-mail into a failed one. */
const limits = { parseLimit: 500_000, renderLimit: 10_000, memoryLimit: 10_000_000 };
const cacheSize = 500;

/** Liquid with nothing but the data it is given: no files, no prototype, every variable and filter known, bounded work. */
export const createLiquid = (as: 'html' | 'text'): Liquid => {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    ...limits,
    ...(as === 'html' && { outputEscape: 'escape' as const }),
  });
  // The filter of this name would switch escaping off.
  liquid.registerFilter('raw', (value: unknown) => value);
  registerFilters(liquid);
  return liquid;
};

/** Fills templates, keeping the parsed ones. */
export const liquidTemplates = (): Templates => {
  const engines = { html: createLiquid('html'), text: createLiquid('text') };
  const parsed = { html: new Map<string, Parsed>(), text: new Map<string, Parsed>() };
  return {
    fill: (template, data, as) => {
      try {
        const known = parsed[as].get(template);
        const { parts, plain } = known ?? { parts: engines[as].parse(template), plain: plainTemplate(template, as) };
        if (!known) remember(parsed[as], template, { parts, plain });
        const filled = plain?.(data) ?? String(engines[as].renderSync(parts, data));
        return as === 'html' ? withoutScriptUrls(filled) : filled;
      } catch (error) {
        throw permanentError(withoutValues(error));
      }
    },
  };
};

type Parsed = { readonly parts: Template[]; readonly plain: ReturnType<typeof plainTemplate> };

const remember = (cache: Map<string, Parsed>, template: string, parts: Parsed) => {
  if (cache.size >= cacheSize) cache.clear();
  cache.set(template, parts);
};

/** The engine's first line names variables, tags and places; anything longer, or of another kind, could quote a value. */
const withoutValues = (error: unknown): string => {
  const isOwn = error instanceof Error && ownErrors.includes(error.name);
  return isOwn ? `the template could not be filled: ${error.message.split('\n')[0]}` : 'the template could not be filled';
};
const ownErrors: readonly string[] = ['UndefinedVariableError', 'ParseError', 'TokenizationError'];

/** A lead's field may end up in a link; a link that would run code or carry a page of its own leads nowhere instead. */
const withoutScriptUrls = (html: string): string =>
  html.replace(linkAttribute, (whole: string, before: string, inDouble?: string, inSingle?: string) =>
    isScriptUrl(inDouble ?? inSingle ?? '') ? `${before}"#"` : whole,
  );
const linkAttribute = /(\s(?:href|src|action|background|formaction|xlink:href)\s*=\s*)(?:"([^"]*)"|'([^']*)')/gi;
