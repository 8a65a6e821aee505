import type { Context } from 'hono';
import { html } from 'hono/html';
import { normaliseEmail } from '#core/address';
import type { LiveConfig } from '#core/config';
import { type Answers, type Form, readAnswers } from '#core/forms';
import type { Use } from '#core/handlers';
import { addSeconds } from '#core/instant';
import { visitParameter } from '#core/visit-link';
import { importLeads } from '#lambdas/api/import-leads';
import { page, saying, voiceOf } from '#lambdas/api/pages/layout';

type Handler = Use<'collect'>;
export type AskedForm = { readonly id: string; readonly form: Form; readonly live: LiveConfig };

/** As long as the snippet keeps it. */
const visitLifetimeSeconds = 30 * 86_400;

/** The same answer whether the address is known or not, and whether a person or a machine filled it in. */
export const takeForm = async (use: Handler, c: Context, asked: AskedForm): Promise<Response> => {
  const { id, form } = asked;
  const answers = await answersOf(c);
  if (!answers) return refuse(c, asked, []);
  const now = use.clock.now();
  const reading = readAnswers(id, form, answers, { at: now, ip: sourceIpOf(c) });
  if ('missing' in reading) return refuse(c, asked, reading.missing);
  if ('trapped' in reading) {
    use.log.info('form trap sprung', { form: id });
    // It looks like any other, and is nobody's.
    return thank(c, asked, visitOf(use, asked, use.ids.leadId(`trapped ${answers.email ?? ''}`)));
  }
  const leadId = await store(use, id, form, reading.cells);
  if (leadId === undefined) return refuse(c, asked, ['email']);
  // Pressed twice, it happened once. No source of events can be called like this (adapters/crypto/api-keys.ts).
  await use.eventQueue.push({ source: 'own', eventId: `:form:${id}:${now.slice(0, 16)}`, name: 'form.sent', at: now, leadId });
  use.log.info('form taken in', { form: id, leadId });
  // Of the address, not of the lead: nobody shall learn that two addresses are one person's.
  return thank(c, asked, visitOf(use, asked, use.ids.leadId(normaliseEmail(reading.email) ?? '')));
};

const visitOf = (use: Handler, { form }: AskedForm, leadId: string): string =>
  use.links.sign('visit', { leadId, topic: '', expiresAt: addSeconds(use.clock.now(), visitLifetimeSeconds), locale: form.locale });

/** undefined: no address that mail could go to. */
const store = async (use: Handler, id: string, { list }: Form, cells: Answers): Promise<string | undefined> => {
  const stored: string[] = [];
  async function* row() {
    yield { line: 1, cells };
  }
  await importLeads(use)(row(), { list, onLead: (leadId) => void stored.push(leadId) });
  if (stored.length === 0) use.log.info('form not taken in', { form: id });
  return stored[0];
};

const refuse = (c: Context, { form, live }: AskedForm, missing: readonly string[]): Response | Promise<Response> =>
  wantsJson(c) ? c.json({ problem: form.problem, missing }, 400) : c.html(problemPage(form, live, missing), 400);

/** The page that the form stands on is somebody else's: what is missing is said here, by its words. */
const problemPage = (form: Form, live: LiveConfig, missing: readonly string[]) => {
  const { company } = live.brand;
  const labels = missing.map((it) => labelOf(form, it));
  return page(
    voiceOf(live, form.locale),
    company,
    html`<h1>${company}</h1>
      <p>${form.problem}</p>
      ${labels.length > 0 ? html`<ul>${labels.map((it) => html`<li>${it}</li>`)}</ul>` : ''}`,
  );
};
const labelOf = ({ emailLabel, consent, fields }: Form, missing: string): string => {
  if (missing === 'email') return emailLabel;
  if (missing === 'consent') return consent?.text ?? missing;
  return fields.find((it) => it.field === missing)?.label ?? missing;
};

const thank = (c: Context, { form, live }: AskedForm, visit: string): Response | Promise<Response> => {
  if (wantsJson(c)) return c.json({ thanks: form.thanks, visit, ...(form.redirect !== undefined && { redirect: form.redirect }) });
  if (form.redirect === undefined) return c.html(saying(voiceOf(live, form.locale), live.brand.company, form.thanks));
  const to = new URL(form.redirect);
  if (live.brand.sites?.includes(to.origin)) to.searchParams.set(visitParameter, visit);
  return c.redirect(to.href, 303);
};

/** A script of the site asks; a browser that sends a form wants a page. */
const wantsJson = (c: Context): boolean => /\bapplication\/json\b/i.test(c.req.header('accept') ?? '');

/** As browsers send forms, in either encoding, and as scripts do. undefined: none of these. */
const answersOf = async (c: Context): Promise<Answers | undefined> => {
  try {
    const isJson = c.req.header('content-type')?.startsWith('application/json') ?? false;
    const body: unknown = isJson ? await c.req.json() : await c.req.parseBody();
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    return Object.fromEntries(Object.entries(body).flatMap(([name, value]) => (isAnswer(value) ? [[name, String(value)]] : [])));
  } catch {
    return undefined;
  }
};

/** Files and nested values are no answers. */
const isAnswer = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** As API Gateway itself saw it; headers could say anything. */
const sourceIpOf = (c: Context): string | undefined =>
  (c.env as { requestContext?: { http?: { sourceIp?: string } } } | undefined)?.requestContext?.http?.sourceIp;
