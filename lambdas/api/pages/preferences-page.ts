import { html } from 'hono/html';
import { dateLocale } from '#core/locale';
import { maskEmail } from '#core/mask-email';
import { zoneOf } from '#core/time-zone';
import { type Html, page, type Voice } from './layout.ts';
import type { Seen } from './preferences.ts';

/** The preference centre: three forms, each with a button of its own. No name, address or field of the lead stands in it. */
export const preferencesPage = (seen: Seen): Html => {
  const { voice } = seen.asked;
  const title = voice.say('preferences-title');
  const closed = seen.suppressions.some((it) => it.scope === 'GLOBAL');
  return page(
    voice,
    title,
    html`<h1>${title}</h1>
      ${(seen.said ?? []).map((it) => html`<p role="status">${it}</p>`)}
      <p>${voice.say('preferences-words', { address: maskEmail(seen.lead.email) })}</p>
      ${closed ? html`<p>${voice.say('left-all')}</p>` : html`${topicForm(seen)}${hasLeftAll(seen) ? leftAll(seen) : html`${pauseForm(seen)}${leaveAllForm(voice)}`}`}`,
  );
};

/** And has come back to nothing since. */
const hasLeftAll = ({ suppressions, choices }: Seen): boolean =>
  suppressions.some((it) => it.scope === 'ALL') && choices.every((it) => it.state === 'off');

/** Said once: right after it was pressed it stands at the top already. */
const leftAll = ({ asked: { voice }, said = [] }: Seen): Html => {
  const words = voice.say('left-all');
  return said.includes(words) ? html`` : html`<p>${words}</p>`;
};

const topicForm = ({ asked: { voice }, choices }: Seen): Html => html`<form method="post">
  <input type="hidden" name="action" value="save" />
  <fieldset>
    <legend>${voice.say('topics-legend')}</legend>
    ${choices.map(
      ({ topic, label, state }) => html`<label>
        <input type="checkbox" name="topic" value="${topic}" ${state === 'off' ? '' : 'checked'} />
        <span>${label}${state === 'waiting' ? html` <small>(${voice.say('topic-waiting')})</small>` : ''}</span>
      </label>`,
    )}
  </fieldset>
  <button type="submit">${voice.say('save-button')}</button>
</form>`;

const pauseForm = ({ asked: { voice, brand }, lead, now }: Seen): Html => {
  const until = lead.pausedUntil !== undefined && lead.pausedUntil > now ? lead.pausedUntil : undefined;
  const day = (at: string) =>
    new Intl.DateTimeFormat(dateLocale(voice.locale), { dateStyle: 'long', timeZone: zoneOf(lead, brand).zone }).format(new Date(at));
  return html`<form method="post">
    <h2>${voice.say('pause-title')}</h2>
    <p>${until === undefined ? voice.say('pause-words') : voice.say('paused-words', { date: day(until) })}</p>
    <input type="hidden" name="action" value="${until === undefined ? 'pause' : 'unpause'}" />
    <button type="submit" class="quiet">${voice.say(until === undefined ? 'pause-button' : 'unpause-button')}</button>
  </form>`;
};

const leaveAllForm = (voice: Voice): Html => html`<form method="post">
  <h2>${voice.say('all-title')}</h2>
  <p>${voice.say('all-words', { company: voice.company })}</p>
  <input type="hidden" name="action" value="leave-all" />
  <button type="submit" class="quiet">${voice.say('all-button')}</button>
</form>`;
