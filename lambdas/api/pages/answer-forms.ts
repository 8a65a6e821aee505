import { html } from 'hono/html';
import { type AnswerField, type AnswerForm, type FormProblem, reasonsOf, untilBounds } from '#core/answer-form';
import { dayAndTime } from '#core/brief/parts';
import { usualCurrencies } from '#core/currencies';
import type { AnswerKind } from '#core/sales-task';
import type { Asked } from './answer.ts';
import { salesVoice } from './answer-words.ts';
import { type Html, page } from './layout.ts';

/** What was filled in, and what is wrong with it: nothing is lost. */
export type Filled = { readonly form: AnswerForm; readonly problems: readonly FormProblem[] };

/** Take it, later, or not at all. Each is a form of its own; the last two unfold. */
export const openForms = (asked: Asked, filled: Filled): Html => {
  const { task, who, zone } = asked;
  const { first, last } = untilBounds({ now: asked.now, madeAt: task.createdAt, zone });
  return page(
    salesVoice(asked),
    who,
    html`<h1>${who}</h1>
      ${summary(filled)}
      ${task.acceptBy === undefined ? '' : html`<p>${task.acceptBy < asked.now ? 'An answer was due by' : 'Answer by'} ${dayAndTime(task.acceptBy, zone)}.</p>`}
      ${task.doNotEmail ? html`<p role="status">Do not e-mail: the lead left our mail.</p>` : ''}
      ${task.reasons.length > 0 ? html`<ul>${task.reasons.map((it) => html`<li>${it}</li>`)}</ul>` : ''}
      <form method="post"><input type="hidden" name="answer" value="accept" /><button type="submit">I take it</button></form>
      ${unfolding('recycle', 'Later', asked, filled, html`${dateField(first, last, filled)}`)}
      ${unfolding('reject', 'Not for us', asked, filled, html``)}`,
    style,
  );
};

/** How it ended. */
export const acceptedForms = (asked: Asked, filled: Filled): Html => {
  const { who, task, zone, live } = asked;
  const outcomes = live.sales.outcomes ?? (['won', 'lost'] as const);
  const accepted = task.answers.find((it) => it.answer === 'accept');
  return page(
    salesVoice(asked),
    who,
    html`<h1>${who}</h1>
      ${summary(filled)}
      <p role="status">You took this lead on${accepted ? html`, ${dayAndTime(accepted.at, zone)}` : ''}. How did it end?</p>
      ${outcomes.includes('won') ? unfolding('won', 'Won', asked, filled, worthFields(filled)) : ''}
      ${outcomes.includes('lost') ? unfolding('lost', 'Lost', asked, filled, html``) : ''}`,
    style,
  );
};

const buttons: { readonly [answer in AnswerKind]: string } = {
  accept: 'I take it',
  recycle: 'Give it back until then',
  reject: 'Not for us',
  won: 'We won it',
  lost: 'We lost it',
};

/** Open where it was chosen, or where something is wrong. */
const unfolding = (answer: AnswerKind, title: string, { live }: Asked, filled: Filled, fields: Html): Html => {
  const isChosen = filled.form.answer === answer;
  const reasons = reasonsOf(live.sales.answers, answer);
  return html`<details ${isChosen ? 'open' : ''}>
    <summary>${title}</summary>
    <form method="post" novalidate>
      <input type="hidden" name="answer" value="${answer}" />
      ${fields}
      ${reasons.length > 0 ? reasonField(answer, reasons, isChosen ? filled : { form: {}, problems: [] }) : ''}
      <button type="submit">${buttons[answer]}</button>
    </form>
  </details>`;
};

const problemOf = ({ problems }: Filled, field: AnswerField) => problems.find((it) => it.field === field)?.what;

/** Said at the top for who hears the page, and beside the field for who sees it. */
const summary = ({ problems }: Filled): Html =>
  problems.length === 0
    ? html``
    : html`<div role="alert"><strong>Not saved yet.</strong> ${problems.map((it) => sentence(it.what)).join(' ')}</div>`;

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

const beside = (id: string, what: string | undefined): Html =>
  what === undefined ? html`` : html`<p class="problem" id="${id}">${sentence(what)}</p>`;

const reasonField = (answer: AnswerKind, reasons: readonly string[], filled: Filled): Html => {
  const what = problemOf(filled, 'reason');
  const id = `${answer}-reason-problem`;
  return html`<fieldset ${what === undefined ? '' : html`aria-describedby="${id}"`}>
    <legend>Why?</legend>
    ${reasons.map(
      (it) => html`<label>
        <input type="radio" name="reason" value="${it}" ${filled.form.reason === it ? 'checked' : ''} />
        <span>${it.replaceAll('-', ' ')}</span>
      </label>`,
    )}
    ${beside(id, what)}
  </fieldset>`;
};

const dateField = (first: string, last: string, filled: Filled): Html => {
  const what = problemOf(filled, 'until');
  const marked = what === undefined ? html`` : html`aria-invalid="true" aria-describedby="until-problem"`;
  return html`<p class="field">
      <label for="until">Come back on</label>
      <input type="date" id="until" name="until" min="${first}" max="${last}" placeholder="${first}" value="${filled.form.until ?? ''}" ${marked} />
    </p>
    ${beside('until-problem', what)}`;
};

const worthFields = (filled: Filled): Html => {
  const { amount = '', currency = '' } = filled.form;
  const [wrongAmount, wrongCurrency] = [problemOf(filled, 'amount'), problemOf(filled, 'currency')];
  const marked = (id: string, what: string | undefined) =>
    what === undefined ? html`` : html`aria-invalid="true" aria-describedby="${id}"`;
  return html`<p class="field">
      <label for="amount">Worth</label>
      <input type="text" inputmode="decimal" autocomplete="off" id="amount" name="amount" value="${amount}" ${marked('amount-problem', wrongAmount)} />
    </p>
    ${beside('amount-problem', wrongAmount)}
    <p class="field">
      <label for="currency">Currency</label>
      <select id="currency" name="currency" ${marked('currency-problem', wrongCurrency)}>
        <option value="">choose</option>
        ${usualCurrencies.map((it) => html`<option value="${it}" ${it === currency ? 'selected' : ''}>${it}</option>`)}
      </select>
    </p>
    ${beside('currency-problem', wrongCurrency)}`;
};

const style = `
      :root { --wrong: #a3260b; --wrong-paper: #fdeae6; }
      @media (prefers-color-scheme: dark) { :root { --wrong: #ffb4a3; --wrong-paper: #47201a; } }
      ul { margin: 0 0 1.25rem; padding-left: 1.2rem; }
      details { margin-top: 0.75rem; border: 2px solid var(--accent); border-radius: 8px; }
      summary { padding: 0.85rem; color: var(--accent); font-weight: 600; text-align: center; cursor: pointer; list-style: none; }
      summary::-webkit-details-marker { display: none; }
      summary:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
      details[open] summary { border-bottom: 1px solid color-mix(in srgb, var(--line) 35%, transparent); }
      details form { padding: 1rem; }
      .field { margin: 0 0 1rem; }
      .field label { display: block; padding: 0 0 0.3rem; border: 0; font-weight: 600; }
      .field :is(input, select) { width: 100%; height: auto; min-height: 2.9rem; padding: 0.5rem 0.7rem; border: 2px solid var(--line); border-radius: 8px; background: var(--card); color: var(--ink); font: inherit; transform: none; }
      select:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
      [aria-invalid='true'] { border-color: var(--wrong) !important; }
      .problem { margin: -0.4rem 0 1rem; color: var(--wrong); font-weight: 600; }
      fieldset .problem { margin: 0.5rem 0 0; }
      [role='alert'] { margin: 0 0 1rem; padding: 0.75rem 1rem; border-radius: 8px; background: var(--wrong-paper); color: var(--wrong); }
`;
