import { nextEntryDay } from '#core/date-wait';
import { decideEntry } from '#core/decide-entry';
import { becameTrigger } from '#core/entry-marks';
import { evaluate } from '#core/evaluate-condition';
import { shards } from '#core/keys';
import { type Lead, stages } from '#core/lead';
import type { Ports } from '#core/ports';
import type { Reason } from '#core/reasons';
import { dateOf, isLookedAt, whenOf } from '#core/sequences/enter';
import type { Artifact } from '#core/sequences/model';
import { zoneOf } from '#core/time-zone';
import { loadEntryFacts } from './entry-facts.ts';

export type EveryoneUse = {
  readonly leads: Pick<Ports['leads'], 'find'>;
  readonly enrolments: Pick<Ports['enrolments'], 'ofLead'>;
  readonly suppressions: Pick<Ports['suppressions'], 'ofLead'>;
  readonly histories: Pick<Ports['histories'], 'ofLead'>;
  readonly recounts: Pick<Ports['recounts'], 'leadsIn'>;
  readonly config: Ports['config'];
  readonly enrolQueue: Ports['enrolQueue'];
  readonly wakeQueue: Ports['wakeQueue'];
} & Pick<Ports, 'clock'>;

/** `run`: with another name, whoever came in by an earlier run may come in again, as `again` allows. */
export type Everyone = { readonly artifact: Artifact; readonly run: string };

export type EveryonePlan = {
  readonly sequence: string;
  readonly leads: number;
  /** Would enter now. */
  readonly enter: number;
  /** Enter by a day that is ahead. */
  readonly later: number;
  /** Came in by this very run, or are inside already. */
  readonly inside: number;
  readonly refused: { readonly [reason in Reason]?: number };
};

type Verdict = 'enter' | 'later' | 'inside' | Reason;

/** Looks only: who of all leads would come in, if everyone may who is there. A lead that moves meanwhile may be counted twice, or not. */
export const planEveryone = async (use: EveryoneUse, everyone: Everyone): Promise<EveryonePlan> => {
  const counts = { leads: 0, enter: 0, later: 0, inside: 0 };
  const refused: { [reason in Reason]?: number } = {};
  for await (const lead of everyLead(use)) {
    counts.leads += 1;
    const verdict = await judge(use, lead, everyone);
    if (verdict === 'enter' || verdict === 'later' || verdict === 'inside') counts[verdict] += 1;
    else refused[verdict] = (refused[verdict] ?? 0) + 1;
  }
  return { sequence: everyone.artifact.sequence, ...counts, refused };
};

/**
 * Lets them in, `perSecond` at most: each is queued and decided anew. Whoever is let in twice enters once, so a run that was broken
 * off is simply given again.
 */
export const enrolEveryone = async (
  use: EveryoneUse,
  everyone: Everyone,
  pace: { readonly perSecond: number; readonly sleep: (milliseconds: number) => Promise<void> },
): Promise<number> => {
  const { artifact } = everyone;
  const { sequence, enter } = artifact;
  let queued = 0;
  for await (const lead of everyLead(use)) {
    const verdict = await judge(use, lead, everyone);
    if (verdict !== 'enter' && verdict !== 'later') continue;
    const { leadId } = lead;
    if (isLookedAt(enter)) await use.wakeQueue.push({ leadId, changed: [`sequence:${sequence}`] });
    else await use.enrolQueue.push({ leadId, sequence, trigger: triggerOf(everyone) });
    queued += 1;
    await pace.sleep(1000 / pace.perSecond);
  }
  return queued;
};

const triggerOf = ({ run }: Everyone): string => `everyone:${run}`;

async function* everyLead(use: EveryoneUse): AsyncGenerator<Lead> {
  for (const stage of stages) {
    for (const shard of shards) {
      for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
        const page = await use.recounts.leadsIn({ stage, shard }, 100, after);
        for (const leadId of page.leadIds) {
          const lead = await use.leads.find(leadId);
          if (lead) yield lead;
        }
        after = page.next;
      }
    }
  }
}

const judge = async (use: EveryoneUse, lead: Lead, everyone: Everyone): Promise<Verdict> => {
  const { artifact } = everyone;
  const { sequence, enter } = artifact;
  const [when, date] = [whenOf(enter), dateOf(enter)];
  const [live, now] = [await use.config.live(), use.clock.now()];
  const [enrolments, suppressions, { facts }] = await Promise.all([
    use.enrolments.ofLead(lead.leadId),
    use.suppressions.ofLead(lead.leadId),
    loadEntryFacts(use, { lead, live, now }, [enter.if, when?.when]),
  ]);
  if (enrolments.some((it) => it.sequence === sequence && it.trigger === triggerOf(everyone))) return 'inside';
  const mark = lead.entries?.[sequence];
  const situation = { lead, artifact, enrolments, suppressions, facts, brand: live.brand, now };
  const decided = (trigger: string): Verdict => {
    const entry = decideEntry({ ...situation, trigger });
    return entry.enter ? 'enter' : entry.reason;
  };
  if (when && evaluate(when.when, facts)) return mark?.holds ? 'inside' : decided(becameTrigger(1));
  if (date) {
    const day = nextEntryDay(lead.fields, date, now, zoneOf(lead, live.brand).zone, mark?.entered);
    if (!day) return 'no-day';
    if (mark?.day === day.day && mark.due === day.at) return 'inside';
    return day.at <= now ? decided('everyone') : 'later';
  }
  return when ? 'holds-no-more' : decided(triggerOf(everyone));
};
