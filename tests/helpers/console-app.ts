import type { Group } from '#core/console/views';
import { groups as allGroups } from '#core/console/views';
import type { Ports } from '#core/ports';
import { consoleApi } from '#lambdas/console/console';

type Looking = { readonly groups?: readonly Group[]; readonly rep?: string; readonly signedIn?: false };

/** The console's JSON as somebody of these groups asks for it, with what a browser sends along. */
export const consoleFor = async (ports: Ports, { groups = allGroups, rep, signedIn }: Looking = {}) => {
  const { sales } = await ports.config.live();
  const member = sales.team.find((it) => it.rep === rep);
  const who = async () => (signedIn === false ? undefined : { id: 'person-ana', name: 'Ana', groups, ...(member && { rep: member }) });
  const api = consoleApi(ports, { isDev: false, who });
  const send = (method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string) =>
    api.request(`https://go.example.com${path}`, { method, headers, ...(body !== undefined && { body }) });
  return {
    get: (path: string, headers: Record<string, string> = {}) => send('GET', path, headers),
    /** The answer's JSON, whatever its status. */
    json: async <T>(path: string): Promise<T> => (await send('GET', path, {})).json() as Promise<T>,
    post: (path: string, body: unknown, headers: Record<string, string> = ownPage) => send('POST', path, headers, JSON.stringify(body)),
  };
};

export const ownPage: Record<string, string> = {
  'content-type': 'application/json',
  origin: 'https://go.example.com',
  'sec-fetch-site': 'same-origin',
};
