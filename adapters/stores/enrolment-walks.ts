import type { Enrolment } from '#core/enrolment';
import { duePk, failedPk, shards } from '#core/keys';
import type { Table } from '#core/table';
import { fromItem } from './items.ts';

const pageSize = 200;

/**
 * Every run, page by page from the due index: no scan, and nothing is kept. `runs`: those that have not ended (of every sequence;
 * each as it was when its page was read). `failed`: those that a fault ended. `waitLengths`: of every version that leads are on.
 */
export const enrolmentWalks = (table: Table, waitLengths: () => Promise<readonly number[]>) => {
  async function* partition(pk: string): AsyncGenerator<Enrolment> {
    for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
      const page = await table.queryIndex('gsi1', pk, { limit: pageSize, ...(after !== undefined && { after }) });
      for (const item of page.items) yield fromItem<Enrolment>(item);
      after = page.next;
    }
  }
  return {
    async *runs(): AsyncGenerator<Enrolment> {
      const lengths = new Set([0, ...(await waitLengths())]);
      for (const seconds of lengths) for (const shard of shards) yield* partition(duePk(shard, seconds));
    },
    async *failed(): AsyncGenerator<Enrolment> {
      for (const shard of shards) yield* partition(failedPk(shard));
    },
  };
};
