import type * as z from 'zod';
import { meantHint } from '#core/did-you-mean';
import { durationRule, parseDuration } from '#core/duration';
import type { Report } from '#core/problems';
import type { ReadWith } from '#core/scoring-schema';
import { parseWindow, windowTrouble } from '#core/send-window-text';
import { readEnter } from './enter.ts';
import type { SendWindow, Sequence, Step } from './model.ts';
import { everyStep } from './plan.ts';
import { type MigrateShape, SequenceShape } from './schema.ts';
import { parseSteps } from './steps/parse-steps.ts';
import { idRule, isStepId } from './steps/step-kind.ts';

const fourteenDays = 14 * 86_400;
const mostDeferrals = 10;

/** One sequence.yaml. undefined: too broken to go on; everything found wrong was reported. */
export const parseSequence = (
  raw: unknown,
  context: { readonly folder: string; readonly emails: ReadonlySet<string>; readonly report: Report; readonly read: ReadWith },
): Sequence | undefined => {
  const { report, read, folder, emails } = context;
  const data = read(SequenceShape, raw, []);
  if (!data) {
    readStepsAnyway(raw, emails, report);
    return undefined;
  }
  checkId(data.sequence, folder, report);
  const window = data.send === undefined ? undefined : readWindow(data.send, report);
  const giveUp = parseDuration(data['give-up-after'] ?? '14 days');
  if (!giveUp)
    report(['give-up-after'], {
      code: 'not-understood',
      what: '"give-up-after" is not a duration',
      got: data['give-up-after'] ?? '',
      allowed: durationRule,
    });
  const late = data.late && parseDuration(data.late['more-than']);
  if (data.late && !late)
    report(['late', 'more-than'], {
      code: 'not-understood',
      what: '"more-than" is not a duration',
      got: data.late['more-than'],
      allowed: durationRule,
    });
  const enter = readEnter(data.enter, report);
  const steps = parseSteps(data.steps, ['steps'], {
    report,
    emails,
    ...(window && { window }),
    ...(data.content && { content: data.content }),
  });
  if (!enter) return undefined;
  if (data.inside !== undefined && data.enabled !== false)
    report(['inside'], {
      code: 'inside-without-off',
      what: '"inside" says what becomes of leads while the sequence is switched off',
      allowed: 'with `enabled: false`',
      at: 'key',
    });
  const migrate = data.migrate && readMigrate(data.migrate, steps, report);
  return {
    id: data.sequence,
    owner: data.owner,
    topic: data.topic,
    lawfulBasis: data['lawful-basis'] ?? 'consent',
    priority: data.priority ?? 50,
    ...(data.group !== undefined && { group: data.group }),
    ...(data['when-capped'] === 'skip' && { whenCapped: 'skip' }),
    enter,
    ...(data.enabled === false && { off: data.inside ?? 'hold' }),
    ...(data['global-exits'] === false && { ownExitsOnly: true }),
    exits: (data.exit ?? []).map((it) => ({ event: it.on, as: it.as })),
    giveUpAfter: { seconds: giveUp?.seconds ?? fourteenDays, deferrals: mostDeferrals },
    ...(late && { late: { seconds: late.seconds, ...(data.late?.then === 'skip' && { isSkipped: true }) } }),
    ...(window && { window }),
    ...(migrate && { migrate }),
    steps,
  };
};

const versionForm = /^[0-9a-f]{16}$/;

const readMigrate = (data: z.output<typeof MigrateShape>, steps: readonly Step[], report: Report): NonNullable<Sequence['migrate']> => {
  const from = typeof data.from === 'string' && data.from !== 'all' ? [data.from] : data.from;
  for (const got of typeof from === 'string' ? [] : from.filter((it) => !versionForm.test(it)))
    report(['migrate', 'from'], {
      code: 'bad-version',
      what: 'this is not a version of a sequence',
      got,
      allowed: 'all, or 16 digits and letters as `baton explain` shows them',
    });
  const known = everyStep(steps).map((it) => it.id);
  for (const [old, step] of Object.entries(data.steps ?? {})) {
    if (known.includes(step)) continue;
    const problem = { code: 'unknown-step', what: `leads on "${old}" cannot go on at a step that is not here`, got: step };
    report(['migrate', 'steps', old], { ...problem, allowed: known.join(', '), ...meantHint(step, known) });
  }
  return { from: from as 'all' | readonly string[], steps: data.steps ?? {} };
};

/** So that a slip in the head does not hide the problems of the steps. */
const readStepsAnyway = (raw: unknown, emails: ReadonlySet<string>, report: Report) => {
  const steps = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>).steps : undefined;
  if (Array.isArray(steps)) parseSteps(steps, ['steps'], { report, emails });
};

const checkId = (id: string, folder: string, report: Report) => {
  if (!isStepId(id)) report(['sequence'], { code: 'bad-id', what: 'this is not an id', got: id, allowed: idRule });
  else if (id !== folder)
    report(['sequence'], { code: 'wrong-folder', what: 'the id and the folder must be the same', got: id, allowed: folder });
};

const readWindow = (text: string, report: Report): SendWindow | undefined => {
  const window = parseWindow(text);
  if (!window) report(['send'], { code: 'not-a-window', got: text, ...windowTrouble(text) });
  return window;
};
