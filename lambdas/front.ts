import { type Front, frontHeaders } from '#core/front';
import { isSameText } from '#lambdas/same-text';

/** As far as it is read here; payload version 2.0, header names in lower case. */
export type FrontedEvent = {
  readonly headers?: { readonly [name: string]: string | undefined };
  readonly requestContext: { readonly http?: object; readonly domainName?: string };
};

/**
 * The request as its viewer made it: under the host that they called, from their address. What proves consent and what tells our own
 * page from another site need not know that a CDN stands there. undefined: it came beside the CDN, and so beside the web ACL.
 */
export const throughFront = <Event extends FrontedEvent>({ host, key }: Front, event: Event): Event | undefined => {
  const { [frontHeaders.key]: given = '', [frontHeaders.viewer]: viewer, ...headers } = event.headers ?? {};
  if (viewer === undefined || !isSameText(given, key)) return undefined;
  const { requestContext } = event;
  return {
    ...event,
    headers: { ...headers, host },
    requestContext: { ...requestContext, domainName: host, http: { ...requestContext.http, sourceIp: viewer } },
  };
};
