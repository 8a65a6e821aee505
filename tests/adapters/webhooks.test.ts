import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPublic } from '#adapters/http/public-address';
import { slackChat } from '#adapters/http/slack';
import { signedWebhooks } from '#adapters/http/webhooks';
import type { WebhookCall } from '#core/ports';

const [key, formerKey] = ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'C2FtZS1rZXktYXMtYmVmb3JlLWl0LXdhcy1y'];
const here = (address: string) => address === '127.0.0.1';
let server: Server;
let at = '';
const heard: { headers: IncomingMessage['headers']; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      if (request.url === '/slow') return;
      if (request.url === '/away') response.writeHead(302, { location: '/answer' });
      if (request.url === '/busy') response.writeHead(503);
      response.end(request.url === '/long' ? 'x'.repeat(100_000) : request.url === '/words' ? 'fine' : '{"plan":"pro","seats":12}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const now = new Date().toISOString();
const call = (path: string, more: Partial<WebhookCall> = {}): WebhookCall => ({
  id: 'run-1.enrich',
  at: now,
  url: `${at}${path}`,
  body: '{"type":"sequence.webhook"}',
  timeOutSeconds: 5,
  ...more,
});

describe('a webhook', () => {
  it('is signed by every key, so that receivers can change over one by one', async () => {
    const answer = await signedWebhooks({ signing: key, former: [formerKey] }, here).call(call('/answer'));
    expect(answer).toEqual({ status: 200, answer: { plan: 'pro', seats: 12 } });
    const { headers, body } = heard.at(-1) ?? { headers: {}, body: '' };
    for (const secret of [`whsec_${key}`, formerKey])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({ type: 'sequence.webhook' });
    expect(() => new Webhook('YW5vdGhlciBrZXkgYWx0b2dldGhlcg==').verify(body, headers as Record<string, string>)).toThrow();
  });

  it.each([
    ['/words', {}, { status: 200 }],
    ['/busy', {}, { status: 503 }],
    // Not followed: the redirect is the answer.
    ['/away', {}, { status: 302 }],
    ['/long', {}, { failed: 'too-long' }],
    ['/slow', { timeOutSeconds: 0.2 }, { failed: 'time-out' }],
  ])('to %s gets %s', async (path, more, expected) => {
    expect(await signedWebhooks({ signing: key }, here).call(call(path, more))).toMatchObject(expected);
  });

  it('says that nobody is there', async () => {
    const nobody = call('/', { url: 'http://127.0.0.1:1/' });
    expect(await signedWebhooks({ signing: key }, here).call(nobody)).toEqual({ failed: 'connection' });
  });

  it('reaches no address of ours, by its number or by a name that leads there', async () => {
    const before = heard.length;
    const { port } = server.address() as AddressInfo;
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '2130706433'])
      expect(await signedWebhooks({ signing: key }).call(call('/', { url: `http://${host}:${port}/` }))).toEqual({ failed: 'not-public' });
    expect(heard).toHaveLength(before);
  });
});

describe('an address', () => {
  it.each([
    ['93.184.216.34', true],
    ['2606:2800:220:1:248:1893:25c8:1946', true],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.0.1', false],
    ['169.254.169.254', false],
    ['0.0.0.0', false],
    ['224.0.0.1', false],
    ['::1', false],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    ['::ffff:10.0.0.1', false],
    ['64:ff9b::a9fe:a9fe', false],
    ['2002:a9fe:a9fe::', false],
    ['not an address', false],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublic(address)).toBe(expected);
  });
});

describe('the team’s chat', () => {
  const chat = (status: number, posted: string[] = []) =>
    slackChat({ slack: { sales: 'https://hooks.slack.com/services/x' } }, async (_url, init) => {
      posted.push(String(init?.body));
      return new Response('ok', { status });
    });

  it('gets words in which no field can call everyone', async () => {
    const posted: string[] = [];
    expect(await chat(200, posted).post('sales', '<!channel> & co')).toBe('posted');
    expect(posted).toEqual(['{"text":"&lt;!channel&gt; &amp; co"}']);
  });

  it('says what came of it', async () => {
    expect(await chat(200).post('ops', 'hello')).toBe('no-channel');
    expect(await chat(200).post('constructor', 'hello')).toBe('no-channel');
    expect(await chat(404).post('sales', 'hello')).toBe('refused');
    await expect(chat(429).post('sales', 'hello')).rejects.toMatchObject({ name: 'RetryableError' });
    await expect(chat(503).post('sales', 'hello')).rejects.toMatchObject({ name: 'RetryableError' });
  });
});
