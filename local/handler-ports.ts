import { objectArtifacts, objectConfig } from '#adapters/aws/artifacts';
import type { SignedFetch } from '#adapters/aws/signed-fetch';
import { createApiKeys } from '#adapters/crypto/api-keys';
import { createIds } from '#adapters/crypto/ids';
import { createLinks, LinkSecret } from '#adapters/crypto/links';
import { type HandlerName, handlers, portsOf } from '#core/handlers';
import type { Ports } from '#core/ports';

/**
 * The ports as one deployed function has them: no other port and no other method than its contract names, and artifacts,
 * rules and keys read by itself. With `fetch`, those come by signed requests as on AWS; without, they are shared.
 */
export const handlerPorts = async (name: HandlerName, shared: Ports, fetch: SignedFetch | undefined, bucket: string): Promise<Ports> => {
  const wanted = portsOf(name);
  const own = fetch ? await ownReads(wanted, shared, fetch, bucket) : {};
  const all: Ports = { ...shared, ...own };
  return Object.fromEntries(wanted.map((port) => [port, only(all[port], methodsOf(name, port))])) as unknown as Ports;
};

const ownReads = async (wanted: readonly string[], { clock }: Ports, fetch: SignedFetch, bucket: string): Promise<Partial<Ports>> => {
  const read = (key: string) => fetch.getObject(bucket, key);
  const secret = (port: string, name: string) => (wanted.includes(port) ? fetch.getSecret(name) : undefined);
  const [identity, links, apiKeys] = await Promise.all([
    secret('ids', 'identity'),
    secret('links', 'links'),
    secret('apiKeys', 'api-keys'),
  ]);
  return {
    artifacts: objectArtifacts(read, clock),
    config: objectConfig(read, clock),
    ...(identity !== undefined && { ids: createIds(identity) }),
    ...(links !== undefined && { links: createLinks(LinkSecret.parse(JSON.parse(links))) }),
    ...(apiKeys !== undefined && { apiKeys: createApiKeys(JSON.parse(apiKeys) as Record<string, string>) }),
  };
};

/** undefined: all of them (clock and log). */
const methodsOf = (name: HandlerName, port: string): readonly string[] | undefined =>
  (handlers[name].uses as { readonly [port: string]: readonly string[] })[port];

const only = (port: object, methods: readonly string[] | undefined): object =>
  methods ? Object.fromEntries(methods.map((method) => [method, (port as Record<string, unknown>)[method]])) : port;
