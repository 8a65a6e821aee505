import { type Condition, leavesOf } from '#core/condition';
import type { LiveConfig } from '#core/config';
import { meantHint } from '#core/did-you-mean';
import { conditionsOfStep } from '#core/lists-used';
import type { Report, YamlPath } from '#core/problems';
import { entryConditionsOf } from './enter.ts';
import { located } from './located.ts';
import type { Sequence, WebhookStep } from './model.ts';
import { everyStep } from './plan.ts';

/** What steps name outside themselves: topics, other sequences, what webhooks answered. */
/** `unread`: sequences that are there, but could not be read; what names them is not judged. */
export const checkSteps = (
  sequence: Sequence,
  all: readonly Sequence[],
  unread: readonly string[],
  live: LiveConfig | undefined,
  report: Report,
): void => {
  const webhooks = everyStep(sequence.steps).filter((it) => it.kind === 'webhook');
  for (const { step, path } of located(sequence.steps)) {
    if (step.kind === 'update' && live) checkLeave(step.leave ?? [], Object.keys(live.brand.topics), [...path, 'update', 'leave'], report);
    if (step.kind === 'enrol-in' && !unread.includes(step.sequence))
      checkTarget(step.sequence, sequence, all, [...path, 'enrol-in'], report);
    for (const condition of conditionsOfStep(step)) checkAnswers(condition, webhooks, path, report);
  }
  for (const { at, condition } of entryConditionsOf(sequence.enter)) {
    checkAnswers(condition, undefined, ['enter', at], report);
    if (live) checkEntryTopics(condition, Object.keys(live.brand.topics), ['enter', at], report);
    checkEntryMails(condition, all, unread, ['enter', at], report);
  }
};

const checkEntryTopics = (condition: Condition, known: readonly string[], path: YamlPath, report: Report): void => {
  for (const it of leavesOf(condition)) {
    if (it.kind !== 'topic' || known.includes(it.topic)) continue;
    const problem = { code: 'unknown-topic', what: 'there is no such topic in brand.yaml', got: it.topic, allowed: known.join(', ') };
    report(path, { ...problem, ...meantHint(it.topic, known) });
  }
};

/** There is no run yet whose mails could be meant: a mail is named with its sequence. */
const checkEntryMails = (
  condition: Condition,
  all: readonly Sequence[],
  unread: readonly string[],
  path: YamlPath,
  report: Report,
): void => {
  const known = all.flatMap(({ id, steps }) => everyStep(steps).flatMap((it) => (it.kind === 'email' ? [`${id}/${it.id}`] : [])));
  for (const key of leavesOf(condition).flatMap((it) => (it.kind === 'event' ? [it.key] : []))) {
    const [kind = '', name = ''] = key.split(/:(.*)/s);
    if ((kind !== 'opened' && kind !== 'clicked') || known.includes(name) || unread.includes(name.split('/')[0] ?? '')) continue;
    report(path, {
      code: 'unknown-email-step',
      what: `under "enter", "${kind}" names a sequence and one of its e-mails`,
      got: name,
      allowed: known.join(', '),
      ...meantHint(name, known),
    });
  }
};

const checkLeave = (topics: readonly string[], known: readonly string[], path: YamlPath, report: Report): void => {
  topics.forEach((it, at) => {
    if (known.includes(it)) return;
    report([...path, at], {
      code: 'unknown-topic',
      what: 'there is no such topic in brand.yaml',
      got: it,
      allowed: known.join(', '),
      ...meantHint(it, known),
    });
  });
};

const checkTarget = (target: string, from: Sequence, all: readonly Sequence[], path: YamlPath, report: Report): void => {
  const known = all.map((it) => it.id).filter((it) => it !== from.id);
  if (!known.includes(target)) {
    report(path, {
      code: 'unknown-sequence',
      what: target === from.id ? 'a lead is in this sequence already' : 'there is no such sequence',
      got: target,
      allowed: known.join(', ') || 'another sequence; there is none yet',
      ...meantHint(target, known),
    });
    return;
  }
  if (isAlwaysOpen(from) && leadsBack(target, from.id, all))
    report(path, {
      code: 'endless-round',
      what: `a lead could go from here to "${target}" and back for ever: each lets it in again at once`,
      got: target,
      allowed: 'again: never, or after some time, in one of them',
    });
};

const isAlwaysOpen = ({ enter }: Sequence): boolean => enter.again === 'always';

/** Through sequences that let the same lead in again at any time. */
const leadsBack = (from: string, to: string, all: readonly Sequence[], seen: readonly string[] = []): boolean => {
  const sequence = all.find((it) => it.id === from);
  if (!sequence || seen.includes(from) || !isAlwaysOpen(sequence)) return false;
  const targets = everyStep(sequence.steps).flatMap((it) => (it.kind === 'enrol-in' ? [it.sequence] : []));
  return targets.some((it) => it === to || leadsBack(it, to, all, [...seen, from]));
};

/** `webhooks` undefined: there is no run yet that could have been answered. */
export const checkAnswers = (condition: Condition, webhooks: readonly WebhookStep[] | undefined, path: YamlPath, report: Report): void => {
  for (const it of leavesOf(condition)) {
    if (it.kind !== 'answer') continue;
    const known = webhooks?.flatMap((step) => step.keeps.map((name) => `${step.id}.${name}`)) ?? [];
    const got = `${it.step}.${it.name}`;
    if (known.includes(got)) continue;
    report(path, {
      code: 'unknown-answer',
      what: webhooks ? 'no webhook step of this sequence keeps this answer' : 'answers are known only to steps of the sequence that asked',
      got,
      ...(webhooks && { allowed: known.join(', ') || 'keeps: [ … ] at a webhook step', ...meantHint(got, known) }),
    });
  }
};
