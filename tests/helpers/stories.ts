import type { LiveConfig } from '#core/config';
import type { Explanation } from '#core/explain/explanation';
import { inWords } from '#core/explain/text';
import type { Compiled } from '#core/sequences/compile';
import type { SendWindow, Sequence } from '#core/sequences/model';
import { explainLead, mustBeFound } from '#lambdas/explain-lead';
import type { WorldOptions } from '#local/world';
import { compile, sequenceOf } from '#tests/core/sequences/sequences';
import { liveConfig } from './protocol-sequence.ts';
import { aWorld } from './world.ts';

export const workdays = { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60, zone: 'lead' } as const;

type Known = { readonly sequence: Sequence; readonly compiled: Compiled };

/** A sequence on the topic that the test lead agreed to. `window: undefined`: it has no hours of its own. */
export const aSequence = (
  steps: Sequence['steps'],
  more: Omit<Partial<Sequence>, 'window'> & { readonly window?: SendWindow | undefined } = {},
): Known => {
  const { window: _own, ...rest } = sequenceOf(steps, { id: 'nurture', topic: 'tips' });
  const { window, ...others } = { window: workdays, ...more };
  const sequence: Sequence = { ...rest, ...others, ...(window && { window }) };
  return { sequence, compiled: compile(sequence) };
};

/** A world of these sequences that explains itself. */
export const aStory = async (
  known: Known | readonly Known[],
  { live = liveConfig, ...options }: Partial<WorldOptions> & { readonly live?: LiveConfig; readonly more?: readonly Compiled[] } = {},
) => {
  const all = 'sequence' in known ? [known] : known;
  const { more = [], ...rest } = options;
  const world = await aWorld({ compiled: [...all.map((it) => it.compiled), ...more], live, ...rest });
  const explain = async (
    what: { readonly sequence?: string; readonly day?: string; readonly leadId?: string } = {},
  ): Promise<Explanation> =>
    mustBeFound(
      'this lead',
      await explainLead(world.ports, {
        leadId: world.leadId,
        ...what,
        now: world.clock.now(),
        live,
        versions: all.map(({ sequence, compiled }) => ({ sequence, artifact: compiled.artifact })),
        taskId: world.ports.ids.taskId,
      }),
    );
  /** As the terminal shows it; ids and versions are not to be read. */
  const tell = async (what: Parameters<typeof explain>[0] = {}): Promise<string> =>
    inWords(await explain(what))
      .replaceAll(world.leadId, '<lead>')
      .replaceAll(/version [0-9a-f]{16}/g, 'version <v>');
  return { ...world, explain, tell };
};
