import { expect, it } from 'vitest';
import { sendTest } from '#cli/send-test';
import type { Mail, OutgoingEmail } from '#core/ports';

const service = () => {
  const sent: OutgoingEmail[] = [];
  const mail: Mail = {
    send: async (email) => {
      sent.push(email);
      return { result: 'accepted', messageId: 'm-1' };
    },
  };
  return { sent, mail };
};
const options = { dir: 'marketing', to: 'you@example.com', lead: 'known' };

it('sends one e-mail as a lead would get it, marked as a test, and with nothing that counts as a lead’s', async () => {
  const { sent, mail } = service();
  expect(await sendTest('trial-nurture/welcome', options, mail)).toEqual({ result: 'accepted', messageId: 'm-1' });
  const [email] = sent;
  expect(sent).toHaveLength(1);
  expect(email?.to).toBe('you@example.com');
  expect(email?.subject).toMatch(/^\[test\] Kim, /);
  expect(email?.html).toContain('Hi Kim');
  expect(email?.tags).toEqual({});
});

it('names the e-mails and samples there are when it is asked for another', async () => {
  const { mail, sent } = service();
  await expect(sendTest('trial-nurture/none', options, mail)).rejects.toThrow('trial-nurture/welcome');
  await expect(sendTest('trial-nurture/welcome', { ...options, lead: 'de' }, mail)).rejects.toThrow('known, unknown, long');
  expect(sent).toEqual([]);
});
