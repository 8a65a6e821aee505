import { objectArtifacts, objectConfig } from '#adapters/aws/artifacts';
import { busEvents } from '#adapters/aws/event-bus';
import { sesMailQuota } from '#adapters/aws/mail-quota';
import { s3ReplyMail } from '#adapters/aws/reply-mail';
import type { SignedFetch } from '#adapters/aws/signed-fetch';
import { timersBy } from '#adapters/aws/timers';
import { createApiKeys } from '#adapters/crypto/api-keys';
import { createIds } from '#adapters/crypto/ids';
import { createLinks, LinkSecret } from '#adapters/crypto/links';
import { enrolmentStore } from '#adapters/stores/enrolments';
import { type HandlerName, handlers, portsOf } from '#core/handlers';
import type { Ports } from '#core/ports';
import type { Table } from '#core/table';
import { eventBusName, replyBucketName, timerSettings } from './settings.ts';

export type OwnReads = { readonly fetch: SignedFetch; readonly bucket: string; readonly table: Table };

/**
 * The ports as one deployed function has them: no other port and no other method than its contract names, and artifacts,
 * rules and keys read by itself. With `own`, those come by signed requests as on AWS; without, they are shared.
 */
export const handlerPorts = async (name: HandlerName, shared: Ports, own: OwnReads | undefined): Promise<Ports> => {
  const wanted = portsOf(name);
  const read = own ? await ownReads(wanted, shared, own) : {};
  const all: Ports = { ...shared, ...read };
  return Object.fromEntries(wanted.map((port) => [port, only(all[port], methodsOf(name, port))])) as unknown as Ports;
};

const ownReads = async (wanted: readonly string[], { clock }: Ports, { fetch, bucket, table }: OwnReads): Promise<Partial<Ports>> => {
  const read = (key: string) => fetch.getObject(bucket, key);
  const secret = (port: string, name: string) => (wanted.includes(port) ? fetch.getSecret(name) : undefined);
  const [identity, links, apiKeys] = await Promise.all([
    secret('ids', 'identity'),
    secret('links', 'links'),
    secret('apiKeys', 'api-keys'),
    // Read as on AWS, and not used: nobody outside is called from here.
    secret('webhooks', 'outside') ?? secret('teamChat', 'outside'),
  ]);
  const artifacts = objectArtifacts(read, clock);
  return {
    artifacts,
    enrolments: enrolmentStore(table, artifacts.waitLengths),
    config: objectConfig(read, clock),
    replyMail: s3ReplyMail(fetch, replyBucketName),
    mailQuota: sesMailQuota(() => fetch),
    salesEvents: busEvents(() => fetch, eventBusName),
    timers: timersBy((request) => fetch.createSchedule(request), timerSettings),
    ...(identity !== undefined && { ids: createIds(identity) }),
    ...(links !== undefined && { links: createLinks(LinkSecret.parse(JSON.parse(links)), clock) }),
    ...(apiKeys !== undefined && { apiKeys: createApiKeys(JSON.parse(apiKeys) as Record<string, string>) }),
  };
};

/** undefined: all of them (clock and log). */
const methodsOf = (name: HandlerName, port: string): readonly string[] | undefined =>
  (handlers[name].uses as { readonly [port: string]: readonly string[] })[port];

const only = (port: object, methods: readonly string[] | undefined): object =>
  methods ? Object.fromEntries(methods.map((method) => [method, (port as Record<string, unknown>)[method]])) : port;
