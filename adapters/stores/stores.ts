import type { Ports } from '#core/ports';
import type { Table } from '#core/table';
import { aliasStore } from './aliases.ts';
import { cardStore, noCards } from './cards.ts';
import { consentLedger } from './consents.ts';
import { countedMailStore } from './counted-mails.ts';
import { counterStore } from './counters.ts';
import { deskStore } from './desks.ts';
import { digestStore } from './digests.ts';
import { dropStateStore } from './drop-states.ts';
import { enrolmentStore } from './enrolments.ts';
import { erasureStore } from './erasures.ts';
import { experimentStore } from './experiments.ts';
import { formerLeadStore } from './former-leads.ts';
import { healthStore } from './health.ts';
import { historyStore } from './histories.ts';
import { leadStore } from './leads.ts';
import { decisionStore, eventStore, stageStore } from './ledger.ts';
import { limitStore } from './limits.ts';
import { lineStore } from './line.ts';
import { liveCountStore, noLiveCounts } from './live-counts.ts';
import { recountStore } from './recounts.ts';
import { runFigureStore } from './run-figures.ts';
import { salesTaskStore } from './sales-tasks.ts';
import { sendStore } from './sends.ts';
import { stopListStore } from './stop-list.ts';
import { suppressionStore } from './suppressions.ts';

export type Stores = Pick<
  Ports,
  | 'leads'
  | 'enrolments'
  | 'sends'
  | 'countedMails'
  | 'events'
  | 'stages'
  | 'histories'
  | 'decisions'
  | 'suppressions'
  | 'aliases'
  | 'formerLeads'
  | 'consents'
  | 'erasures'
  | 'line'
  | 'health'
  | 'counters'
  | 'recounts'
  | 'cards'
  | 'runFigures'
  | 'liveCounts'
  | 'experiments'
  | 'digests'
  | 'salesTasks'
  | 'desks'
  | 'stopList'
  | 'dropStates'
  | 'limits'
>;

/** Every store of the single table. `waitLengths`: see enrolmentStore. */
export const stores = (
  table: Table,
  waitLengths: () => Promise<readonly number[]>,
  stage: Parameters<typeof lineStore>[1] & { readonly hasConsole?: boolean; readonly hasStream?: boolean } = {},
): Stores => ({
  leads: leadStore(table),
  enrolments: enrolmentStore(table, waitLengths),
  sends: sendStore(table),
  countedMails: countedMailStore(table),
  events: eventStore(table),
  stages: stageStore(table),
  histories: historyStore(table),
  decisions: decisionStore(table),
  suppressions: suppressionStore(table),
  aliases: aliasStore(table),
  formerLeads: formerLeadStore(table),
  consents: consentLedger(table),
  erasures: erasureStore(table),
  line: lineStore(table, stage),
  health: healthStore(table),
  counters: counterStore(table),
  recounts: recountStore(table),
  cards: stage.hasConsole ? cardStore(table) : noCards,
  runFigures: runFigureStore(table),
  liveCounts: stage.hasStream ? liveCountStore(table) : noLiveCounts,
  experiments: experimentStore(table),
  digests: digestStore(table),
  salesTasks: salesTaskStore(table),
  desks: deskStore(table),
  stopList: stopListStore(table),
  dropStates: dropStateStore(table),
  limits: limitStore(table),
});
