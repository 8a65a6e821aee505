import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readCsv } from '#adapters/files/csv';
import { agentOf } from '#core/agents';
import type { LiveConfig } from '#core/config';
import type { Failure } from '#core/dead-letters';
import type { SesEvent } from '#core/events';
import type { Instant } from '#core/instant';
import { leadPk, linePk } from '#core/keys';
import type { Lead } from '#core/lead';
import type { Compiled } from '#core/sequences/compile';
import type { Sequence } from '#core/sequences/model';
import { importLeads } from '#lambdas/api/import-leads';
import type { Action } from '#local/actions';
import { createBehaviour } from '#local/behaviour';
import type { DurableMap } from '#local/durable-map';
import type { StoredMail } from '#local/ses/mail-service';
import { createWorld, type World } from '#local/world';
import { alarmsMap, type Logged, noteAlarm } from './alarms.ts';
import type { MailEvent } from './api.ts';
import { failuresMap, noteFailure } from './failures.ts';
import { createKeptRows } from './kept-rows.ts';

export type DevOptions = {
  readonly compiled: readonly { readonly sequence: Sequence; readonly compiled: Compiled }[];
  readonly live: LiveConfig;
  /** Everything is kept there. */
  readonly folder: string | undefined;
  readonly stack: 'embedded' | 'memory';
  /** Where virtual time begins when the folder is new. */
  readonly startAt: Instant;
  /** The list behind "Import the sample list", and the name it is imported under. */
  readonly sample: { readonly file: string; readonly list: string };
  /** Whether leads of the sample list act by themselves. */
  readonly people: boolean;
  readonly seed: string;
  /** As where a console is deployed: the night keeps what it reads. Else it is counted when somebody asks (read-models.ts). */
  readonly hasConsole?: boolean;
};

/** A lead as the pages list it; `actsAlone`: the model of people plays it. */
export type KnownLead = { readonly email: string; readonly fields: Readonly<Record<string, string>>; readonly actsAlone: boolean };
type MailEvents = DurableMap<{ readonly [eventId: string]: MailEvent }>;

/** The world of `baton dev`, with what its pages need to know beside it, all of it durable. */
export const openDevWorld = async (options: DevOptions) => {
  const behaviour = createBehaviour(options.seed);
  const haste = { on: false };
  const importing = { withPeople: false };
  const lineWrites = { count: 0 };
  const actsAlone = (leadId: string | undefined): boolean => options.people && leads.get(leadId ?? '')?.actsAlone === true;
  const world: World = await createWorld({
    stack: options.stack,
    compiled: options.compiled.map((it) => it.compiled),
    live: options.live,
    startAt: options.startAt,
    seed: options.seed,
    hasConsole: options.hasConsole ?? false,
    // Every quarter of an hour is right for real time; when weeks pass in seconds it would be most of the work. Twice a day, and not once:
    // the nightly recount begins at no hour before two (UTC), and digests wait for it.
    ticksSlowedBy: () => (haste.on ? 48 : 1),
    fate: (mail) => (actsAlone(mail.tags.lead) ? behaviour.fateOf(mail) : arrivesOnly(behaviour.fateOf(mail)[0])),
    reactTo: (event, mail) => {
      noteEvent(mailEvents, event, mail);
      return actsAlone(event.leadId) ? behaviour.reactTo(event, mail) : [];
    },
    log: (line) => {
      noteFailure(failures, line, world.clock.now());
      noteAlarm(alarmsLogged, line, world.clock.now());
    },
    onLead: (lead) => noteLead(leads, lead, importing.withPeople),
    onWrite: (pk) => {
      rows.forget(pk);
      if (pk === linePk) lineWrites.count++;
    },
    onImport: async (action) => {
      importing.withPeople = action.name === 'with-people';
      await importList(world, options.sample, (leadId, fields) => (actsAlone(leadId) ? behaviour.onLead(leadId, fields, action.at) : []));
      importing.withPeople = false;
      kept.set('imported', true);
    },
    ...(options.folder !== undefined && { folder: options.folder }),
  });
  const leads = world.journal.map<KnownLead>('dev-leads');
  const mailEvents: MailEvents = world.journal.map('dev-mail-events');
  const kept = world.journal.map<boolean>('dev-kept');
  const failures = world.journal.map<Failure>(failuresMap);
  const alarmsLogged: Logged = world.journal.map(alarmsMap);
  const rows = rowsOf(world);
  return {
    world,
    leads,
    live: options.live,
    sequences: options.compiled,
    ...rows,
    actsAlone,
    alarmsLogged,
    failures,
    /** Grows with every write: of the journal, and of the line, which only the table knows. */
    revision: (): number => world.journal.writes() + lineWrites.count,
    /** While time is made to pass faster than it does. */
    hasten: (on: boolean): void => {
      const isOver = haste.on && !on;
      haste.on = on;
      if (isOver) world.catchUpTicks();
    },
    eventsOf: (messageId: string): readonly MailEvent[] => Object.values(mailEvents.get(messageId) ?? {}),
    sample: sampleOf(world, options, kept),
  };
};

export type DevWorld = Awaited<ReturnType<typeof openDevWorld>>;

/** The planned import is done before anything else: a kill while it runs does it again from the start, and repeats change nothing. */
const sampleOf = (world: World, { sample, people }: DevOptions, kept: DurableMap<boolean>) => {
  const isImported = () => kept.get('imported') === true;
  const isAsked = () => kept.get('asked') === true;
  return {
    file: sample.file,
    people,
    isImported,
    isImporting: () => isAsked() && !isImported(),
    /** What stands in the way, in words; undefined: it is on its way. */
    importIt: (withPeople: boolean): string | undefined => {
      if (isAsked()) return 'the sample list is in already';
      if (!existsSync(sample.file)) return `there is no file ${sample.file}; name one with --leads`;
      const name = withPeople ? 'with-people' : 'by-hand';
      world.actions.plan({ id: 'import', at: world.clock.now(), leadId: '', do: 'import', name });
      kept.set('asked', true);
      return undefined;
    },
  };
};

const importList = async (
  world: World,
  { file, list }: DevOptions['sample'],
  actionsOf: (leadId: string, fields: Lead['fields']) => readonly Action[],
): Promise<void> => {
  await importLeads(world.ports)(readCsv(createReadStream(file)), {
    list,
    onLead: (leadId, row) => {
      for (const action of actionsOf(leadId, row.fields)) world.actions.plan(action);
    },
  });
};

/** Rows of leads, kept until something is written beside them. */
const rowsOf = ({ ports }: World) => {
  const enrolments = createKeptRows((leadId) => ports.enrolments.ofLead(leadId));
  const profiles = createKeptRows((leadId) => ports.histories.ofLead(leadId));
  return {
    enrolments,
    profiles,
    forget: (pk: string): void => {
      if (!pk.startsWith(partition)) return;
      enrolments.forget(pk.slice(partition.length));
      profiles.forget(pk.slice(partition.length));
    },
  };
};
const partition = leadPk('');

/** The same number of events for whoever is played by hand: it arrives, and the rest is up to the player. */
const arrivesOnly = <Event extends { readonly kind: string }>(first: Event | undefined) =>
  first ? [first, { ...first, kind: 'delivered' as const }] : [];

const noteEvent = (events: MailEvents, { eventId, at, kind, link, userAgent }: SesEvent, { messageId }: StoredMail): void => {
  const agent = kind === 'opened' || kind === 'clicked' ? agentOf(userAgent) : undefined;
  const seen: MailEvent = { at, kind, ...(link !== undefined && { link }), ...(agent && { agent }) };
  events.set(messageId, { ...events.get(messageId), [eventId]: seen });
};

const noteLead = (
  leads: DurableMap<KnownLead>,
  { leadId, email, fields }: Pick<Lead, 'leadId' | 'email' | 'fields'>,
  alone: boolean,
): void => {
  const known = leads.get(leadId);
  const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  const lead = { email, fields: { ...known?.fields, ...texts }, actsAlone: known?.actsAlone ?? alone };
  if (JSON.stringify(lead) !== JSON.stringify(known)) leads.set(leadId, lead);
};

/** Of what is done by hand: two of a kind at one moment are two. */
export const handId = (): string => `hand-${randomUUID()}`;
