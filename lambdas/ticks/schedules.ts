import type { Ports } from '#core/ports';
import { reconcileSends } from '#lambdas/ticks/reconcile-sends';
import { watchdog } from '#lambdas/ticks/watchdog';

/** The one table of recurring work: EventBridge runs it on AWS, the agenda on one machine. */
export const schedules: readonly {
  readonly name: string;
  readonly everySeconds: number;
  readonly run: (use: Ports) => () => Promise<void>;
}[] = [
  { name: 'reconcile-sends', everySeconds: 15 * 60, run: reconcileSends },
  { name: 'watchdog', everySeconds: 15 * 60, run: watchdog },
];
