import { allowanceAt, isExemptFromBudget } from '#core/budget';
import { isRestrained } from '#core/caps';
import type { LiveConfig } from '#core/config';
import type { Enrolment } from '#core/enrolment';
import { evaluate, type Facts } from '#core/evaluate-condition';
import { explain } from '#core/explain-condition';
import { holdFor } from '#core/holds';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { planWaits } from '#core/plan-waits';
import type { LineState } from '#core/ports';
import { type Reason, reasons } from '#core/reasons';
import { windowInWords } from '#core/send-window-text';
import { contentOf } from '#core/sequences/diagram';
import { firstSeen } from '#core/sequences/first-seen';
import { inLegs, secondPartOf } from '#core/sequences/legs';
import type { EmailStep, PlannedWait, Sequence, Step, WaitForStep } from '#core/sequences/model';
import { everyPlace, holdOf, isGated, type Place, placeOf, plannedWait, windowOf } from '#core/sequences/plan';
import { stepInWords, stepOf } from '#core/sequences/rounds';
import { ceilingAt, isExemptFromWarmUp } from '#core/warm-up';

/** Something to come. `at` undefined: nobody knows when. */
export type Ahead = { readonly at?: Instant; readonly what: string; readonly code?: Reason; readonly step?: string };

export type AheadParts = {
  readonly run: Enrolment;
  readonly sequence: Sequence;
  readonly live: LiveConfig;
  readonly line: LineState;
  /** Of the lead as it is now: what a branch or an only-if would find. */
  readonly facts: Facts;
};

/** From where the run is parked to its next e-mail, or to where it depends on the lead; by the rules that plan it. Pure. */
export const aheadOf = (parts: AheadParts, due: Instant): readonly Ahead[] => {
  const { run, sequence, facts } = parts;
  const place = everyPlace(inLegs(sequence).sequence.steps).find((it) => it.step.id === run.step);
  const from = due > facts.now ? due : facts.now;
  if (!place) return [];
  const { step, next } = place;
  if (next?.step.id === secondPartOf(step.id)) return follow(parts, next, from, false);
  if (step.kind === 'email') return [mail(parts, step, from, true)];
  if (step.kind === 'wait-for') return eitherWay(parts, step, next, from);
  const isReady = step.kind === 'wait' && plannedWait({ step, next }, sequence)?.forEmail === true;
  return [{ at: from, what: `“${stepInWords(step.id)}” is over`, step: stepOf(step.id) }, ...follow(parts, next, from, isReady)];
};

const eitherWay = (parts: AheadParts, step: WaitForStep, next: Place | undefined, timeOut: Instant): readonly Ahead[] => {
  const onEvent = step.arms.map((arm) => {
    const then = follow(parts, placeOf(arm.steps, next), parts.facts.now, false).slice(0, mostThen);
    return { what: `as soon as ${eventInWords(arm.awaits)} comes: ${then.map((it) => it.what).join(', then ')}` };
  });
  return [
    ...onEvent,
    { at: timeOut, what: `“${stepInWords(step.id)}” stops waiting for ${awaitedInWords(step)}`, step: stepOf(step.id) },
    ...follow(parts, placeOf(step.timedOut, next), timeOut, false),
  ];
};

/** Of what may never come. */
const mostThen = 3;
/** No sequence is as long without an e-mail; the limit is for the reader. */
const mostSteps = 20;

const follow = (parts: AheadParts, begin: Place | undefined, begunAt: Instant, isReadyThen: boolean): readonly Ahead[] => {
  const { run, sequence, facts } = parts;
  const lines: Ahead[] = [];
  let [place, from, isReady] = [begin, begunAt, isReadyThen];
  for (let left = mostSteps; left > 0; left--) {
    if (!place) return [...lines, { at: from, what: 'it is through' }];
    const { step, next }: Place = place;
    const [id, name] = [stepOf(step.id), stepInWords(step.id)];
    if (step.onlyIf && step.kind !== 'email' && !evaluate(step.onlyIf, facts)) {
      lines.push({ at: from, what: `it goes past “${name}”, as the lead is now`, step: id });
      isReady = false;
      place = next;
      continue;
    }
    if (isGated(step)) isReady = false;
    switch (step.kind) {
      case 'repeat':
        place = placeOf(step.steps, next);
        continue;
      case 'email':
        return [...lines, mail(parts, step, from, isReady)];
      case 'exit':
        return [...lines, { at: from, what: `it ends at “${name}”`, step: id }];
      case 'wait-for': {
        const awaited = awaitedInWords(step);
        const first = step.since === 'enrolment' ? firstSeen(step.arms, run.seen) : undefined;
        if (first) {
          isReady = false;
          place = placeOf(first.steps, next);
          continue;
        }
        lines.push({ at: from, what: `“${name}” begins to wait for ${awaited}`, step: id });
        from = addSeconds(from, step.atMostSeconds);
        lines.push({ at: from, what: `“${name}” stops waiting for ${awaited}, should it not come`, step: id });
        isReady = false;
        place = placeOf(step.timedOut, next);
        continue;
      }
      case 'wait': {
        const planned: PlannedWait | undefined = plannedWait({ step, next }, sequence);
        from = plan(parts, planned ?? { state: step.id, length: step.length }, from);
        isReady = planned?.forEmail === true;
        // Of a wait in two halves the second one says it.
        if (next?.step.id !== secondPartOf(step.id)) lines.push({ at: from, what: `“${name}” is over`, step: id });
        place = next;
        continue;
      }
      case 'split':
      case 'branch': {
        const arm: { readonly name: string; readonly steps: readonly Step[] } | undefined =
          step.kind === 'split'
            ? step.arms.find((it) => it.name === run.arms[id])
            : step.arms.find((it) => !it.if || evaluate(it.if, facts));
        if (step.kind === 'branch') lines.push({ at: from, what: `“${name}” takes the way “${arm?.name}”, as the lead is now`, step: id });
        isReady = step.kind === 'split' && isReady;
        place = placeOf(arm?.steps ?? [], next);
        continue;
      }
      case 'update':
      case 'notify':
      case 'enrol-in':
      case 'webhook':
        lines.push({ at: from, what: `“${name}”: ${contentOf(step)}`, step: id });
        isReady = false;
        place = next;
    }
  }
  return lines;
};

/** When it goes: in its hours, after what holds it back. */
const mail = (parts: AheadParts, step: EmailStep, from: Instant, isReady: boolean): Ahead => {
  const { sequence, live, line, facts } = parts;
  const hold = holdOf(step, sequence);
  const planned = isReady || step.atOnce ? from : plan(parts, hold, from);
  const held = holdFor({
    lead: afterHandoff(facts.lead, planned),
    sequence: sequence.id,
    lawfulBasis: sequence.lawfulBasis,
    line,
    sales: live.sales,
    brand: live.brand,
    now: planned,
  });
  const at = held ? plan(parts, hold, held.until) : planned;
  const window = windowOf(step, sequence);
  const ceiling = isExemptFromWarmUp(sequence) ? undefined : ceilingAt(live.brand, at);
  const allowance = isExemptFromBudget(sequence, step) ? undefined : allowanceAt(live.brand, at);
  const what = [
    `“${stepInWords(step.id)}” goes${window ? `, in its hours (${windowInWords(window)})` : ''}`,
    ...(step.onlyIf
      ? [`if it then holds: ${explain(step.onlyIf, facts)}, which it does ${evaluate(step.onlyIf, facts) ? '' : 'not '}now`]
      : []),
    ...(ceiling ? [`if the warm-up, ${ceiling.most} e-mails that day, has room`] : []),
    ...(allowance ? [`if the month’s budget of $${allowance.usd} is not spent`] : []),
    ...(isRestrained(sequence, step, live.brand) ? ['if the lead’s other e-mails leave room for it'] : []),
    ...(held ? [`not before: ${reasons[held.reason]}`] : []),
  ].join('; ');
  // Nobody knows when a sequence goes on.
  const isOpenEnded = held !== undefined && openEnded.includes(held.reason);
  return { ...(!isOpenEnded && { at }), what, step: stepOf(step.id), ...(held && { code: held.reason }) };
};

const openEnded: readonly string[] = ['everything-paused', 'sending-paused', 'sequence-paused', 'sequence-off'];

/** By then it is decided whether the lead goes to sales; if it does not, mail goes on. */
const afterHandoff = (lead: Lead, at: Instant): Lead => {
  const { handoff, ...rest } = lead;
  return handoff && handoff.until < at ? rest : lead;
};

const plan = ({ facts, live }: AheadParts, wait: PlannedWait, from: Instant): Instant =>
  planWaits([wait], { lead: facts.lead, brand: live.brand, now: from })[wait.state] ?? from;

export const eventInWords = (key: string): string => key.replace(/^did:/, '').replace(':', ' ');
const awaitedInWords = ({ arms }: WaitForStep): string => arms.map((it) => eventInWords(it.awaits)).join(' or ');
