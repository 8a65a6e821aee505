import mjmlToHtml from 'mjml';
import { kept } from '#adapters/kept';
import type { Problem } from '#core/problems';
import type { Letter } from './front-matter.ts';
import { checkHtml, showsAlways, withoutTracking } from './html-check.ts';
import { lintClients } from './lint-clients.ts';
import { checkLiquid } from './liquid-check.ts';
import { problemAt, type Source } from './source.ts';
import type { Vault } from './vault.ts';

/** What goes into the frame besides the body, Liquid hidden, as HTML text. `lang`: of a copy in another language than the plain one. */
export type Heading = { readonly subject: string; readonly preheader: string; readonly lang?: string };

export type Frame = { readonly fill: (content: string, heading: Heading) => Promise<string>; readonly problems: readonly Problem[] };

const slot = /<content\s*\/>/;

/** layout.mjml, checked once with nothing in it. */
export const readFrame = async (layout: Source, vault: Vault): Promise<Frame> => {
  const piece = { text: layout.text, offsetOf: (index: number) => index };
  const inLiquid = checkLiquid(layout, piece);
  if (inLiquid.some((it) => it.severity === 'error')) return { fill: async () => '', problems: inLiquid };
  const hidden = vault.hide(layout, piece);
  const probe = await compileMjml(hidden.replace(slot, ''), layout, vault);
  const noSlot = slot.test(hidden)
    ? []
    : [
        problemAt(layout, 0, {
          code: 'no-content-slot',
          what: 'the layout has no place for the e-mail itself',
          allowed: '<content /> inside an <mj-column>',
        }),
      ];
  return {
    problems: [...inLiquid, ...noSlot, ...probe.problems, ...lintClients(layout, layout.text)],
    fill: async (content, heading) => {
      const whole = withHeading(
        hidden.replace(slot, () => content),
        heading,
      );
      return (await toHtml(whole, vault)).html;
    },
  };
};

/** A whole e-mail written as MJML. Blank lines keep the line numbers right below the front matter. */
export const compileMjmlLetter = async ({ source, body }: Letter, vault: Vault, heading: Heading) => {
  const linesAbove = source.text.slice(0, body.offsetOf(0)).split('\n').length - 1;
  return compileMjml(`${'\n'.repeat(linesAbove)}${withHeading(vault.hide(source, body), heading)}`, source, vault);
};

const compileMjml = async (
  mjml: string,
  source: Source,
  vault: Vault,
): Promise<{ readonly html: string; readonly problems: readonly Problem[] }> => {
  const refused = refusedIn(mjml, source);
  if (refused.length > 0) return { html: '', problems: refused };
  const { html, errors } = await toHtml(mjml, vault);
  const complaints = errors.map(({ line, message }) => ({ ...problemAt(source, 0, { code: 'bad-mjml', what: message }), line }));
  return { html, problems: [...complaints, ...checkHtml(html, vault, source), ...missingIn(html, source, vault)] };
};

/** These read files, or come out different every time. */
const refusedIn = (mjml: string, source: Source): readonly Problem[] =>
  [...source.text.matchAll(/<(mj-include|mj-carousel|mj-navbar|mj-accordion)\b/g)]
    .map((it) =>
      problemAt(source, it.index, { code: 'mjml-not-allowed', what: `<${it[1]}> cannot be used in an e-mail of Baton`, got: it[1] ?? '' }),
    )
    .concat(
      mjml.includes('<mjml')
        ? []
        : [problemAt(source, 0, { code: 'bad-mjml', what: 'this is not MJML', allowed: 'a file with <mjml> … </mjml>' })],
    );

const toHtml = async (mjml: string, vault: Vault) => {
  try {
    const { html, errors } = await render(mjml);
    return { html: withoutTracking(html, vault), errors };
  } catch {
    // mjml gives up on some texts instead of saying where they are wrong.
    return { html: '', errors: [{ line: 1, message: 'this is not MJML that can be read: is a tag left open?' }] };
  }
};

/** Two thirds of what compiling a folder costs. */
const render = kept(200, async (mjml) =>
  mjmlToHtml(mjml, {
    validationLevel: 'soft',
    keepComments: false,
    ignoreIncludes: true,
    fonts: {},
    minify: true,
    // Styles stay as they are written: mail programs know less CSS than a minifier does.
    minifyOptions: { minifyCss: false },
  }),
);

/** Subject and preheader go where mail programs and screen readers look for them, unless the file says otherwise. */
const withHeading = (given: string, { subject, preheader, lang }: Heading): string => {
  const mjml = lang === undefined ? given : withLang(given, lang);
  const title = mjml.includes('<mj-title') ? '' : `<mj-title>${subject}</mj-title>`;
  const preview = preheader === '' || mjml.includes('<mj-preview') ? '' : `<mj-preview>${preheader}</mj-preview>`;
  const head = /<mj-head\b[^>]*>/;
  return head.test(mjml)
    ? mjml.replace(head, (tag) => `${tag}${title}${preview}`)
    : mjml.replace(/<mjml\b[^>]*>/, (tag) => `${tag}<mj-head>${title}${preview}</mj-head>`);
};

const withLang = (mjml: string, lang: string): string =>
  mjml.replace(/<mjml\b([^>]*)>/, (_, attributes: string) => `<mjml${attributes.replace(/\slang="[^"]*"/, '')} lang="${lang}">`);

const missingIn = (html: string, source: Source, vault: Vault): readonly Problem[] => {
  const shows = showsAlways(html, vault);
  const problems: Problem[] = [];
  if (!shows.unsubscribeLink) {
    const what = 'there is no link with which everyone can unsubscribe';
    problems.push(
      problemAt(source, 0, { code: 'no-unsubscribe-path', what, allowed: '<a href="{{ unsubscribe-url }}">…</a>, in no condition' }),
    );
  }
  if (!shows.postalAddress) {
    const what = 'the postal address of the sender is not shown';
    problems.push(problemAt(source, 0, { code: 'no-postal-address', what, allowed: '{{ brand.postal-address }}, in no condition' }));
  }
  return problems;
};
