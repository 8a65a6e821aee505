import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keeperOf } from '#core/one-rep';
import type { SalesTask } from '#core/sales-task';
import { aSalesTask } from '#tests/helpers/builders';

const at = (minute: number) => `2026-03-23T12:${String(minute).padStart(2, '0')}:00.000Z`;
const task = (taskId: string, more: Partial<SalesTask> = {}) => aSalesTask({ taskId, rep: taskId, ...more });
const accepted = (taskId: string, minute: number) =>
  task(taskId, { status: 'accepted', answers: [{ answer: 'accept', at: at(minute), by: taskId, via: 'page' }] });

it('who accepted keeps the lead, whichever of the two leads was kept; of several the first', () => {
  const mine = task('mine', { leadId: 'kept' });
  expect(keeperOf(mine, [task('open', { leadId: 'gone' }), accepted('late', 9), accepted('early', 3)], 'kept')?.taskId).toBe('early');
});

it('where nobody answered, the kept lead’s own task stays, and of others the older one', () => {
  const [own, old, young] = [
    task('own', { leadId: 'kept', createdAt: at(9) }),
    task('old', { leadId: 'gone', createdAt: at(1) }),
    task('young', { leadId: 'gone-too', createdAt: at(2) }),
  ] as const;
  expect(keeperOf(old, [own, young], 'kept')?.taskId).toBe('own');
  expect(keeperOf(own, [old, young], 'kept')).toBeUndefined();
  expect(keeperOf(young, [old], 'kept')?.taskId).toBe('old');
});

it('what is over keeps nothing', () => {
  const over = (['rejected', 'recycled', 'lost', 'cancelled', 'holding'] as const).map((status) => task(status, { status }));
  expect(keeperOf(task('mine'), over, 'lead-a')).toBeUndefined();
});

it('whoever looks, and in whatever order, exactly one of the open tasks of a person stays open, or none beside one that is accepted', () => {
  const statuses = ['open', 'accepted', 'rejected', 'cancelled', 'won'] as const;
  const Tasks = fc.uniqueArray(
    fc.record({
      taskId: fc.string({ minLength: 1, maxLength: 3 }),
      status: fc.constantFrom(...statuses),
      lead: fc.nat(2),
      made: fc.nat(3),
    }),
    { selector: (it) => it.taskId, minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(Tasks, (parts) => {
      const all = parts.map(({ taskId, status, lead, made }) => task(taskId, { status, leadId: `lead-${lead}`, createdAt: at(made) }));
      const open = all.filter((it) => it.status === 'open');
      const stay = open.filter(
        (it) =>
          keeperOf(
            it,
            all.filter((other) => other !== it),
            'lead-0',
          ) === undefined,
      );
      const isTaken = all.some((it) => it.status === 'accepted' || it.status === 'won');
      expect(stay).toHaveLength(isTaken || open.length === 0 ? 0 : 1);
    }),
    { numRuns: 200 },
  );
});
