import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import type { CompiledSequence } from '#core/sequences/model';
import { askToErase } from '#lambdas/erase-lead';
import { resumePaused } from '#lambdas/resume-paused';
import { testKeys } from '#local/settings';
import { rowOf } from '#local/simulate/population';
import type { World } from '#local/world';
import { drawOf, type Faults } from './faults.ts';

/** What was accepted, and so must not be lost. */
export type Accepted = {
  readonly events: { readonly eventId: string; readonly leadId: string; readonly at: Instant }[];
  readonly leads: { readonly leadId: string; readonly at: Instant }[];
  /** Asked for, and answered with yes. */
  readonly erased: Set<string>;
  /** Rows of lists: how many there were, and what was said of them. */
  readonly rows: { given: number; taken: number; refused: number };
};
export const noneAccepted = (): Accepted => ({ events: [], leads: [], erased: new Set(), rows: { given: 0, taken: 0, refused: 0 } });

/** Something that comes from outside at its time; whoever it comes from tries again when it was not taken. */
export type Input = { readonly at: Instant; readonly what: string; readonly run: (world: World) => Promise<'taken' | 'again'> };

type Given = {
  readonly seed: number;
  readonly compiled: readonly CompiledSequence[];
  readonly live: LiveConfig;
  readonly list: string;
  readonly startAt: Instant;
  readonly seconds: number;
  readonly leads: number;
  readonly accepted: Accepted;
  readonly faults: Faults;
};

const key = testKeys.api.local;
const post = (world: World, path: string, body: unknown): Promise<Response> =>
  world.app.request(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Lists, events, wishes and mistakes of a seed. */
export const inputsOf = (given: Given): readonly Input[] => {
  const { seed, startAt, seconds } = given;
  const draw = (what: string) => drawOf(seed, `input ${what}`);
  const moment = (what: string) => addSeconds(startAt, Math.floor(draw(`${what} at`) ** 1.5 * seconds));
  const rows = Array.from({ length: given.leads }, (_, at) => rowIn(given, at));
  const people = rows.map((it) => it.email ?? '');
  const one = (what: string): string => people[Math.floor(draw(`${what} who`) * people.length)] ?? '';
  const many = <T>(what: string, most: number, make: (name: string) => T): T[] =>
    Array.from({ length: Math.floor(draw(`${what} count`) * (most + 1)) }, (_, at) => make(`${what} ${at}`));
  const events = eventsIn(given);
  const sequences = given.compiled.map((it) => it.artifact.sequence);
  return [
    ...rows.map((it, at) => leadInput(given, [it, ...(at === 0 ? [{ ...it, email: 'nobody' }] : [])], moment(`lead ${at}`))),
    ...many('list again', 2, (it) => leadInput(given, rows, moment(it))),
    ...many('event', 14, (it) => {
      const { name, path } = events[Math.floor(draw(`${it} name`) * events.length)] ?? { name: 'visited', path: '/' };
      return eventInput(given, { id: it.replace(' ', '-'), name, ...(path !== undefined && { path }), email: one(it) }, moment(it));
    }),
    ...many('merge', draw('merges') < 0.3 ? 1 : 0, (it) => mergeInput(one(`${it} from`), one(`${it} to`), moment(it))),
    ...many('erase', draw('erases') < 0.3 ? 1 : 0, (it) => eraseInput(given, one(it), moment(it))),
    ...many('abort', 6, (it) => abortInput(given, draw(it), it, moment(it))),
    ...many('pause', draw('pauses') < 0.4 ? 1 : 0, (it) => pauseInputs(sequences, draw(it), moment(it))).flat(),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.what < b.what ? -1 : 1));
};

/** Most may be mailed and half could be customers: people of this kind meet every way through a sequence. */
const rowIn = ({ seed, live, startAt }: Given, at: number) => {
  const topics = Object.keys(live.brand.topics);
  const spec = { count: 1, confirmed: 0.8, fields: { employees: { from: 1, to: 500 }, 'job-title': { Owner: 1, 'Site Manager': 1 } } };
  return rowOf(spec, topics, String(seed), startAt, at);
};

const leadInput = ({ list, accepted }: Given, rows: readonly Record<string, string>[], at: Instant): Input => ({
  at,
  what: `a list of ${rows.length}`,
  run: async (world) => {
    const response = await post(world, '/leads', { list, leads: rows });
    if (response.status >= 429) return 'again';
    const { rejected } = (await response.json()) as { rejected: readonly unknown[] };
    accepted.rows.given += rows.length;
    accepted.rows.refused += rejected.length;
    accepted.rows.taken += rows.length - rejected.length;
    for (const { email = '' } of rows)
      if (email.includes('@')) accepted.leads.push({ leadId: world.ports.ids.leadId(email), at: world.clock.now() });
    return 'taken';
  },
});

type SentEvent = { readonly id: string; readonly name: string; readonly path?: string; readonly email: string };
const eventInput = ({ accepted }: Given, event: SentEvent, at: Instant): Input => ({
  at,
  what: `event ${event.name}`,
  run: async (world) => {
    const response = await post(world, '/events', { events: [{ ...event, at }] });
    if (response.status >= 429) return 'again';
    if (response.status === 202)
      accepted.events.push({ eventId: `local:${event.id}`, leadId: world.ports.ids.leadId(event.email), at: world.clock.now() });
    return 'taken';
  },
});

const mergeInput = (from: string, to: string, at: Instant): Input => ({
  at,
  what: 'another address',
  run: async (world) => ((await post(world, '/addresses', { changes: [{ from, to }] })).status >= 429 ? 'again' : 'taken'),
});

const eraseInput = ({ accepted }: Given, email: string, at: Instant): Input => ({
  at,
  what: 'a wish to be erased',
  run: async (world) => {
    const leadId = world.ports.ids.leadId(email);
    const wish = await askToErase(world.ports, leadId, 'asked');
    if (wish !== 'unknown') for (const id of wish.ids) accepted.erased.add(id);
    return 'taken';
  },
});

/** Somebody stops an execution, or a machine is deleted under it. */
const abortInput = ({ faults }: Given, draw: number, id: string, at: Instant): Input => ({
  at,
  what: 'an execution is stopped',
  run: async ({ runner }) => {
    const running = runner.list({ status: 'RUNNING' });
    const chosen = running[Math.floor(draw * running.length)];
    if (chosen && faults.happens('aborted', id, `${chosen.machine} ${chosen.name}`)) runner.stopExecution(chosen.executionArn);
    return 'taken';
  },
});

const pauseInputs = (sequences: readonly string[], draw: number, at: Instant): readonly Input[] => {
  const sequence = sequences[Math.floor(draw * sequences.length)] ?? '';
  const pause = async ({ ports, clock }: World) => {
    await ports.line.pause(sequence, { at: clock.now(), by: 'hand', why: 'somebody wants to look' });
    return 'taken' as const;
  };
  const resume = async ({ ports, clock }: World) => {
    await resumePaused(ports, sequence, clock.now());
    return 'taken' as const;
  };
  return [
    { at, what: `${sequence} is paused`, run: pause },
    { at: addSeconds(at, 600 + Math.floor(draw * 40_000)), what: `${sequence} goes on`, run: resume },
  ];
};

/** What begins, ends or moves any of these sequences. */
const eventsIn = ({ compiled, live }: Given): readonly { readonly name: string; readonly path?: string }[] => {
  const names = compiled.flatMap(({ artifact: { enter, exits, tracks } }) => [
    ...('event' in enter.on ? [enter.on.event, enter.on.event] : []),
    ...exits.map((it) => it.event),
    ...tracks.filter((it) => it.startsWith('did:')).map((it) => it.slice('did:'.length)),
  ]);
  const paths = compiled.flatMap(({ artifact }) => artifact.tracks.filter((it) => it.startsWith('visited:')).map(pathOf));
  const scored = live.scoring.engagement.rules.flatMap((it) => (mailEvents.includes(it.on) ? [] : [it.on]));
  const visits = [...paths, '/pricing'].map((path) => ({ name: 'visited', path }));
  return [...[...names, ...scored.filter((it) => it !== 'visited')].map((name) => ({ name })), ...visits, ...visits];
};
const pathOf = (key: string): string => key.slice('visited:'.length).replaceAll('*', '');
const mailEvents = ['opened', 'clicked', 'replied'];
