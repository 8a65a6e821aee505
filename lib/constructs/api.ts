import { CfnOutput, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  type CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type HandlerName, handlerNames, handlers } from '#core/handlers';
import { logGroupIn } from '#lib/constructs/log-group';
import type { Names, Settings } from '#lib/settings';

export type ApiProps = {
  readonly names: Names;
  readonly settings: Settings;
  /** Host of "links" in brand.yaml; used when there is a certificate for it. */
  readonly host: string;
  readonly functionOf: (handler: string) => IFunction;
  /** Whether there is such a function in this stack. */
  readonly isThere: (handler: HandlerName) => boolean;
};

/** The routes of every handler that has some, behind throttles. Logs hold no address, token or query: a path may be a token. */
export class Api extends Construct {
  readonly api: HttpApi;
  /** Where pages, leads and events are to be sent. */
  readonly url: string;
  private readonly routes: HttpRoute[] = [];

  constructor(scope: Construct, id: string, { names, settings, host, functionOf, isThere }: ApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Http', { apiName: names.prefix, createDefaultStage: false });
    const logGroup = logGroupIn(this, 'Logs', `/aws/vendedlogs/apigateway/${names.prefix}`, settings);
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.apiRequestsPerSecond, burstLimit: settings.apiRequestsPerSecond * 2 },
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: AccessLogFormat.custom(logLine) },
    });
    this.addRoutes({ functionOf, isThere });
    this.keepRoom(stage, settings.apiRequestsPerSecond);
    if (settings.linksCertificateArn !== undefined) this.addDomain(host, settings.linksCertificateArn, stage);
    // Behind a front its own address answers nobody.
    this.url = settings.webAcl ? `https://${host}` : this.api.apiEndpoint;
    new CfnOutput(scope, 'ApiUrl', { value: this.url, description: 'Pages, POST /leads and POST /events' });
  }

  /** Whoever wants to leave shall be able to while somebody floods the rest: routes with a throttle of their own do not count with others. */
  private keepRoom(stage: HttpStage, perSecond: number): void {
    const limit = (rate: number) => ({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: rate * 2 });
    const share = limit(Math.ceil(perSecond / 2));
    const taking = new Set(routesOf('ingest', 'collect'));
    const own = [...taking, ...routesOf('pages').filter(isForLeaving)].map((it) => [it, taking.has(it) ? share : limit(perSecond)]);
    (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(own);
    // It refuses settings of a route that is not there yet.
    stage.node.addDependency(...this.routes);
  }

  private addRoutes({ functionOf, isThere }: Pick<ApiProps, 'functionOf' | 'isThere'>): void {
    for (const name of handlerNames.filter(isThere)) {
      const { trigger } = handlers[name];
      if (!('http' in trigger)) continue;
      const integration = new HttpLambdaIntegration(`${name}-integration`, functionOf(name));
      for (const { method, path } of trigger.http) {
        for (const route of this.api.addRoutes({ path, methods: [HttpMethod[method]], integration })) {
          this.routes.push(route);
          Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: openBecause[name] ?? '' });
        }
      }
    }
  }

  private addDomain(host: string, certificateArn: string, stage: HttpStage): void {
    const domainName = new DomainName(this, 'Domain', {
      domainName: host,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
    });
    new ApiMapping(this, 'Mapping', { api: this.api, domainName, stage });
    new CfnOutput(this, 'LinksRecord', { value: `${host} CNAME ${domainName.regionalDomainName}` });
  }
}

const routesOf = (...names: readonly HandlerName[]): readonly string[] =>
  names.flatMap((name) => {
    const { trigger } = handlers[name];
    return 'http' in trigger ? trigger.http.map(({ method, path }) => `${method} ${path}`) : [];
  });

/** Unsubscribing, with one click too, and preferences. */
const isForLeaving = (route: string): boolean => /^[A-Z]+ \/[up]\//.test(route);

const logLine = JSON.stringify({
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
});

const openBecause: { readonly [handler in HandlerName]?: string } = {
  pages: 'Leads come from their mail without an account: the link itself is signed, and GET changes nothing.',
  collect:
    'Visits and forms come from the browsers of anybody: a visit counts only with a signed token, a form only as the form allows, and both are bounded.',
  console:
    'The handler signs people in by the user pool and checks their token and group on every route (core/console/access.ts); its page must load before anybody is signed in.',
  ingest: 'The handler asks for an API key and compares it in constant time; an authorizer would be one more function a request.',
};
