import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { readEndpoints } from './env.ts';

type Config = {
  readonly region: () => Promise<string>;
  readonly credentials: () => Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }>;
};
/** `id`: the ARN. `name`: what people know them by: of a user, or of the session of a role. */
export type Caller = { readonly id: string; readonly name: string };

const mostMilliseconds = 3000;
const asked = 'Action=GetCallerIdentity&Version=2011-06-15';

/** Whose credentials these are: STS says it to everybody of themselves, and no permission is needed. Throws when it says nothing. */
export const askCaller = async (
  { region, credentials }: Config,
  send: typeof fetch = fetch,
  endpoint = readEndpoints().sts,
): Promise<Caller> => {
  const place = await region();
  const { protocol, host, pathname } = new URL(endpoint ?? `https://sts.${place}.amazonaws.com${place.startsWith('cn-') ? '.cn' : ''}`);
  const signer = new SignatureV4({ service: 'sts', region: place, credentials, sha256: Sha256 });
  const request = { method: 'POST', protocol, hostname: host, path: pathname, headers: { host, 'content-type': formType }, body: asked };
  const { host: _host, ...headers } = (await signer.sign(request)).headers;
  const answer = await send(`${protocol}//${host}${pathname}`, {
    method: 'POST',
    headers,
    body: asked,
    signal: AbortSignal.timeout(mostMilliseconds),
  });
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1];
  if (!answer.ok || arn === undefined) throw new Error(`STS does not say whose credentials these are: status ${answer.status}`);
  return { id: arn, name: nameIn(arn) };
};
const formType = 'application/x-www-form-urlencoded';

/** `…:user/team/maeve`: maeve; `…:assumed-role/Deploy/maeve`: maeve; `…:root`: root. */
const nameIn = (arn: string): string => arn.split(/[:/]/).at(-1) ?? arn;
