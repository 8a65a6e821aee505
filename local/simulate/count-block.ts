import { endingOf } from '#core/explain/endings';
import { toEpoch } from '#core/instant';
import { queueNames } from '#core/queues';
import { usageOf } from '#local/meter';
import { type Counted, figuresOf } from '#local/report/figures';
import { type LeadRows, readLeads } from '#local/report/lead-rows';
import { tracesOf } from '#local/report/traces';
import type { StoredMail } from '#local/ses/mail-service';
import type { World } from '#local/world';
import { countTasks } from './count-tasks.ts';
import { countFrames } from './frames.ts';
import type { Version } from './plan.ts';
import { add, type Tally } from './tally.ts';

type Parts = { readonly world: World; readonly version: Version; readonly leadIds: readonly string[] };

/** Everything that a block adds to the figures: from the inbox, the rows and the machines' histories. */
export const countBlock = async (tally: Tally, { world, version, leadIds }: Parts): Promise<void> => {
  countUsage(tally, world);
  const mails = world.mail.mails().filter((it) => it.tags.lead !== undefined);
  const leads = await readLeads(world, await livingOf(world, leadIds));
  add(tally, leadIds.length, 'leads');
  add(tally, leadIds.length - leads.length, 'erased');
  countMails(tally, mails, leads);
  for (const rows of leads) countLead(tally, rows);
  countSequences(tally, version, { leads, mails, traces: tracesOf(world), compiled: version.compiled });
  await countTasks(tally, world, version.live, leads);
  if (version.hasFrames) countFrames(tally, world, version, leads);
};

/** A rule of brand.yaml may have let leads go meanwhile. */
export const livingOf = async ({ ports }: World, leadIds: readonly string[]): Promise<readonly string[]> => {
  const found = await Promise.all(leadIds.map((it) => ports.leads.find(it)));
  return leadIds.filter((_, at) => found[at] !== undefined);
};

const countUsage = (tally: Tally, { meter, mail, runner, queues }: World): void => {
  const usage = usageOf(meter, {
    emails: mail.count(),
    transitions: runner.transitions().total,
    queueRequests: queues.counts.sends + queues.counts.receives + queues.counts.deletes,
    busEvents: 0,
  });
  // Whole units only: sums of parts would depend on their order in the last digit.
  const { lambdaGbSeconds: _gbSeconds, readUnits, ...whole } = usage;
  for (const [unit, count] of Object.entries(whole)) add(tally, count, 'usage', unit);
  add(tally, Math.round(readUnits * 2), 'usage', 'halfReadUnits');
  for (const [handler, { calls }] of Object.entries(meter.handlers)) add(tally, calls, 'handler', handler);
  for (const name of queueNames) add(tally, queues.messagesIn(`${name}-dead`).length, 'dead-letters', name);
};

const countMails = (tally: Tally, mails: readonly StoredMail[], leads: readonly LeadRows[]): void => {
  const counts = new Map<string, number>();
  for (const { at, tags } of mails) {
    add(tally, 1, 'mails', at.slice(0, 10), tags.sequence ?? '');
    counts.set(tags.lead ?? '', (counts.get(tags.lead ?? '') ?? 0) + 1);
  }
  for (const { lead } of leads) add(tally, 1, 'mails-to-one', String(counts.get(lead.leadId) ?? 0));
};

const countLead = (tally: Tally, { lead, enrolments, decisions, moves }: LeadRows): void => {
  const sequenceOf = new Map(enrolments.map((it) => [it.enrolmentId, it.sequence]));
  for (const { outcome, reason = '', sequence, enrolmentId, step } of decisions) {
    if (outcome !== 'not-enrolled' && outcome !== 'skipped' && outcome !== 'deferred') continue;
    add(tally, 1, 'decided', outcome, reason, sequence ?? sequenceOf.get(enrolmentId) ?? '', step);
  }
  for (const it of enrolments) add(tally, 1, 'runs', it.sequence, endingOf(it));
  const qualified = moves.find((it) => it.to === 'mql');
  if (!qualified) return;
  const days = Math.floor((toEpoch(qualified.at) - toEpoch(lead.createdAt)) / 86_400_000);
  add(tally, 1, 'qualified-after', String(days));
};

const countSequences = (tally: Tally, { diagrams }: Version, counted: Counted): void => {
  for (const compiled of counted.compiled) {
    const { sequence } = compiled.artifact;
    const diagram = diagrams.find((it) => it.title === sequence);
    const { steps, ways, enrolments, endings } = figuresOf(compiled, diagram, counted);
    add(tally, enrolments, 'enrolments', sequence);
    for (const { step, ...figures } of steps)
      for (const [figure, count] of Object.entries(figures)) add(tally, count, 'step', sequence, step, figure);
    for (const { from, to, label, count } of ways) add(tally, count, 'way', sequence, from, to, label);
    for (const [ending, count] of Object.entries(endings)) add(tally, count, 'ending', sequence, ending);
  }
};
