import { html } from 'hono/html';
import type { Brand } from '#core/config';

/** Pages work on a phone, without JavaScript, in light and dark, with nothing loaded from elsewhere. */
const page = (title: string, company: string, body: ReturnType<typeof html>) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>${title}</title>
    <style>
      :root { color-scheme: light dark; --ink: #1d2733; --paper: #f4f6f8; --card: #fff; --accent: #0b6b50; --on-accent: #fff; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e7edf3; --paper: #12171d; --card: #1c242d; --accent: #59c9a5; --on-accent: #0d1b16; } }
      body { margin: 0; padding: 8vh 1rem; background: var(--paper); color: var(--ink); font: 1.05rem/1.6 system-ui, sans-serif; }
      main { max-width: 30rem; margin: auto; padding: 2rem; background: var(--card); border-radius: 14px; }
      h1 { margin-top: 0; font-size: 1.4rem; line-height: 1.3; }
      button { width: 100%; padding: 0.9rem; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
      button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
      small { opacity: 0.75; }
    </style>
  </head>
  <body>
    <main>
      ${body}
      <p><small>${company}</small></p>
    </main>
  </body>
</html>`;

export const leavePage = (brand: Brand, topic: string) =>
  page(
    `Unsubscribe from ${topic}`,
    brand.company,
    html`<h1>Stop e-mails about “${topic}”?</h1>
      <p>One press is enough. You will get no more of them from ${brand.company}.</p>
      <form method="post"><button type="submit">Unsubscribe</button></form>`,
  );

export const leftPage = (brand: Brand, topic: string) =>
  page(
    'You are unsubscribed',
    brand.company,
    html`<h1>You are unsubscribed</h1>
      <p>No more e-mails about “${topic}” will be sent to you. Nothing else is needed; you can close this page.</p>`,
  );

export const lostPage = (brand: Brand) =>
  page(
    'This link does not work',
    brand.company,
    html`<h1>This link does not work</h1>
      <p>It may be cut off or too old. Please use the link in our latest e-mail, or answer that e-mail and we will see to it.</p>`,
  );

export const troublePage = () =>
  page(
    'Please try again',
    '',
    html`<h1>That did not work just now</h1>
      <p>The fault is ours, and nothing has been changed. Please try the same link again in a minute.</p>`,
  );
