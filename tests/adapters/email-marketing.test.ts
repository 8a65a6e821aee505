import { describe, expect, it } from 'vitest';
import { compileEmails } from '#adapters/email/compile-emails';
import { liquidTemplates } from '#adapters/email/liquid';
import { loadMarketing } from '#adapters/files/load-marketing';
import { composeEmail, sampleLinks } from '#core/email';
import type { Lead } from '#core/lead';
import type { Step } from '#core/sequences/model';
import { everyStep } from '#core/sequences/plan';

const marketing = await loadMarketing('marketing');
const { live, layout, sequences } = marketing;
if (!live || !layout) throw new Error('marketing/ cannot be read');
const compiled = await Promise.all(
  sequences.map(({ sequence, emailFiles }) =>
    compileEmails({ brand: live.brand, layout, sequence, files: emailFiles }).then((it) => ({ sequence, ...it })),
  ),
);
const mails = compiled.flatMap(({ sequence, emails }) =>
  Object.entries(emails).map(([step, content]) => ({ name: `${sequence.id}/${step}`, sequence, step, content })),
);
const templates = liquidTemplates();

const lead = (fields: Lead['fields']): Lead => ({
  leadId: 'abcdefghijklmnopqrstuvwxyz',
  email: 'kim@example.com',
  fields,
  stage: 'lead',
  createdAt: '2026-03-01T00:00:00.000Z',
  consents: {},
  active: {},
  handoffs: 0,
});
const compose = (mail: (typeof mails)[number], fields: Lead['fields']) =>
  composeEmail({
    content: mail.content,
    brand: live.brand,
    lead: lead(fields),
    sequence: mail.sequence.id,
    key: { leadId: 'abcdefghijklmnopqrstuvwxyz', enrolmentId: 'zyxwvutsrqponmlkjihgfedcba', step: mail.step, round: 1 },
    topic: mail.sequence.topic,
    links: sampleLinks(live.brand, 'token'),
    templates,
  });

const day = 86_400;
/** The longest way through, windows aside; business days with the weekend between them. */
const longest = (steps: readonly Step[]): number => steps.reduce((sum, it) => sum + lengthOf(it), 0);

const lengthOf = (step: Step): number => {
  switch (step.kind) {
    case 'wait':
      if ('until' in step.length) return step.length.until.atMostSeconds;
      return 'seconds' in step.length ? step.length.seconds : (step.length.businessDays + 2) * day;
    case 'wait-for':
      return step.atMostSeconds + Math.max(longest(step.timedOut), ...step.arms.map((arm) => longest(arm.steps)));
    case 'branch':
    case 'split':
      return Math.max(...step.arms.map((arm) => longest(arm.steps)));
    case 'repeat':
      return step.times * longest(step.steps);
    case 'webhook':
      return 4 * 3600;
    case 'email':
    case 'notify':
    case 'enrol-in':
    case 'update':
    case 'exit':
      return 0;
  }
};

describe('the marketing folder of the example', () => {
  it('is in order', () => {
    expect([...marketing.problems, ...compiled.flatMap((it) => it.problems)]).toEqual([]);
  });

  it('shows every step kind and both ways to enter', () => {
    const kinds = new Set(sequences.flatMap((it) => everyStep(it.sequence.steps)).map((it) => it.kind));
    expect([...kinds].sort()).toEqual(['branch', 'email', 'exit', 'split', 'update', 'wait', 'wait-for']);
    expect(sequences.map((it) => it.sequence.enter.on)).toEqual([{ event: 'trial.started' }, { imported: 'webinar' }]);
  });

  it('is through within 45 days', () => {
    for (const { sequence } of sequences) expect([sequence.id, longest(sequence.steps) < 38 * day]).toEqual([sequence.id, true]);
  });

  it('has an e-mail for every step that sends one', () => {
    const steps = sequences.flatMap(({ sequence }) => everyStep(sequence.steps).filter((it) => it.kind === 'email'));
    expect(mails).toHaveLength(steps.length);
  });

  it.each(mails.map((mail) => [mail.name, mail] as const))('%s reads well, whatever is known of the lead', (_, mail) => {
    for (const fields of [
      {},
      { 'first-name': 'Kim', company: 'Hart & Söhne', 'job-title': 'Site Manager', country: 'DE', employees: 120 },
    ]) {
      const { subject, html, text } = compose(mail, fields);
      expect(subject.length).toBeGreaterThan(10);
      expect(subject.length).toBeLessThan(70);
      expect(`${subject}${html}${text}`).not.toMatch(/\{[{%]|undefined|\[object|NaN|zqliquid/);
      expect(text).not.toMatch(/<\/?[a-z]|\n{3}|&[a-z]+;/);
      expect(text).toContain(fields['first-name'] ? 'Hi Kim,' : 'Hi there,');
      expect(html).toMatch(/<a ses:no-track href="https:\/\/go\.lintel\.example\/u\/token"/);
      expect(html).toContain(live.brand.postalAddress);
      expect(html).toMatch(/<a ses:no-track href="https:\/\/go\.lintel\.example\/p\/token"/);
      expect(text).toContain('Unsubscribe: https://go.lintel.example/u/token\nOr choose what you get: https://go.lintel.example/p/token');
      expect(html.length).toBeLessThan(40_000);
    }
  });
});
