import { type SignedFetch, signedFetch } from '#adapters/aws/signed-fetch';
import type { ScheduleRequest } from '#adapters/aws/timers';
import { ErasedEvent, erasedType } from '#core/erased-event';
import { HandoffEvent } from '#core/sales-events-schema';
import { note, type OnWireCall } from '#local/wire';

/** What stands in the artifact bucket and in the secrets, by key and by name. */
export type Stored = { readonly objects: ReadonlyMap<string, string>; readonly secrets: { readonly [name: string]: string } };
export type Kept = Stored & {
  readonly received?: Map<string, Uint8Array>;
  readonly onEvent?: ((event: HandoffEvent | ErasedEvent) => void) | undefined;
  readonly onSchedule?: (request: ScheduleRequest) => 'created' | 'exists';
};

/** S3 GetObject, Secrets Manager GetSecretValue, EventBridge PutEvents and CreateSchedule, asked by the same signed requests as on AWS. */
export const localSignedFetch = ({ objects, secrets, received, onEvent, onSchedule }: Kept, onCall: OnWireCall | undefined): SignedFetch =>
  signedFetch({ region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }, async (url, init) => {
    const { hostname, pathname } = new URL(String(url));
    const headers = new Headers(init?.headers);
    if (!headers.get('authorization')?.startsWith('AWS4-HMAC-SHA256 ')) return new Response('', { status: 403 });
    if (hostname.startsWith('secretsmanager.')) {
      const input = JSON.parse(String(init?.body)) as { SecretId: string };
      note(onCall, { service: 'secretsmanager', operation: headers.get('x-amz-target')?.split('.')[1] ?? '', input });
      const secret = secrets[input.SecretId];
      return secret === undefined ? new Response('', { status: 400 }) : Response.json({ SecretString: secret });
    }
    if (hostname.startsWith('events.')) {
      const input = JSON.parse(String(init?.body)) as { Entries: readonly { readonly DetailType: string; readonly Detail: string }[] };
      note(onCall, { service: 'events', operation: headers.get('x-amz-target')?.split('.')[1] ?? '', input });
      for (const { DetailType, Detail } of input.Entries)
        onEvent?.((DetailType === erasedType ? ErasedEvent : HandoffEvent).parse(JSON.parse(Detail)));
      return Response.json({ FailedEntryCount: 0 });
    }
    if (hostname.startsWith('scheduler.')) {
      const request = { ...(JSON.parse(String(init?.body)) as ScheduleRequest), Name: pathname.slice('/schedules/'.length) };
      note(onCall, { service: 'scheduler', operation: 'CreateSchedule', input: request });
      return onSchedule?.(request) === 'exists' ? new Response('{}', { status: 409 }) : Response.json({});
    }
    if (hostname.startsWith('email.')) {
      note(onCall, { service: 'ses', operation: 'GetAccount', input: {} });
      return Response.json({ SendQuota: { Max24HourSend: -1, SentLast24Hours: 0 } });
    }
    const input = { Bucket: hostname.split('.')[0], Key: decodeURIComponent(pathname.slice(1)) };
    if (init?.method === 'DELETE') {
      note(onCall, { service: 's3', operation: 'DeleteObject', input });
      received?.delete(input.Key);
      return new Response(null, { status: 204 });
    }
    note(onCall, { service: 's3', operation: 'GetObject', input });
    const object = objects.get(input.Key) ?? received?.get(input.Key)?.slice().buffer;
    return object === undefined ? new Response('', { status: 404 }) : new Response(object);
  });
