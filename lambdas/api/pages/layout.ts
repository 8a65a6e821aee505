import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import { parseAccept } from 'hono/utils/accept';
import type { LiveConfig } from '#core/config';
import { normaliseLocale } from '#core/locale';
import { isSpoken, type Speaker, speakerOf } from '#core/page-texts/texts';
import type { Config } from '#core/ports';

export type Html = ReturnType<typeof html>;

/** Who speaks on a page: the language of the mail that led here, in the words of the brand. */
export type Voice = Speaker & { readonly company: string };

export const voiceOf = ({ brand, pages }: LiveConfig, locale: string = brand.locale): Voice => ({
  ...speakerOf(locale, brand.locale, pages),
  company: brand.company,
});

/** Where no link says which mail led here: the first language of the reader's browser that we speak, else the brand's. */
export const strangersVoice = (live: LiveConfig, c: Context): Voice => {
  const asked = parseAccept(c.req.header('accept-language') ?? '').flatMap(({ type, q }) => (q > 0 ? (normaliseLocale(type) ?? []) : []));
  return voiceOf(
    live,
    asked.find((it) => isSpoken(it, live.pages)),
  );
};

/** Pages work on a phone, without JavaScript, in light and dark, with nothing loaded from elsewhere. `style`: CSS of this page alone. */
export const page = (voice: Voice, title: string, body: Html, style = ''): Html => html`<!doctype html>
<html lang="${voice.locale}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex, nofollow" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>
    <style>
      :root { color-scheme: light dark; --ink: #1d2733; --soft: #55616e; --paper: #f4f6f8; --card: #fff; --line: #76818d; --accent: #0b6b50; --on-accent: #fff; --said: #e3f3ed; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e7edf3; --soft: #a9b4c0; --paper: #12171d; --card: #1c242d; --line: #8793a0; --accent: #59c9a5; --on-accent: #0d1b16; --said: #17362c; } }
      * { box-sizing: border-box; }
      body { margin: 0; padding: 6vh 1rem; background: var(--paper); color: var(--ink); font: 1.05rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
      main { max-width: 32rem; margin: auto; padding: clamp(1.25rem, 5vw, 2rem); background: var(--card); border-radius: 14px; }
      h1 { margin: 0 0 1rem; font-size: 1.4rem; line-height: 1.3; }
      h2 { margin: 2rem 0 0.25rem; font-size: 1.1rem; line-height: 1.3; }
      p { margin: 0 0 1rem; }
      a { color: var(--accent); }
      button { width: 100%; padding: 0.85rem; border: 2px solid var(--accent); border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
      button.quiet { background: transparent; color: var(--accent); }
      fieldset { margin: 0 0 1rem; padding: 0.25rem 0; border: 0; }
      legend { padding: 0; font-weight: 600; }
      label { display: flex; gap: 0.75rem; align-items: baseline; padding: 0.6rem 0; border-bottom: 1px solid color-mix(in srgb, var(--line) 35%, transparent); cursor: pointer; }
      input { flex: none; width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--accent); transform: translateY(0.15rem); }
      :is(a, button, input):focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
      [role='status'] { padding: 0.75rem 1rem; border-radius: 8px; background: var(--said); }
      small { color: var(--soft); }
      p.next { margin: 1.25rem 0 0; }
      p.from { margin: 2rem 0 0; }
      ${raw(style)}
    </style>
  </head>
  <body>
    <main>
      ${body}
      <p class="from"><small>${voice.company}</small></p>
    </main>
  </body>
</html>`;

/** A page that only says something. */
export const saying = (voice: Voice, title: string, words: string): Html =>
  page(
    voice,
    title,
    html`<h1>${title}</h1>
      <p>${words}</p>`,
  );

export const lostPage = (voice: Voice): Html => saying(voice, voice.say('lost-title'), voice.say('lost-words'));
/** The link is cut off, forged, too old, or nobody's any more. */
export const lost = async (use: { readonly config: Config }, c: Context, status: 404 | 413 = 404): Promise<Response> =>
  c.html(lostPage(strangersVoice(await use.config.live(), c)), status);
export const troublePage = (voice: Voice): Html => saying(voice, voice.say('trouble-title'), voice.say('trouble-words'));
