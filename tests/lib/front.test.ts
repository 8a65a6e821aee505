import { createContext, runInContext } from 'node:vm';
import { Template as Assertions, Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { handlerNames, handlers } from '#core/handlers';
import { namesViewer } from '#lib/constructs/front';
import { readSettings } from '#lib/settings';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';
import { resourcesOf, synthesize, type Templates } from '#tests/helpers/synth';

const webAcl = {
  arn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/pages/0a1b2c3d',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/x',
};
const host = new URL(liveConfig.brand.links).host;
let made: Templates;
beforeAll(async () => {
  made = await synthesize({ compiled: [nurture()], live: liveConfig, settings: { webAcl, console: true } });
}, 60_000);

const engine = () => Assertions.fromJSON(made.Engine as never);
const secret = () => resourcesOf(made.Engine, 'AWS::SecretsManager::Secret')[0]?.logicalId;
const resolved = () => ({ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secret() }, ':SecretString:::}}']] });

describe('the engine’s stack, with a web ACL', () => {
  it('puts CloudFront with it before the API: nothing kept, everything passed on but the host, TLS 1.2 at least', () => {
    engine().hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: [host],
        WebACLId: webAcl.arn,
        ViewerCertificate: {
          AcmCertificateArn: webAcl.certificateArn,
          MinimumProtocolVersion: 'TLSv1.2_2021',
          SslSupportMethod: 'sni-only',
        },
        DefaultCacheBehavior: {
          // Managed-CachingDisabled and Managed-AllViewerExceptHostHeader, by the ids that AWS documents.
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
          AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
          ViewerProtocolPolicy: 'redirect-to-https',
          FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: Match.anyValue() }],
        },
        Origins: [
          Match.objectLike({
            CustomOriginConfig: Match.objectLike({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] }),
            OriginCustomHeaders: [{ HeaderName: 'x-baton-front', HeaderValue: resolved() }],
          }),
        ],
      },
    });
    expect(made.Engine.Outputs).toMatchObject({ LinksRecord: {}, ApiUrl: { Value: `https://${host}` } });
  });

  it('tells each function that answers it the host and the key, and no other; the template holds no key', () => {
    for (const name of handlerNames) {
      const found = resourcesOf(made.Engine, 'AWS::Lambda::Function').find((it) => it.Properties.FunctionName === `baton-prod-${name}`);
      if (!found) continue;
      const { Variables } = found.Properties.Environment as { Variables: Record<string, unknown> };
      const wanted = 'http' in handlers[name].trigger ? { FRONT_HOST: host, FRONT_KEY: resolved() } : {};
      const said = Object.fromEntries(Object.entries(Variables).filter(([it]) => it.startsWith('FRONT_')));
      expect({ name, ...said }).toEqual({ name, ...wanted });
    }
    expect(resourcesOf(made.Engine, 'AWS::SecretsManager::Secret')).toMatchObject([{ Properties: { GenerateSecretString: {} } }]);
  });

  it('has people come back to the host that viewers see', () => {
    engine().hasResourceProperties('AWS::Cognito::UserPoolClient', { CallbackURLs: [`https://${host}/console/signed-in`] });
  });

  it('names the viewer as CloudFront saw it, whatever the viewer said', () => {
    const event = { viewer: { ip: '198.51.100.7' }, request: { headers: { 'x-baton-viewer': { value: '10.0.0.1' } } } };
    const made = runInContext(`${namesViewer}; handler(event)`, createContext({ event })) as typeof event.request;
    expect(made.headers['x-baton-viewer'].value).toBe('198.51.100.7');
  });
});

describe('the settings', () => {
  it.each([
    [{ webAcl: { ...webAcl, arn: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/pages/0a1b' } }, 'global web ACL'],
    [{ webAcl: { ...webAcl, certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/x' } }, 'us-east-1'],
    [{ webAcl, linksCertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/x' }, 'leave one out'],
  ])('%j is refused', (settings, words) => {
    expect(() => readSettings(settings)).toThrow(words);
  });
});
