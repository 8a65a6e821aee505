import * as z from 'zod';
import type { Use } from '#core/handlers';
import { importSuppressions } from '#lambdas/api/import-suppressions';

type Taking = Parameters<typeof importSuppressions>[0] & Pick<Use<'ingest'>, 'line'>;
type Answer = { readonly status: 202 | 207 | 400; readonly body: object };

const maxItems = 500;
const Note = z.string().trim().min(1).max(200);
const Batch = z.strictObject({
  source: Note,
  suppressions: z.array(z.unknown()).min(1).max(maxItems),
  /** Others follow: this batch alone settles nothing. */
  more: z.boolean().default(false),
});
/** `completed`: all batches are in. `declined`: there are none to bring, and why. */
const Body = z.union([Batch, z.strictObject({ completed: Note }), z.strictObject({ declined: Note })]);

const form = `a body is {"source", "suppressions": [1 to ${maxItems} of {"email", "reason", "at", "topic"}], "more"?}, {"completed"} or {"declined"}; each text has 1 to 200 characters`;

/** POST /suppressions: a batch, the word that all are in, or the word that there are none. The last two open the gate. */
export const takeSuppressions =
  (use: Taking) =>
  async (given: unknown): Promise<Answer> => {
    const read = Body.safeParse(given);
    if (!read.success) return { status: 400, body: { error: form } };
    if ('declined' in read.data) return settle(use, 'declined', read.data.declined);
    if ('completed' in read.data) return settle(use, 'imported', read.data.completed);
    return takeBatch(use, read.data);
  };

const takeBatch = async (use: Taking, { source, suppressions, more }: z.output<typeof Batch>): Promise<Answer> => {
  const { accepted, rejected } = await importSuppressions(use)(suppressions, source);
  // What is no address can be no lead's; anything else that was refused may be somebody who must get no mail.
  const settled = !more && accepted > 0 && rejected.every((it) => it.column === 'email');
  if (settled) await settle(use, 'imported', source);
  return { status: rejected.length === 0 ? 202 : accepted === 0 ? 400 : 207, body: { accepted, rejected, settled } };
};

const settle = async (use: Taking, how: 'imported' | 'declined', note: string): Promise<Answer> => {
  await use.line.settleSuppressions({ how, at: use.clock.now(), note });
  use.log.info('suppressions settled', { how });
  return { status: 202, body: { settled: true } };
};
