import { createReadStream } from 'node:fs';
import { readCsv } from '#adapters/files/csv';
import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import type { Compiled } from '#core/sequences/compile';
import type { Diagram } from '#core/sequences/diagram';
import { type ImportReport, importLeads } from '#lambdas/api/import-leads';
import { createBehaviour } from './behaviour.ts';
import { type DemoReport, reportOf } from './demo-report.ts';
import type { Meter } from './meter.ts';
import { salesBehaviour } from './sales-behaviour.ts';
import { createWorld } from './world.ts';

export type DemoOptions = {
  readonly compiled: readonly Compiled[];
  readonly live: LiveConfig;
  /** Of the sequences, so that the report tells how many took which way. */
  readonly diagrams?: readonly Diagram[];
  readonly leadsFile: string;
  /** Name of the list under which the leads are imported. */
  readonly list: string;
  readonly days: number;
  readonly seed: string;
  readonly stack: 'embedded' | 'memory';
  /** Keeps everything, so that a killed run goes on where it was. */
  readonly folder?: string;
  readonly onProgress?: (virtualDay: number) => void;
  /** What the run took, for benchmarks. */
  readonly onEnd?: (meter: Meter) => void;
};

/** A Monday before Europe's clocks go forward and after America's: both happen within the demo or just before. */
export const demoStart: Instant = '2026-03-02T09:00:00.000Z';
const day = 86_400;

/** Leads from a CSV through every sequence in virtual time, with a seeded model of people; counted and reported. */
export const runDemo = async (options: DemoOptions): Promise<DemoReport> => {
  const behaviour = createBehaviour(options.seed);
  const world = await createWorld({
    stack: options.stack,
    compiled: options.compiled,
    live: options.live,
    startAt: demoStart,
    seed: options.seed,
    ticksSlowedBy: () => 96,
    hasBatchWindows: true,
    fate: behaviour.fateOf,
    reactTo: (event, mail) => behaviour.reactTo(event, mail),
    onBrief: salesBehaviour(options.seed, options.live.sales),
    onImport: async (action) => {
      const rows = readCsv(createReadStream(options.leadsFile));
      const report = await importLeads(world.ports)(rows, {
        list: options.list,
        onLead: (leadId, row) => {
          leadIds.set(leadId, true);
          for (const next of behaviour.onLead(leadId, row.fields, action.at)) world.actions.plan(next);
        },
      });
      // A run that was killed while importing meets its own leads again: they are not new, but they were imported once.
      imports.set('report', report);
    },
    ...(options.folder !== undefined && { folder: options.folder }),
  });
  const imports = world.journal.map<ImportReport>('imports');
  const leadIds = world.journal.map<true>('lead-ids');
  const begun = world.journal.map<boolean>('begun');
  if (!begun.get('begun')) {
    world.actions.plan({ id: 'import', at: demoStart, leadId: '', do: 'import' });
    begun.set('begun', true);
  }
  try {
    let shownDay = -1;
    await world.runUntil(addSeconds(demoStart, options.days * day), (now) => {
      const virtualDay = Math.floor((Date.parse(now) - Date.parse(demoStart)) / (day * 1000));
      if (virtualDay !== shownDay) options.onProgress?.(virtualDay);
      shownDay = virtualDay;
      return undefined;
    });
    options.onEnd?.(world.meter);
    const imported = imports.get('report');
    if (!imported) throw new Error('the list was not imported');
    return await reportOf({ world, imported, leadIds: [...leadIds.entries()].map(([leadId]) => leadId), startAt: demoStart, ...options });
  } finally {
    await world.stop();
  }
};
