import { createReadStream } from 'node:fs';
import { readCsv } from '#adapters/files/csv';
import type { LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import type { Compiled } from '#core/sequences/compile';
import type { Sequence } from '#core/sequences/model';
import { importLeads } from '#lambdas/api/import-leads';
import { createBehaviour } from '#local/behaviour';
import { createWorld, type World } from '#local/world';
import type { MailEvent } from './api.ts';

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
  readonly seed: string;
};

/** A lead as the pages list it; `actsAlone`: the model of people plays it. */
export type KnownLead = { readonly email: string; readonly fields: Readonly<Record<string, string>>; readonly actsAlone: boolean };

/** The world of `baton dev`, with what its pages need to know beside it, all of it durable. */
export const openDevWorld = async (options: DevOptions) => {
  const behaviour = createBehaviour(options.seed);
  const alone = { value: false };
  const haste = { on: false };
  const world: World = await createWorld({
    stack: options.stack,
    compiled: options.compiled.map((it) => it.compiled),
    live: options.live,
    startAt: options.startAt,
    seed: options.seed,
    // Every quarter of an hour is right for real time; when weeks pass in seconds it would be most of the work.
    ticksSlowedBy: () => (haste.on ? 96 : 1),
    fate: (mail) => {
      const [sent, ...rest] = behaviour.fateOf(mail);
      const acts = leads.get(mail.tags.lead ?? '')?.actsAlone === true;
      return sent === undefined ? [] : acts ? [sent, ...rest] : [sent, { ...sent, kind: 'delivered' }];
    },
    reactTo: (event, mail) => {
      const told = mailEvents.get(mail.messageId) ?? {};
      const seen: MailEvent = { at: event.at, kind: event.kind, ...(event.link !== undefined && { link: event.link }) };
      mailEvents.set(mail.messageId, { ...told, [event.eventId]: seen });
      return leads.get(event.leadId)?.actsAlone ? behaviour.reactTo(event, mail) : [];
    },
    onLead: ({ leadId, email, fields }) => {
      const known = leads.get(leadId);
      const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
      const lead = { email, fields: { ...known?.fields, ...texts }, actsAlone: known?.actsAlone ?? alone.value };
      if (JSON.stringify(lead) !== JSON.stringify(known)) leads.set(leadId, lead);
    },
    onImport: async (action) => {
      alone.value = action.name === 'with-people';
      const rows = readCsv(createReadStream(options.sample.file));
      await importLeads(world.ports)(rows, {
        list: options.sample.list,
        onLead: (leadId, row) => {
          if (!leads.get(leadId)?.actsAlone) return;
          for (const next of behaviour.onLead(leadId, row.fields, action.at)) world.actions.plan(next);
        },
      });
      alone.value = false;
      kept.set('imported', true);
    },
    ...(options.folder !== undefined && { folder: options.folder }),
  });
  const leads = world.journal.map<KnownLead>('dev-leads');
  const mailEvents = world.journal.map<{ readonly [eventId: string]: MailEvent }>('dev-mail-events');
  const kept = world.journal.map<boolean>('dev-kept');
  return {
    world,
    /** While time is made to pass faster than it does. */
    hasten: (on: boolean): void => {
      haste.on = on;
    },
    leads,
    live: options.live,
    sequences: options.compiled,
    eventsOf: (messageId: string): readonly MailEvent[] => Object.values(mailEvents.get(messageId) ?? {}),
    sample: { file: options.sample.file, isImported: () => kept.get('imported') === true },
    /** Planned, not done: a kill while it runs does it again from the start, and repeats change nothing. */
    importSample: (withPeople: boolean): void =>
      world.actions.plan({ id: 'import', at: world.clock.now(), leadId: '', do: 'import', name: withPeople ? 'with-people' : 'by-hand' }),
  };
};

export type DevWorld = Awaited<ReturnType<typeof openDevWorld>>;
