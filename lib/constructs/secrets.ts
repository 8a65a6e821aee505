import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Names } from '#lib/settings';

/** The keys that Baton makes for itself. Retained: without the identity key every lead is a stranger. */
export class Secrets extends Construct {
  readonly identity: Secret;
  readonly links: Secret;
  readonly apiKeys: Secret;
  readonly outside: Secret;

  constructor(scope: Construct, id: string, { names }: { readonly names: Names }) {
    super(scope, id);
    this.identity = this.make('identity', names, 'Baton: HMAC key of lead ids. Never rotate it.', {});
    this.links = this.make('links', names, 'Baton: keys of signed links; "current" names the one that signs. Keep old ones.', {
      secretStringTemplate: JSON.stringify({ current: 'k1' }),
      generateStringKey: 'k1',
    });
    this.apiKeys = this.make('api-keys', names, 'Baton: keys of systems that send leads and events, by name; see baton keys.', {
      secretStringTemplate: JSON.stringify({}),
      generateStringKey: 'default',
    });
    this.outside = this.make('outside', names, 'Baton: what signs webhooks ("signing"), and the team’s Slack channels by name ("slack").', {
      secretStringTemplate: JSON.stringify({ slack: {} }),
      generateStringKey: 'signing',
    });
    Validations.of(this.identity).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Lead ids are HMACs with this key: rotated, no lead would be found again (DESIGN.md, Ids).',
    });
    for (const secret of [this.links, this.apiKeys, this.outside]) {
      Validations.of(secret).acknowledge({
        id: 'AwsSolutions-SMG4',
        reason:
          'Rotated by command (baton keys, docs/security.md), a key beside the old one: links in mail already sent must go on working.',
      });
    }
  }

  private make(name: string, names: Names, description: string, more: object): Secret {
    return new Secret(this, name, {
      secretName: names.secret(name),
      description,
      generateSecretString: { passwordLength: 64, excludePunctuation: true, ...more },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
