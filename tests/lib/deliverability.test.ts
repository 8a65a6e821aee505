import { beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import type { LiveConfig } from '#core/config';
import type { Compiled } from '#core/sequences/compile';
import type { Lock } from '#core/sequences/lock';
import { readSettings } from '#lib/settings';
import { resourcesOf, synthesize, type Templates } from '#tests/helpers/synth';

let ours: { readonly compiled: readonly Compiled[]; readonly live: LiveConfig; readonly lock: Lock };
/** With everything that a deployment can set up for good delivery; cdk-nag throws what it finds. */
let templates: Templates;

beforeAll(async () => {
  const marketing = await loadMarketing('marketing');
  const { compiled, lock } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  ours = { compiled: compiled.map((it) => it.compiled), live: marketing.live, lock };
  templates = await synthesize({
    ...ours,
    settings: { createIdentity: true, mailFrom: 'returns', trackingDomain: 'click.mail.lintel.example' },
  });
}, 60_000);

const only = (all: Templates, type: string) => {
  const found = [...resourcesOf(all.Data, type), ...resourcesOf(all.Engine, type)];
  expect(found, type).toHaveLength(1);
  return found[0]?.Properties;
};

describe('the identity', () => {
  it('signs with DKIM and takes bounces under a name of its own domain', () => {
    expect(only(templates, 'AWS::SES::EmailIdentity')).toMatchObject({
      EmailIdentity: 'mail.lintel.example',
      DkimAttributes: { SigningEnabled: true },
      MailFromAttributes: { MailFromDomain: 'returns.mail.lintel.example', BehaviorOnMxFailure: 'USE_DEFAULT_VALUE' },
    });
  });

  it('tells the DKIM records to publish', () => {
    expect(Object.keys(templates.Data.Outputs ?? {}).filter((it) => it.startsWith('DkimRecord'))).toHaveLength(3);
  });
});

describe('the configuration set', () => {
  it('demands TLS, keeps reputation metrics and suppresses bounces and complaints', () => {
    expect(only(templates, 'AWS::SES::ConfigurationSet')).toMatchObject({
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      ReputationOptions: { ReputationMetricsEnabled: true },
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
  });

  it('leads tracked links through your own domain, by https unless you say otherwise', async () => {
    expect(only(templates, 'AWS::SES::ConfigurationSet')).toMatchObject({
      TrackingOptions: { CustomRedirectDomain: 'click.mail.lintel.example', HttpsPolicy: 'REQUIRE' },
    });
    const plain = await synthesize({ ...ours, settings: { trackingDomain: 'click.mail.lintel.example', trackingHttps: false } });
    expect(only(plain, 'AWS::SES::ConfigurationSet')).toMatchObject({ TrackingOptions: { HttpsPolicy: 'OPTIONAL' } });
  });

  it('leaves SES its own domain when none is set', async () => {
    expect(only(await synthesize(ours), 'AWS::SES::ConfigurationSet')).not.toHaveProperty('TrackingOptions');
  });

  it('tells of every kind of event that a rule takes', () => {
    const { EventDestination } = only(templates, 'AWS::SES::ConfigurationSetEventDestination') as {
      EventDestination: { Enabled: boolean; MatchingEventTypes: readonly string[] };
    };
    expect(EventDestination.Enabled).toBe(true);
    expect(EventDestination.MatchingEventTypes).toEqual(
      expect.arrayContaining(['BOUNCE', 'COMPLAINT', 'DELIVERY', 'REJECT', 'CLICK', 'OPEN']),
    );
  });

  it.each(['https://click.lintel.example', 'Click.lintel.example', 'lintel', 'click.lintel.example/', '-a.example', 'a..example', ''])(
    'refuses %j as a tracking domain',
    (trackingDomain) => {
      expect(() => readSettings({ trackingDomain })).toThrow('trackingDomain');
    },
  );
});
