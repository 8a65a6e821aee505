import { expect, it } from 'vitest';
import { sendEmail } from '#lambdas/steps/send-email';
import { anEnrolment } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

/** A lead who gets one mail a week, and its mail of now, which SES throttles. */
const aThrottledMail = async () => {
  const caps = { cap: { emails: 1, perSeconds: 7 * 86_400 } };
  const { ports, leadId, compiled } = await aWorld({ live: { ...liveConfig, brand: { ...liveConfig.brand, caps } } });
  const { version } = compiled.artifact;
  const run = anEnrolment({ leadId, version, enrolledAt: start });
  await ports.enrolments.create(run);
  const { sequence, enrolmentId, leg } = run;
  const of = { leadId, sequence, enrolmentId, leg, version, step: 'welcome', round: 1 };
  const message = { ...of, token: 'token-1', enteredAt: start, notAfterSeconds: 3600 };
  const throttling = { ...ports, mail: { ...ports.mail, send: async () => ({ result: 'throttled' as const, reason: 'rate' }) } };
  expect(await sendEmail(throttling)(message)).toBe('later');
  const places = async () => (await ports.countedMails.ofLead(leadId)).mails.length;
  return { ports, run, message, places };
};

it('a mail that SES throttled keeps its place among the lead’s mails while it waits, and goes by it', async () => {
  const { ports, message, places } = await aThrottledMail();
  expect(await places()).toBe(1);
  expect(await sendEmail(ports)(message)).toBe('done');
  expect(await places()).toBe(1);
});

it('and gives it back when it does not go after all', async () => {
  const { ports, run, message, places } = await aThrottledMail();
  await ports.enrolments.stop(run, { reason: 'goal', at: start });
  expect(await sendEmail(ports)(message)).toBe('done');
  expect(await places()).toBe(0);
});

it('nor keeps it while it is put off', async () => {
  const { ports, run, message, places } = await aThrottledMail();
  await ports.line.pause(run.sequence, { at: start, by: 'hand', why: 'a look' });
  expect(await sendEmail(ports)(message)).toBe('done');
  expect(await places()).toBe(0);
});
