import { Aws, CfnOutput, Duration } from 'aws-cdk-lib';
import { type IUserPool, OAuthScope, UserPoolClient, UserPoolClientIdentityProvider, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Names } from '#lib/settings';

export type ConsoleDoorProps = {
  readonly names: Names;
  readonly pool: IUserPool /** Where the console stands. */;
  readonly origin: string;
};

/**
 * Sign-in to the console: the pool's own pages, and a client without a secret that takes authorization codes with PKCE and nothing else.
 * Its tokens go into cookies that no script sees (lambdas/console/session.ts).
 */
export class ConsoleDoor extends Construct {
  readonly clientId: string;
  /** Of the pool's pages. */
  readonly origin: string;

  constructor(scope: Construct, id: string, { names, pool, origin }: ConsoleDoorProps) {
    super(scope, id);
    const domain = new UserPoolDomain(this, 'Domain', {
      userPool: pool,
      cognitoDomain: { domainPrefix: `${names.prefix}-${Aws.ACCOUNT_ID}` },
    });
    const client = new UserPoolClient(this, 'Client', {
      userPool: pool,
      userPoolClientName: `${names.prefix}-console`,
      generateSecret: false,
      authFlows: {},
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: [`${origin}/console/signed-in`],
        logoutUrls: [`${origin}/console`],
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      // The shortest there is: so long a copied cookie is good after signing out, and so long somebody has a group that they left.
      idTokenValidity: Duration.minutes(5),
      accessTokenValidity: Duration.minutes(5),
      refreshTokenValidity: Duration.hours(12),
    });
    this.clientId = client.userPoolClientId;
    this.origin = domain.baseUrl();
    new CfnOutput(scope, 'ConsoleUrl', { value: `${origin}/console`, description: 'The console, for whoever is in its user pool' });
  }
}
