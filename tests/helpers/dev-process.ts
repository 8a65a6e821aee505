import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LeadList, SearchAnswer } from '#core/console/views';
import { stages } from '#core/lead';
import type { Status } from '#local/dev/api';

export type DevProcess = {
  readonly url: string;
  status(): Promise<Status>;
  get<T>(path: string): Promise<T>;
  /** The console's own JSON. */
  look<T>(path: string): Promise<T>;
  /** Of every lead there is, whatever its stage. */
  leadIds(): Promise<readonly string[]>;
  leadOf(email: string): Promise<string>;
  post(path: string, body: unknown): Promise<number>;
  /** As Ctrl+C does. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
};

/** `baton dev` as a user starts it, in a process of its own. */
export const startDev = async (options: readonly string[]): Promise<DevProcess> => {
  const child = spawn(process.execPath, ['bin/baton.mjs', 'dev', '--json', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await urlOf(child);
  const ended = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  const get = async <T>(path: string) => (await (await fetch(`${url}/api${path}`)).json()) as T;
  const look = async <T>(path: string) => (await (await fetch(`${url}/console/api${path}`)).json()) as T;
  const idsOf = async (stage: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: LeadList = await look<LeadList>(`/leads?stage=${stage}&sort=newest&after=${encodeURIComponent(after)}`);
      found.push(...page.leads.map((it) => it.leadId));
      after = page.next;
    }
    return found;
  };
  return {
    url,
    get,
    look,
    leadOf: async (email) => {
      const headers = { 'content-type': 'application/json', origin: url };
      const answer = await fetch(`${url}/console/api/leads/search`, { method: 'POST', headers, body: JSON.stringify({ email }) });
      return ((await answer.json()) as SearchAnswer).leadId;
    },
    leadIds: async () => (await Promise.all(stages.map(idsOf))).flat(),
    status: () => get<Status>('/status'),
    post: async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    },
    stop: () => ended('SIGTERM'),
    kill: () => ended('SIGKILL'),
  };
};

const urlOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let trouble = '';
    child.stderr?.on('data', (data: Buffer) => {
      trouble += data.toString();
    });
    child.once('exit', (code) => reject(new Error(`baton dev ended with ${code}: ${trouble.slice(0, 2000)}`)));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', (line) => resolve((JSON.parse(line) as { url: string }).url));
  });
