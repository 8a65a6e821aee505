import type { LiveConfig, Rep } from '#core/config';
import type { Group, Me } from '#core/console/views';
import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import type { Problem } from '#core/problems';

export type Handler = Use<'console'>;

/** Who asks. `id`: what logs say of them. `rep`: of sales.yaml, by the address that they signed in with. */
export type Who = { readonly id: string; readonly name: string; readonly groups: readonly Group[]; readonly rep?: Rep };

/** One request, once it is known who may make it. `query` and `params` are text as it came. */
export type Asked = {
  readonly use: Handler;
  readonly who: Who;
  readonly live: LiveConfig;
  readonly now: Instant;
  readonly params: { readonly [name: string]: string };
  readonly query: (name: string) => string | undefined;
  readonly body: unknown;
  readonly around: Around;
};

/** What is otherwise in `baton dev`. `problems`: of `check`, where there is a marketing folder. */
export type Around = Pick<Me, 'isDev' | 'reps'> & { readonly problemsOf?: (sequence: string) => readonly Problem[] };

export type Answer =
  | { readonly json: object; readonly status?: 200 | 202 }
  | { readonly html: string; readonly images: readonly string[] }
  | { readonly csv: string; readonly name: string };

/** What is answered instead; thrown from wherever it turns out. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: 400 | 403 | 404 | 409 | 415 | 422 | 503;
  readonly problems: readonly { readonly field: string; readonly what: string; readonly allowed?: readonly string[] }[] | undefined;
  constructor(status: Refusal['status'], message: string, problems?: Refusal['problems']) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

/** One of these, or the first of them when nothing was asked for. */
export const oneOf = <T extends string | number>(text: string | undefined, all: readonly T[], usual: T): T => {
  if (text === undefined || text === '') return usual;
  const found = all.find((it) => String(it) === text);
  if (found === undefined) throw new Refusal(400, `there is no “${text.slice(0, 40)}” here: ask for one of ${all.join(', ')}`);
  return found;
};

/** Where a page of a list went on; opaque to whoever has it. */
export const toCursor = (after: string | undefined): { readonly next?: string } =>
  after === undefined ? {} : { next: Buffer.from(after).toString('base64url') };
const longestCursor = 1024;
export const fromCursor = (text: string | undefined): string | undefined => {
  if (text === undefined || text === '') return undefined;
  const after = Buffer.from(text, 'base64url').toString();
  if (text.length > longestCursor || Buffer.from(after).toString('base64url') !== text)
    throw new Refusal(400, 'this page of the list is none: begin at the first one');
  return after;
};
