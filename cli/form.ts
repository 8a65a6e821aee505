import type { Command } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { type Form, secondsInput } from '#core/forms';
import { escapeHtml } from '#core/html';

export const register = (program: Command): void => {
  program
    .command('form')
    .argument('<id>', 'the form: marketing/forms/<id>.yaml')
    .description('the HTML of a form, to put into a page of your own; it works without JavaScript')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--json', 'as JSON, with the address that it is sent to')
    .action(async (id: string, { dir, json }: { readonly dir: string; readonly json?: true }) => {
      const { live } = await loadMarketing(dir);
      if (!live) throw new Error(`${dir} has errors: run npx baton check --dir ${dir}`);
      const form = live.forms?.[id];
      if (!form) throw new Error(`there is no ${dir}/forms/${id}.yaml; there are: ${Object.keys(live.forms ?? {}).join(', ') || 'none'}`);
      const action = `${live.brand.links}/f/${id}`;
      const html = formHtml(form, action);
      console.log(json ? JSON.stringify({ action, html }, undefined, 2) : html);
    });
};

/** Plain markup with labels; the trap is out of sight of people and of screen readers. */
export const formHtml = ({ fields, consent, trap, locale, emailLabel, button, leastSeconds }: Form, action: string): string =>
  [
    `<form method="post" action="${escapeHtml(action)}" lang="${escapeHtml(locale)}">`,
    `  <p><label>${escapeHtml(emailLabel)} <input type="email" name="email" autocomplete="email" required></label></p>`,
    ...fields.map(
      ({ field, label, required }) =>
        `  <p><label>${escapeHtml(label)} <input name="${escapeHtml(field)}"${required ? ' required' : ''}></label></p>`,
    ),
    ...(consent
      ? [
          `  <p><label><input type="checkbox" name="consent" value="yes"${consent.required ? ' required' : ''}> ${escapeHtml(consent.text)}</label></p>`,
        ]
      : []),
    `  <p hidden aria-hidden="true"><input name="${escapeHtml(trap)}" tabindex="-1" autocomplete="off"></p>`,
    `  <p><button>${escapeHtml(button)}</button></p>`,
    ...(leastSeconds === undefined ? [] : [howLong]),
    '</form>',
  ].join('\n');

/** Measured on one clock, the visitor's: it may be wrong, but it goes on. Without JavaScript the input stays empty. */
const howLong = `  <input type="hidden" name="${secondsInput}">
  <script>
    ((form, since) => form.addEventListener('submit', () => {
      form.elements['${secondsInput}'].value = Math.round((Date.now() - since) / 1000);
    }))(document.currentScript.closest('form'), Date.now());
  </script>`;
