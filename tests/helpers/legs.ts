import type { Enrolment } from '#core/enrolment';
import { compileSequence } from '#core/sequences/compile';
import type { CompiledEmail, Sequence, Step } from '#core/sequences/model';
import { everyStep } from '#core/sequences/plan';
import type { MigrateUse } from '#lambdas/legs/migrate';
import type { RecoverUse } from '#lambdas/legs/recover';
import { executionArn } from '#local/states/arn';
import type { World } from '#local/world';
import { digest } from './chaos.ts';
import { nurtureSequence } from './protocol-sequence.ts';

export const day = 86_400;
export const mailAt = (id: string): Step => ({ id, kind: 'email', email: id, atOnce: true });
export const waitOf = (id: string, days: number): Step => ({ id, kind: 'wait', length: { seconds: days * day } });

const content = (id: string): CompiledEmail => ({
  subject: id,
  preheader: '',
  html: '<p>Hello</p><a href="{{ unsubscribe-url }}">leave</a>',
  text: 'Hello. Leave: {{ unsubscribe-url }}',
});

/** A sequence of these steps under the id of the test sequence. */
export const versionOf = (steps: readonly Step[], more: Partial<Sequence> = {}) => {
  const emails = everyStep(steps).flatMap((step) => (step.kind === 'email' ? [[step.id, content(step.id)] as const] : []));
  return compileSequence({ ...nurtureSequence, ...more, steps }, Object.fromEntries(emails), digest);
};

/** Walks the runs of a lead's partition: what a walk of the index finds, without its lag. */
const walks = (world: World, leadIds: readonly string[]) => {
  async function* all(): AsyncGenerator<Enrolment> {
    for (const leadId of leadIds) yield* await world.ports.enrolments.ofLead(leadId);
  }
  return all;
};

export const migrateUse = (world: World, leadIds: readonly string[]): MigrateUse => ({ ...world.ports, runs: walks(world, leadIds) });

export const recoverUse = (world: World, leadIds: readonly string[]): RecoverUse => ({
  ...world.ports,
  runs: walks(world, leadIds),
  failed: walks(world, leadIds),
  isRunning: async (sequence, enrolmentId, leg) => {
    try {
      return world.runner.describe(executionArn(sequence, `${enrolmentId}-${leg}`)).status === 'RUNNING';
    } catch {
      return false;
    }
  },
});

export const noPause = { perSecond: 1000, sleep: async () => undefined };
