import { getDomain } from 'tldts';
import type { Brand } from './config.ts';

/** One record that the domain's owner must publish. `value` has `<…>` where only AWS knows it. */
export type DnsRecord = {
  readonly name: string;
  readonly type: 'CNAME' | 'MX' | 'TXT';
  readonly value: string;
  readonly why: string;
  /** `needed`: mail is refused or goes to spam without it. */
  readonly weight: 'needed' | 'wanted';
};

export type DnsOptions = {
  readonly region: string;
  /** Label under the sender's domain that bounces go to. */
  readonly mailFrom: string;
  /** Whether pages are served under the host of `links`. */
  readonly hasOwnLinks: boolean;
  /** Host of tracked links, when it is not SES's own. */
  readonly tracking?: { readonly domain: string; readonly https: boolean };
};

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** The domain that was registered: DMARC is looked up there when the sender's own has none. */
export const organisationOf = (domain: string): string => getDomain(domain) ?? domain;

/** Every record that good delivery needs, in the order in which to publish them. */
export const dnsRecordsOf = (
  brand: Pick<Brand, 'sender' | 'links'>,
  { region, mailFrom, hasOwnLinks, tracking }: DnsOptions,
): readonly DnsRecord[] => {
  const domain = domainOf(brand.sender.address);
  const dkim = [1, 2, 3].map(
    (at): DnsRecord => ({
      name: `<token ${at}>._domainkey.${domain}`,
      type: 'CNAME',
      value: `<token ${at}>.dkim.amazonses.com`,
      why: 'DKIM: proves that the mail is yours. SES shows the three tokens with the identity; so do the outputs of a deployment that made it.',
      weight: 'needed',
    }),
  );
  const links: readonly DnsRecord[] = hasOwnLinks
    ? [
        {
          name: new URL(brand.links).host,
          type: 'CNAME',
          value: '<output LinksRecord of the engine stack>',
          why: 'Pages behind links in mails, the way out first of all. A certificate for this host comes before it (linksCertificateArn).',
          weight: 'needed',
        },
      ]
    : [];
  return [
    ...dkim,
    {
      name: `_dmarc.${organisationOf(domain)}`,
      type: 'TXT',
      value: `v=DMARC1; p=none; rua=mailto:dmarc@${organisationOf(domain)}`,
      why: 'DMARC: Gmail, Yahoo and Outlook want it of everyone who sends in bulk. Begin with p=none, read the reports, then quarantine.',
      weight: 'needed',
    },
    {
      name: `${mailFrom}.${domain}`,
      type: 'MX',
      value: `10 feedback-smtp.${region}.amazonses.com`,
      why: 'Custom MAIL FROM: bounces come to a name of yours, and SPF counts for your domain.',
      weight: 'wanted',
    },
    {
      name: `${mailFrom}.${domain}`,
      type: 'TXT',
      value: 'v=spf1 include:amazonses.com ~all',
      why: 'SPF for that name.',
      weight: 'wanted',
    },
    ...links,
    ...(tracking ? [redirectOf(tracking, domain, region)] : []),
  ];
};

/** SES takes a redirect domain only if it, or a domain above it, is a verified identity of the same account and region. */
const redirectOf = ({ domain, https }: NonNullable<DnsOptions['tracking']>, sender: string, region: string): DnsRecord => {
  const target = `r.${region}.awstrack.me`;
  const isCovered = domain === sender || domain.endsWith(`.${sender}`);
  return {
    name: domain,
    type: 'CNAME',
    value: https ? `<your CDN, with a certificate for this host; it passes everything on to ${target}>` : target,
    why: [
      'Tracked links name your domain instead of one that every sender at SES shares, good or bad.',
      isCovered ? '' : ` It is not under ${sender}: verify it in SES as well (${region}), or the configuration set is refused.`,
      https
        ? ' SES has no certificate for it, so https needs a CDN in front (trackingHttps).'
        : ' Without https readers of https links get a warning from their browser: set trackingHttps.',
    ].join(''),
    weight: 'needed',
  };
};
