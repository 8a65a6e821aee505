import { createLinks } from '#adapters/crypto/links';
import { type Behaviour, usualBehaviour } from '#core/behaviour/model';
import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import type { CompiledSequence } from '#core/sequences/model';
import { zoneOf } from '#core/time-zone';
import type { Between } from '#local/between';
import { salesBehaviour } from '#local/sales-behaviour';
import { handoffMachineName, testKeys } from '#local/settings';
import { modelledPeople } from '#local/simulate/people';
import type { Storage } from '#local/storage';
import { createWorld, type World } from '#local/world';
import { createBetween } from './between.ts';
import { countViolations, deadLettersIn, lastViolations, settledViolations } from './check.ts';
import { drive } from './drive.ts';
import { createFaults, type Fault, type Rates, ratesOf } from './faults.ts';
import { createGate, randomOf } from './gate.ts';
import { type Accepted, inputsOf, noneAccepted } from './inputs.ts';
import { type Restored, restoreLater } from './restore.ts';
import { createWatch, type Watch } from './watch.ts';

/** What is put to the proof. */
export type Proved = {
  readonly compiled: readonly CompiledSequence[];
  readonly live: LiveConfig;
  readonly behaviour?: Behaviour | undefined;
  readonly list: string;
};
export type SeedOptions = {
  readonly stack?: 'memory' | 'embedded';
  /** No other faults than these. */
  readonly only?: ReadonlySet<string>;
  readonly rates?: Rates;
  /** For the suite's own test: a bug to be found. */
  readonly bug?: Bug;
};
export type Bug = {
  readonly storage?: ((storage: Storage) => Storage) | undefined;
  readonly ports?: ((ports: Ports) => Ports) | undefined;
};
export type Violation = { readonly invariant: Invariant; readonly what: string };
export const invariants = {
  'sent-twice': 'no e-mail of a step goes twice',
  'sent-after-stop': 'no e-mail goes after a stop, or without consent',
  'sent-after-leaving': 'nobody who was told that they have left gets that mail',
  stuck: 'no lead is stuck past its wake plus 15 minutes, or 30 where nobody woke it',
  'run-without-end': 'every run ends, or waits for a known moment',
  'run-failed': 'no run is given up for trouble that passes',
  'handoff-without-machine': 'every handoff has a machine that follows it, or an ending',
  'task-untold': 'no task is kept from its rep',
  'input-lost': 'everything that was accepted is applied, among the dead letters, or refused with a reason',
  'counters-wrong': 'after the nightly recount every counter is what the leads’ own rows say',
  restless: 'all work comes to rest',
} as const;
export type Invariant = keyof typeof invariants;

/** All that a look at the end needs. */
export type Ended = {
  readonly world: World;
  readonly proved: Proved;
  readonly watch: Watch;
  readonly accepted: Accepted;
  readonly restored: Restored | undefined;
  readonly stormEndsAt: Instant;
};
export type SeedOutcome = {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly faults: readonly Fault[];
  readonly sends: number;
  readonly invocations: number;
  readonly handoffs: number;
  readonly deadLetters: number;
};

const startAt: Instant = '2026-03-02T09:00:00.000Z';
const day = 86_400;
export const leadsPerSeed = 4;
/** Lookups of recurring work are many: while faults fall it comes every two hours. */
const stormTicks = 8;

const withBug = (between: Between, bug: Bug = {}): Between => ({
  ...between,
  storage: (it) => between.storage(bug.storage?.(it) ?? it),
  ports: (it) => between.ports(bug.ports?.(it) ?? it),
});

/** One run: faults fall for some days, then none do; and what must hold is looked at (check.ts). */
export const runSeed = async (seed: number, proved: Proved, options: SeedOptions = {}): Promise<SeedOutcome> => {
  const { compiled, live } = proved;
  const random = randomOf(seed);
  const gate = createGate(random, { left: 0, rate: 0 });
  const watch = createWatch(compiled, live);
  const accepted = noneAccepted();
  let world: World | undefined;
  let slowedBy: number = stormTicks;
  const now = (): Instant => world?.clock.now() ?? startAt;
  const faults = createFaults({ seed, rates: options.rates ?? ratesOf(seed), now, only: options.only });
  const between = createBetween({ gate, faults, now, onWrite: watch.onWrite });
  const zones = new Map<string, string>();
  const positions = new Map<string, number>();
  const people = modelledPeople(lively(proved), String(seed), (leadId) => zones.get(leadId) ?? live.brand.timeZone);
  const stormSeconds = (4 + Math.floor(faults.draw('storm') * 18)) * day;
  const stormEndsAt = addSeconds(startAt, stormSeconds);
  let ticks = 0;
  world = await createWorld({
    stack: options.stack ?? 'memory',
    ...(options.stack !== 'embedded' && { clients: 'direct' as const }),
    compiled,
    live,
    startAt,
    seed: String(seed),
    between: withBug(between, options.bug),
    mailFaults: between.mailFaults,
    ticksSlowedBy: () => (faults.isOn && faults.happens('ticks-late', `${++ticks}`, `the ${ticks}th`) ? slowedBy * 3 : slowedBy),
    onLead: (lead) => zones.set(lead.leadId, zoneOf(lead, live.brand).zone),
    fate: (mail) => {
      watch.onMail(mail.tags, now());
      const leadId = mail.tags.lead ?? '';
      const position = (positions.get(leadId) ?? 0) + 1;
      positions.set(leadId, position);
      return people.fateOf(mail, position);
    },
    reactTo: (event, mail) => people.onMailEvent(event, mail),
    onBrief: salesBehaviour(String(seed), live.sales),
  });
  watch.begin(world.table);
  noteLeaving(world, watch);
  try {
    const restore = restoreLater(world, faults, stormSeconds, startAt);
    const inputs = inputsOf({
      seed,
      compiled,
      live,
      list: proved.list,
      startAt,
      seconds: stormSeconds,
      leads: leadsPerSeed,
      accepted,
      faults,
    });
    const isAtRest = await drive({ world, gate, faults, random, inputs: [...inputs, ...restore.inputs], until: stormEndsAt });
    const ended: Ended = { world, proved, watch, accepted, restored: restore.done(), stormEndsAt };
    const violations = isAtRest ? await looked(ended, (it) => (slowedBy = it)) : [restless];
    return {
      seed,
      violations,
      faults: faults.injected,
      sends: watch.sent.length,
      invocations: Object.values(world.meter.handlers).reduce((sum, it) => sum + it.calls, 0),
      handoffs: world.runner.list({ stateMachine: handoffMachineName }).length,
      deadLetters: deadLettersIn(world),
    };
  } finally {
    await world.stop();
  }
};

/** Three looks: some hours after the last fault, after two nights, and when every run has had its time. The first that finds anything is the last. */
const looked = async (ended: Ended, slow: (by: number) => void): Promise<readonly Violation[]> => {
  const { world, stormEndsAt } = ended;
  const looks = [
    { upTo: 7.5 * 3600, slowedBy: 1, look: settledViolations },
    { upTo: 2.2 * day, slowedBy: 4, look: countViolations },
    { upTo: 40 * day, slowedBy: 48, look: async () => [] },
    { upTo: 40 * day + 4 * 3600, slowedBy: 1, look: lastViolations },
  ];
  for (const { upTo, slowedBy, look } of looks) {
    slow(slowedBy);
    await world.runUntil(addSeconds(stormEndsAt, upTo));
    const found = await look(ended);
    if (found.length > 0) return found;
  }
  return [];
};

const restless: Violation = { invariant: 'restless', what: 'work went on for so long at one moment that the run was given up' };

/** People who do whatever can be done, far more often than real ones. */
const lively = ({ behaviour, compiled }: Proved): Behaviour => {
  const entries = compiled.flatMap(({ artifact: { enter } }) => ('event' in enter.on ? [enter.on.event] : []));
  const given = behaviour ?? usualBehaviour([...new Set(entries)]);
  return {
    ...given,
    personas: given.personas.map((it) => ({
      ...it,
      opens: Math.max(it.opens, 0.7),
      clicks: Math.max(it.clicks, 0.6),
      replies: Math.max(it.replies, 0.05),
      unsubscribes: Math.max(it.unsubscribes, 0.04),
      complains: Math.max(it.complains, 0.01),
      visits: [{ path: '/pricing', chance: 0.7, times: 3 }, ...it.visits],
    })),
    bounces: { dead: 0.04, full: 0.1, whileFull: 0.3 },
    confirms: 0.8,
  };
};

/** Whoever presses the button and is answered has left, whatever our rows say. */
const noteLeaving = (world: World, watch: Watch): void => {
  const links = createLinks(testKeys.links, world.clock);
  const { request } = world.app;
  world.app.request = async (path, init) => {
    const response = await request(path, init);
    if (init?.method !== 'POST' || response.status !== 200) return response;
    const [, kind, token = ''] = /^\/([uc])\/([^/?]+)$/.exec(path) ?? [];
    const now = world.clock.now();
    const claims = kind === undefined ? undefined : links.verify(kind === 'u' ? 'unsubscribe' : 'confirm', token, now);
    if (claims && kind === 'u') watch.onLeft(claims.leadId, claims.topic, now);
    if (claims && kind === 'c') watch.onConfirmed(claims.leadId);
    return response;
  };
};
