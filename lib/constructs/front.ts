import { Aws, CfnOutput, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Function as CloudFrontFunction,
  Distribution,
  FunctionCode,
  FunctionEventType,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { frontHeaders } from '#core/front';
import type { Names, Settings } from '#lib/settings';

export type FrontProps = { readonly names: Names; readonly host: string; readonly webAcl: NonNullable<Settings['webAcl']> };
export type FrontEnvironment = { readonly FRONT_HOST: string; readonly FRONT_KEY: string };

/**
 * CloudFront in front of pages and API, for a web ACL of AWS WAF cannot be attached to an HTTP API. It keeps nothing and passes everything on, with a key
 * that functions ask for: the API's own address answers nobody who comes beside it (lambdas/front.ts).
 */
export class Front extends Construct {
  readonly environment: FrontEnvironment;
  private readonly key: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FrontProps,
  ) {
    super(scope, id);
    // Another number is another secret: CloudFormation reads one anew only where the template says something else.
    const secret = new Secret(this, `Key${props.webAcl.key}`, {
      description: `Baton: what CloudFront says to functions of ${props.names.prefix}, so that they know it`,
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'CloudFront and the functions must change it together, which is a deployment (docs/security.md).',
    });
    // The template names the secret, and CloudFormation reads it.
    this.key = secret.secretValue.unsafeUnwrap();
    this.environment = { FRONT_HOST: props.host, FRONT_KEY: this.key };
  }

  standBefore({ apiId }: HttpApi): void {
    const { host, webAcl, names } = this.props;
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Baton: pages and API of ${names.prefix}`,
      domainNames: [host],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', webAcl.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      webAclId: webAcl.arn,
      defaultBehavior: {
        origin: new HttpOrigin(`${apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`, {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          customHeaders: { [frontHeaders.key]: this.key },
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        // Bodies are short or compressed already, and an ETag of ours stays as it is.
        compress: false,
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.namingViewers() }],
      },
    });
    for (const [rule, reason] of Object.entries(reasons)) Validations.of(distribution).acknowledge({ id: rule, reason });
    new CfnOutput(this, 'LinksRecord', { value: `${host} CNAME ${distribution.distributionDomainName}` });
  }

  /** A viewer may send any header: this one says what CloudFront itself saw. */
  private namingViewers(): CloudFrontFunction {
    return new CloudFrontFunction(this, 'Viewer', {
      functionName: `${this.props.names.prefix}-viewer-${Aws.REGION}`,
      comment: 'Baton: who calls',
      code: FunctionCode.fromInline(namesViewer),
    });
  }
}

/** Runs at CloudFront, in its own JavaScript. */
export const namesViewer = `function handler(event) {
  var request = event.request;
  request.headers['${frontHeaders.viewer}'] = { value: event.viewer.ip };
  return request;
}
`;

const reasons: { readonly [id: string]: string } = {
  'AwsSolutions-CFR1': 'Leads live anywhere; whom to keep out by country is for the web ACL to say.',
  'AwsSolutions-CFR3': 'Its access logs would hold addresses of leads and paths that are tokens; the API logs without both.',
};
