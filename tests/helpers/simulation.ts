import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { usualBehaviour } from '#core/behaviour/model';
import { diagramOf } from '#core/sequences/diagram';
import type { Plan, Version } from '#local/simulate/plan';

/** The shipped marketing folder, as it is simulated. */
export const shippedVersion = async (): Promise<Version> => {
  const marketing = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  return { compiled: compiled.map((it) => it.compiled), live: marketing.live, diagrams: compiled.map((it) => diagramOf(it.sequence)) };
};

const usual = usualBehaviour(['trial.started']);
/** People who do everything that can be done: leave, answer, bounce, qualify, make projects. */
const busy = usual.personas.map((it) => ({
  ...it,
  replies: 0.1,
  events: [...it.events, { name: 'project.created', on: 'trial.started', chance: 0.5, afterSeconds: 3600, withinSeconds: 5 * 86_400 }],
}));

export const aPlan = (more: Partial<Plan> = {}): Plan => ({
  seed: 'test',
  startAt: '2026-03-02T09:00:00.000Z',
  days: 45,
  list: 'webinar',
  overDays: 3,
  leads: 40,
  blockSize: 500,
  behaviour: { ...usual, personas: busy, bounces: { dead: 0.05, full: 0.1, whileFull: 0.3 } },
  population: { count: more.leads ?? 40 },
  pauses: [],
  ...more,
});
