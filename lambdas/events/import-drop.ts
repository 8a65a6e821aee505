import type { Use } from '#core/handlers';
import { DropMessage, type DropState, mappingOfKey, reportKey, summaryKey } from '#core/imports/drop';
import { headerTrouble, mappingNamed } from '#core/imports/mapping';
import { reportHeader, reportLine } from '#core/imports/report-line';
import { addSeconds } from '#core/instant';
import { importPart, type Part } from '#lambdas/events/import-part';
import { onQueue } from '#lambdas/runtime';

type Handler = Use<'import-drop'>;

/** Longer than a function lives: whoever holds it is at work or dead. */
const leaseSeconds = 60;
/** Of a report that has more, the next part begins another file: each is read and written whole. */
const mostReportBytes = 4_000_000;

/**
 * A list that was put into the drop folder, a part at a time: claim, import the part, write the report, note how far it came, and
 * ask for the next part. A part that is cut off anywhere is done again from where it began, by the same clock, and says the same.
 */
export const importDrop =
  (use: Handler) =>
  async (message: DropMessage): Promise<void> => {
    // HMAC of what was told: the name of a file may name a person.
    const dropId = use.ids.externalId('drop', JSON.stringify([message.key, message.etag, message.sequencer ?? '']));
    // A folder, as consoles make them.
    if (message.key.endsWith('/')) return;
    const now = use.clock.now();
    const claimed = await use.dropStates.claim(dropId, now, addSeconds(now, leaseSeconds));
    // Whoever holds it asks for the next part; should it die, its own message comes again.
    if (typeof claimed === 'string') return use.log.info('dropped file in other hands', { dropId, outcome: claimed });
    const part = await nextPart(use, message, claimed);
    const state = await writeReport(use, message.key, dropId, claimed, part);
    if (state.state !== 'working') await use.drops.putReport(summaryKey(message.key, dropId), summaryOf(state, part));
    if ((await use.dropStates.record(dropId, state)) === 'refused') return;
    const { rows, taken, rejected, warnings } = state;
    use.log.info('part of a dropped file imported', {
      dropId,
      state: state.state,
      rows,
      taken,
      rejected,
      warnings,
    });
    if (state.state === 'working') await use.importQueue.push(message);
    if (state.state === 'refused') use.log.error('dropped file refused', { dropId });
  };

/** `refused`: why nothing, or nothing more, can be read. */
type NextPart = Part & { readonly refused?: string };

const refusal = (reason: string, line: number): NextPart => ({
  rows: 0,
  taken: 0,
  notes: [{ line, kind: 'rejected', reason }],
  refused: reason,
});

const nextPart = async (use: Handler, message: DropMessage, state: DropState): Promise<NextPart> => {
  const line = (state.place?.line ?? 0) + 1;
  const name = mappingOfKey(message.key);
  if (name === undefined) return refusal('lists lie under leads/<name of the mapping>/', line);
  const mapping = mappingNamed(await use.config.live(), name);
  if (!mapping) return refusal(`there is no imports/${name}.yaml in what is deployed`, line);
  const rows = await use.drops.rows(message, state.place);
  if (rows === 'gone') return refusal('the file is not there any more, or may not be read', line);
  if (rows === 'replaced') return refusal('another file of this name took its place; that one is imported by itself', line);
  const part = await importPart(use, mapping, state.startedAt)(rows, (headers) => headerTrouble(mapping, headers));
  return typeof part === 'string' ? refusal(part, 1) : part;
};

const writeReport = async (use: Handler, key: string, dropId: string, state: DropState, part: NextPart): Promise<DropState> => {
  const text = part.notes.map(reportLine).join('');
  const isFull = state.reportBytes > mostReportBytes;
  const reports = state.reports + (isFull ? 1 : 0);
  const from = isFull ? 0 : state.reportBytes;
  const file = reportKey(key, dropId, reports);
  let reportBytes = from;
  if (text !== '') {
    // What stands after that was written by somebody who did not come to note it.
    const before = from === 0 ? Buffer.from(reportHeader) : Buffer.from(await use.drops.report(file)).subarray(0, from);
    const whole = Buffer.concat([before, Buffer.from(text)]);
    await use.drops.putReport(file, whole.toString('utf8'));
    reportBytes = whole.length;
  }
  const count = (kind: 'rejected' | 'warning') => part.notes.filter((it) => it.kind === kind).length;
  const isRefused = part.refused !== undefined;
  const { place: _place, ...rest } = state;
  return {
    ...rest,
    state: isRefused ? 'refused' : part.place ? 'working' : 'done',
    ...(part.place && { place: part.place }),
    rows: state.rows + part.rows,
    taken: state.taken + part.taken,
    rejected: state.rejected + count('rejected'),
    warnings: state.warnings + count('warning'),
    reports,
    reportBytes,
  };
};

/** What the marketer finds beside the report in the end. */
const summaryOf = ({ state, startedAt, rows, taken, rejected, warnings, reports }: DropState, { refused }: NextPart): string =>
  `${JSON.stringify({ state, ...(refused !== undefined && { why: refused }), startedAt, rows, taken, rejected, warnings, reports }, undefined, 2)}\n`;

export const handler = onQueue(DropMessage, importDrop);
