import { stageIndex } from '#adapters/stores/items';
import { stores } from '#adapters/stores/stores';
import { fractionOf } from '#core/hash';
import { addSeconds, type Instant } from '#core/instant';
import { leadPk, profileSk } from '#core/keys';
import type { StageMove } from '#core/lifecycle';
import type { History } from '#core/ports';
import type { SalesTask, TaskAnswer } from '#core/sales-task';
import type { Item, Table } from '#core/table';
import { aLead, anEnrolment, anEventRow, aSalesTask, aSendRecord, aStageMove } from './builders.ts';

export type MadeUp = { readonly history: History & { readonly leadId: string }; readonly tasks: readonly SalesTask[] };
type Around = { readonly seed: string; readonly from: Instant; readonly weeks: number; readonly now: Instant };

const day = 86_400;
const hour = 3600;
const sequences = {
  'trial-nurture': ['welcome', 'first-project', 'proof', 'offer'],
  'webinar-follow-up': ['recording', 'case-study', 'invite'],
};
const sources = [
  { fields: {}, trigger: 'imported:webinar', share: 0.4, keen: 0.8 },
  { fields: { 'utm-source': 'search' }, trigger: 'web:trial', share: 0.3, keen: 1.3 },
  { fields: { 'utm-source': 'fairs' }, trigger: 'web:trial', share: 0.1, keen: 0.5 },
  { fields: {}, trigger: 'crm:trial', share: 0.2, keen: 1 },
];
const reps = ['jonas', 'jonas', 'ruth', 'dana'];
const rejects = ['wrong-size', 'wrong-role', 'competitor', 'student', 'bad-data'];
const losses = ['price', 'no-decision', 'missing-feature', 'competitor'];

const sourceAt = (share: number) => {
  const upTo = sources.map((_, at) => sources.slice(0, at + 1).reduce((sum, it) => sum + it.share, 0));
  return sources[upTo.findIndex((it) => share < it)] ?? sources[0]!;
};

/** A lead as it might have come to be in a company like that of `marketing/`: the same for the same seed and number. */
export const madeUpLead = (number: number, { seed, from, weeks, now }: Around): MadeUp => {
  const draw = (what: string) => fractionOf(`${seed} ${number} ${what}`);
  const pick = <T>(of: readonly T[], what: string): T => of[Math.floor(draw(what) * of.length)] as T;
  const leadId = `lead${String(number).padStart(22, '0')}`;
  const createdAt = addSeconds(from, Math.floor(draw('when') * weeks * 7 * day));
  const source = sourceAt(draw('source'));
  const sequence = source.trigger === 'imported:webinar' ? 'webinar-follow-up' : 'trial-nurture';
  const steps = sequences[sequence];
  const arms: Record<string, string> = sequence === 'trial-nurture' ? { proof: draw('arm') < 0.5 ? 'story' : 'numbers' } : {};
  const version = createdAt < addSeconds(from, (weeks / 2) * 7 * day) ? 'a3f09c1d77e2' : 'b81d4e60c9aa';
  const enrolledAt = addSeconds(createdAt, Math.floor(draw('enter') * 2 * hour));
  const enrolmentId = `run${number}`;
  const isEntered = draw('entered') < 0.93;
  const keen = source.keen * (arms.proof === 'story' ? 1.25 : 1);
  const sends = !isEntered
    ? []
    : steps.slice(0, 1 + Math.floor(draw('mails') * steps.length)).map((step, at) =>
        aSendRecord({
          leadId,
          enrolmentId,
          sequence,
          version,
          step,
          state: 'SENT',
          sentAt: addSeconds(enrolledAt, hour + at * 4 * day),
          arm: '',
        }),
      );
  const events = sends.flatMap((send) => {
    const at = addSeconds(send.sentAt ?? '', Math.floor((0.2 + draw(`open ${send.step}`) * 30) * hour));
    if (draw(`click ${send.step}`) > 0.22 * keen) return [];
    const of = { leadId, agent: 'browser' as const, enrolmentId, sequence, step: send.step };
    return [
      anEventRow({
        ...of,
        eventId: `c${number}${send.step}`,
        name: 'clicked',
        at,
        link: 'https://lintel.example/pricing',
        path: undefined as never,
      }),
      ...(draw(`visit ${send.step}`) < 0.5
        ? [anEventRow({ leadId, eventId: `v${number}${send.step}`, agent: 'browser', at: addSeconds(at, 20) })]
        : []),
      ...(draw(`later ${send.step}`) < 0.3
        ? [anEventRow({ leadId, eventId: `w${number}${send.step}`, agent: 'browser', at: addSeconds(at, 5 * hour) })]
        : []),
    ];
  });
  const moves: StageMove[] = [];
  const tasks: SalesTask[] = [];
  const clicks = events.filter((it) => it.name === 'clicked');
  if (clicks.length > 0 && draw('mql') < 0.22 + 0.1 * clicks.length) {
    const at = addSeconds(clicks.at(-1)?.at ?? createdAt, Math.floor((1 + draw('mql at') * 200) * hour));
    const isPrice = draw('price') < 0.5;
    const task = answered(
      aSalesTask({
        taskId: `task${number}`,
        leadId,
        createdAt: at,
        releasedAt: at,
        acceptBy: addSeconds(at, 8 * hour),
        rep: pick(reps, 'rep'),
        from: [sequence],
        reasons: [
          isPrice ? 'looked at the prices 2 times (24 points)' : 'set up a real project (15 points)',
          'followed a link in an e-mail (5 points)',
          'decides how sites are run (5 points)',
        ],
      }),
      { draw, isPrice, keen, now },
    );
    if (at <= now) {
      tasks.push(task);
      moves.push(aStageMove({ id: task.taskId, at, from: 'lead', to: 'mql' }));
      for (const { answer, at: when } of task.answers) {
        const to = answer === 'accept' ? 'sal' : answer === 'reject' ? 'lead' : answer === 'recycle' ? 'recycled' : answer;
        moves.push(aStageMove({ id: `${task.taskId}:${answer}`, at: when, from: 'mql', to }));
      }
    }
  }
  return {
    history: {
      leadId,
      lead: aLead({ leadId, createdAt, fields: { ...source.fields }, handoffs: tasks.length }),
      events: events.filter((it) => it.at <= now),
      sends: sends.filter((it) => (it.sentAt ?? '') <= now),
      enrolments:
        isEntered && enrolledAt <= now
          ? [anEnrolment({ leadId, sequence, version, enrolmentId, enrolledAt, arms, trigger: source.trigger })]
          : [],
      decisions: [],
      moves,
      consents: [],
    },
    tasks,
  };
};

type Answering = { readonly draw: (what: string) => number; readonly isPrice: boolean; readonly keen: number; readonly now: Instant };

const answered = (task: SalesTask, { draw, isPrice, keen, now }: Answering): SalesTask => {
  const at = addSeconds(task.createdAt, Math.floor((0.2 + draw('answer at') ** 2 * 14) * hour));
  const first = { at, by: task.rep, via: 'page' as const };
  const verdict = draw('verdict');
  const reasonAt = Math.floor(draw('reason') * 100);
  const isReject = verdict < (isPrice ? 0.34 : 0.12) / keen;
  const outcome = draw('outcome');
  const answers: TaskAnswer[] = isReject
    ? [{ ...first, answer: 'reject', reason: rejects[reasonAt % rejects.length] as string }]
    : verdict > 0.88
      ? [{ ...first, answer: 'recycle', reason: reasonAt % 3 === 0 ? 'wrong-time' : 'no-budget-yet', until: addSeconds(at, 60 * day) }]
      : [
          { ...first, answer: 'accept' },
          ...(outcome < 0.4 * keen
            ? [
                {
                  ...first,
                  at: addSeconds(at, Math.floor((5 + draw('won at') * 40) * day)),
                  answer: 'won' as const,
                  amount: Math.round(200_000 + draw('amount') * 900_000) / 100,
                  currency: draw('currency') < 0.8 ? 'EUR' : 'USD',
                },
              ]
            : outcome < 0.75
              ? [
                  {
                    ...first,
                    at: addSeconds(at, Math.floor((5 + draw('lost at') * 50) * day)),
                    answer: 'lost' as const,
                    reason: losses[reasonAt % losses.length] as string,
                  },
                ]
              : []),
        ];
  const known = answers.filter((it) => it.at <= now);
  const last = known.at(-1)?.answer;
  const status = ({ accept: 'accepted', reject: 'rejected', recycle: 'recycled', won: 'won', lost: 'lost' } as const)[last ?? 'accept'];
  return { ...task, answers: known, status: last === undefined ? 'open' : status };
};

export async function* madeUpHistories(leads: readonly MadeUp[]) {
  for (const { history } of leads) yield history;
}

/** Writes them into a table, as the stores would have. */
export const storeLeads = async (table: Table, leads: readonly MadeUp[]): Promise<void> => {
  const kept = stores(table, async () => []);
  for (const { history, tasks } of leads) {
    const { lead, leadId } = history;
    if (!lead) continue;
    await table.put({ pk: leadPk(leadId), sk: profileSk, ...(lead as unknown as Item), ...stageIndex(lead) });
    for (const it of history.enrolments) await kept.enrolments.create(it);
    for (const it of history.sends) await kept.sends.write({ ...it, revision: 1 });
    for (const it of history.events) await kept.events.put(it);
    for (const it of history.moves) await kept.stages.record(leadId, it);
    for (const it of tasks) await kept.salesTasks.create(it);
  }
};
