import { setTimeout as sleep } from 'node:timers/promises';
import type { Table } from '#core/table';

/** What the journey of a lead is looked at through: the public API, the table, and a way to wait. */
export type Deployed = {
  readonly post: (path: string, body: unknown) => Promise<{ readonly status: number; readonly text: string }>;
  readonly table: Pick<Table, 'query'>;
  readonly leadIdOf: (email: string) => string;
  readonly email: string;
  /** Distinct in each run, so that a repeat is another lead's. */
  readonly run: string;
  /** Lets time pass until the next look; by the real clock, unless given. */
  readonly pause?: () => Promise<void>;
  readonly patienceSeconds?: number;
};

type Row = Record<string, unknown>;
export type Story = { readonly sent: readonly string[]; readonly enrolment: Row };

/**
 * One lead through real queues, functions, machines and mail: in by POST /leads and an event, the first mail, a wait, a wait for an event,
 * the event by POST /events, the second mail, the end. Throws at the first thing that is not so within the patience.
 */
export const journey = async (on: Deployed): Promise<Story> => {
  const now = new Date().toISOString();
  const consent = { 'consent-topics': 'tips', 'consent-at': '2026-01-01', 'consent-source': 'conformance' };
  const event = (id: string, name: string) => ({ events: [{ id: `${on.run}-${id}`, name, at: now, email: on.email }] });
  await expectStatus(202, await on.post('/leads', { list: 'conformance', leads: [{ email: on.email, country: 'IE', ...consent }] }));
  await expectStatus(202, await on.post('/events', event('began', 'conformance.began')));
  await until(on, 'the first mail is sent', (rows) => sentIn(rows).includes('first'));
  await until(on, 'the run waits for the event', (rows) => enrolmentIn(rows)?.step === 'listen');
  await expectStatus(202, await on.post('/events', event('answered', 'conformance.answered')));
  await until(on, 'the second mail is sent', (rows) => sentIn(rows).includes('second'));
  const rows = await until(on, 'the run has ended', (all) => enrolmentIn(all)?.endedAt !== undefined);
  return { sent: sentIn(rows), enrolment: enrolmentIn(rows) ?? {} };
};

const expectStatus = (wanted: number, { status, text }: { readonly status: number; readonly text: string }): void => {
  if (status !== wanted) throw new Error(`the API answered ${status} instead of ${wanted}: ${text.slice(0, 500)}`);
};

const until = async (on: Deployed, what: string, holds: (rows: readonly Row[]) => boolean): Promise<readonly Row[]> => {
  const end = Date.now() + (on.patienceSeconds ?? 300) * 1000;
  for (;;) {
    const rows = await on.table.query(`LEAD#${on.leadIdOf(on.email)}`, '');
    if (holds(rows)) return rows;
    if (Date.now() > end) throw new Error(`it did not come to this: ${what}. The lead's rows: ${JSON.stringify(rows.map((it) => it.sk))}`);
    await (on.pause?.() ?? sleep(3000));
  }
};

/** Steps whose mail SES took. */
const sentIn = (rows: readonly Row[]): readonly string[] =>
  rows.filter((it) => String(it.sk).startsWith('SEND#') && it.state === 'SENT').map((it) => String(it.step));
const enrolmentIn = (rows: readonly Row[]): Row | undefined => rows.find((it) => String(it.sk).startsWith('ENROLMENT#'));
