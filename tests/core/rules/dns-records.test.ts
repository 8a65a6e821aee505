import { describe, expect, it } from 'vitest';
import { dnsRecordsOf, organisationOf } from '#core/dns-records';

const brand = { sender: { name: 'A', address: 'a@mail.lintel.example' }, links: 'https://go.lintel.example' };
const options = { region: 'eu-west-1', mailFrom: 'bounce', hasOwnLinks: false };

describe('DNS records', () => {
  it('are DKIM, DMARC, MAIL FROM and its SPF, and the host of links when it is yours', () => {
    const lines = dnsRecordsOf(brand, { ...options, hasOwnLinks: true }).map(({ name, type, value }) => `${name} ${type} ${value}`);
    expect(lines).toEqual([
      ...[1, 2, 3].map((at) => `<token ${at}>._domainkey.mail.lintel.example CNAME <token ${at}>.dkim.amazonses.com`),
      '_dmarc.lintel.example TXT v=DMARC1; p=none; rua=mailto:dmarc@lintel.example',
      'bounce.mail.lintel.example MX 10 feedback-smtp.eu-west-1.amazonses.com',
      'bounce.mail.lintel.example TXT v=spf1 include:amazonses.com ~all',
      'go.lintel.example CNAME <output LinksRecord of the engine stack>',
    ]);
    expect(dnsRecordsOf(brand, options)).toHaveLength(6);
    for (const { why } of dnsRecordsOf(brand, options)) expect(why.length).toBeGreaterThan(10);
  });

  it('have the host of tracked links: straight to SES, or to a CDN when it is https', () => {
    const last = (tracking: { domain: string; https: boolean }) => dnsRecordsOf(brand, { ...options, tracking }).at(-1);
    expect(last({ domain: 'click.mail.lintel.example', https: false })).toMatchObject({
      name: 'click.mail.lintel.example',
      type: 'CNAME',
      value: 'r.eu-west-1.awstrack.me',
      why: expect.not.stringContaining('verify it in SES as well'),
    });
    expect(last({ domain: 'click.lintel.example', https: true })).toMatchObject({
      value: expect.stringMatching(/CDN, with a certificate .* r\.eu-west-1\.awstrack\.me/),
      why: expect.stringContaining('It is not under mail.lintel.example: verify it in SES as well (eu-west-1)'),
    });
  });

  it.each([
    ['lintel.example', 'lintel.example'],
    ['a.b.lintel.example', 'lintel.example'],
    ['mail.lintel.co.uk', 'lintel.co.uk'],
    ['mail.abc.de', 'abc.de'],
  ])('%s belongs to %s', (domain, organisation) => {
    expect(organisationOf(domain)).toBe(organisation);
  });
});
