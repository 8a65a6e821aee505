import type { LambdaEvent } from 'hono/aws-lambda';

export type ApiRequest = {
  readonly method: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64?: true;
};

/** A request as an HTTP API hands it to a function (payload version 2.0). */
export const apiEvent = ({ method, query = '', headers = {}, body, isBase64 }: ApiRequest, path: string): LambdaEvent =>
  ({
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { host: 'go.example.com', 'x-forwarded-for': '203.0.113.9', ...headers },
    requestContext: { http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.9', userAgent: '' }, domainName: 'go.example.com' },
    ...(body !== undefined && { body }),
    isBase64Encoded: isBase64 ?? false,
  }) as unknown as LambdaEvent;
