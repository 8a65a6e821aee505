import { html, raw } from 'hono/html';
import type { Problem } from '#core/problems';
import type { Preview, PreviewEmail, PreviewMail, PreviewSequence } from './build-preview.ts';

type Html = ReturnType<typeof html>;
/** Where a page is, and what stands there. */
export type PreviewFile = { readonly path: string; readonly content: string };

/** The gallery as files: an index, a page for each e-mail, and each mail by itself for the frames. Works from a folder as it does from a server. */
export const previewFiles = async (preview: Preview, { isLive }: { readonly isLive: boolean }): Promise<readonly PreviewFile[]> => {
  const files: PreviewFile[] = [
    { path: 'index.html', content: await page(preview, `E-mails of ${preview.company}`, '', indexOf(preview), isLive) },
  ];
  for (const sequence of preview.sequences) {
    for (const email of sequence.emails) {
      const title = `${email.step} in ${sequence.sequence}`;
      files.push({
        path: `${sequence.sequence}/${email.step}.html`,
        content: await page(preview, title, '../', emailPage(sequence, email), isLive),
      });
      for (const mail of email.mails) files.push({ path: `${sequence.sequence}/${frameOf(email, mail)}`, content: mail.html });
    }
  }
  return files;
};

const frameOf = (email: PreviewEmail, mail: PreviewMail) => `${email.step}.${mail.sample.id}.frame.html`;

const indexOf = ({ sequences, problems }: Preview): Html => html`
  <h1>E-mails, as their readers see them</h1>
  ${problems.length > 0 ? problemList(problems) : ''}
  ${sequences.map(
    (sequence) => html`<section>
      <h2>${sequence.sequence}</h2>
      <div class="columns">
        <ul class="mails">
          ${sequence.emails.map(
            (email) => html`<li>
              <a href="${sequence.sequence}/${email.step}.html"><b>${email.mails[0]?.subject ?? ''}</b><span>${email.mails[0]?.preheader ?? ''}</span><small>${email.step}</small></a>
            </li>`,
          )}
        </ul>
        <div class="diagram">${raw(sequence.svg)}</div>
      </div>
    </section>`,
  )}
`;

const problemList = (problems: readonly Problem[]): Html => html`<section class="problems">
  <h2>What <code>baton check</code> says</h2>
  <ul>
    ${problems.map((it) => html`<li><b>${it.severity}</b> <code>${it.file}:${it.line}:${it.column}</code> ${it.what}</li>`)}
  </ul>
</section>`;

const emailPage = (sequence: PreviewSequence, email: PreviewEmail): Html => html`
  <p><a href="../index.html">← All e-mails</a></p>
  <h1>${email.step} <small>in ${sequence.sequence}</small></h1>
  ${email.mails.map((mail) => mailSection(email, mail))}
`;

const mailSection = (email: PreviewEmail, mail: PreviewMail): Html => {
  const src = frameOf(email, mail);
  const frame = (look: string, words: string) => html`<figure class="${look}">
    <figcaption>${words}</figcaption>
    <iframe class="${look}" src="${src}" title="${words}: ${mail.sample.words}" sandbox="" loading="lazy"></iframe>
  </figure>`;
  return html`<section>
    <h2>For a lead: ${mail.sample.words}</h2>
    <p class="inbox"><span>${mail.from}</span> <b>${mail.subject}</b> <span>${mail.preheader}</span></p>
    <div class="frames">
      ${frame('wide', 'Desktop')} ${frame('phone', 'Phone')} ${frame('phone dark', 'Phone, dark')}
      <figure class="text"><figcaption>Text only</figcaption><pre>${mail.text}</pre></figure>
    </div>
  </section>`;
};

const page = async ({ company }: Preview, title: string, up: string, body: Html, isLive: boolean): Promise<string> =>
  String(
    await html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          <style>
            ${raw(style)}
          </style>
        </head>
        <body>
          <header><a href="${up}index.html"><b>Baton</b> preview <span>${company}</span></a></header>
          <main>${await body}</main>
          ${isLive ? raw('<script src="/reload.js"></script>') : ''}
        </body>
      </html>`,
  );

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #586474; --line: #dfe4ea; --paper: #f6f7f9; --card: #fff; --accent: #0b6b50; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9eef4; --soft: #a3afbe; --line: #303a47; --paper: #12161c; --card: #1a2029; --accent: #59c9a5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { padding: .8rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--line); }
header a { color: inherit; text-decoration: none; } header b { color: var(--accent); } header span, small, figcaption, .inbox span { color: var(--soft); }
main { max-width: 92rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.45rem; margin: 0 0 1rem; } h2 { font-size: 1.05rem; margin: 1.8rem 0 .6rem; } h1 small { font-weight: 400; font-size: 1rem; }
a { color: var(--accent); } code { font-size: .9em; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 26rem); gap: 1.5rem; align-items: start; }
.mails { list-style: none; margin: 0; padding: 0; }
.mails a { display: block; padding: .7rem .9rem; margin-bottom: .5rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; color: inherit; text-decoration: none; }
.mails a:hover { border-color: var(--accent); } .mails b, .mails span, .mails small { display: block; } .mails span { color: var(--soft); }
.diagram { max-height: 34rem; overflow: auto; border: 1px solid var(--line); border-radius: 10px; } .diagram svg { width: 100%; height: auto; display: block; }
.problems { padding: .2rem 1.2rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.inbox { padding: .6rem .9rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere; }
.frames { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: flex-start; }
figure { margin: 0; max-width: 100%; } figcaption { margin-bottom: .3rem; font-size: .85rem; }
iframe { display: block; height: 46rem; max-width: 100%; border: 1px solid var(--line); border-radius: 10px; background: #fff; color-scheme: light; }
iframe.wide { width: 660px; } iframe.phone { width: 375px; } iframe.dark { color-scheme: dark; background: #111; }
figure.text { width: 26rem; } pre { margin: 0; padding: 1rem; height: 46rem; overflow: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 56rem) { .columns { grid-template-columns: 1fr; } iframe.wide { width: 100%; } }
`;
