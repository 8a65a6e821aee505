import type { Scoring } from '#core/config';
import type { History } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import { judgedInOrder } from '#core/scoring';

/**
 * The report once more, from the raw rows, by somebody who knows nothing of how core/report does it: no cells, no sums that add up, no bins;
 * every figure by its own loop over everybody. Slow, and easy to read.
 */
export type Person = { readonly history: History; readonly tasks: readonly SalesTask[]; readonly source: string };

const ms = (at: string) => new Date(at).getTime();
const day = (at: string) => at.substring(0, 10);
const earliest = (times: readonly (string | undefined)[]) => {
  let found: string | undefined;
  for (const it of times) if (it !== undefined && (found === undefined || ms(it) < ms(found))) found = it;
  return found;
};
const own = (sequence: string) => !sequence.startsWith('confirm_');

const ignored = [
  'sent',
  'delivered',
  'delayed',
  'rejected',
  'rendering-failed',
  'subscription',
  'opened',
  'bounced',
  'complained',
  'auto-replied',
];

export const naiveReport = (people: readonly Person[], scoring: Scoring, since: string, until: string, now: string) => {
  const inside = (at: string | undefined) => at !== undefined && day(at) >= since && day(at) <= until;

  const touchesOf = ({ history }: Person) => {
    const events = judgedInOrder({ events: history.events.filter((it) => it.done), sends: history.sends }, scoring);
    const found: { at: number; sequence: string | undefined; step: string | undefined; name: string }[] = [];
    let before = -1e18;
    for (const it of events) {
      if (it.verdict.by !== 'human' || ignored.includes(it.name)) continue;
      if (it.name !== 'visited' || ms(it.at) - before > 1_800_000)
        found.push({ at: ms(it.at), sequence: it.sequence ?? it.reply?.sequence, step: it.step ?? it.reply?.step, name: it.name });
      before = ms(it.at);
    }
    return found;
  };
  const movesTo = (person: Person, stage: string) => person.history.moves.filter((it) => it.to === stage).map((it) => it.at);
  const answersOf = (person: Person, answer: string) => person.tasks.flatMap((it) => it.answers.filter((one) => one.answer === answer));
  const after = (times: readonly string[], from: string) => earliest(times.filter((it) => it >= from));
  const wentOut = (person: Person) =>
    person.history.sends.filter((it) => (it.state === 'SENT' || it.state === 'ASSUMED_SENT') && own(it.sequence));
  const went = (send: History['sends'][number]) => send.sentAt ?? send.calledAt ?? send.claimedAt;
  const given = (person: Person) => [...movesTo(person, 'mql'), ...person.tasks.flatMap((it) => it.releasedAt ?? [])];
  const accepted = (person: Person) => [...movesTo(person, 'sal'), ...answersOf(person, 'accept').map((it) => it.at)];
  const lost = (person: Person) => [...movesTo(person, 'lost'), ...answersOf(person, 'lost').map((it) => it.at)];

  /** Won once until it turned away again. */
  const winsOf = (person: Person) => {
    const said = answersOf(person, 'won');
    const log = [
      ...said.map((it) => ({ at: it.at, won: true, amount: it.amount, currency: it.currency })),
      ...person.history.moves.map((it) => {
        const cause = person.history.events.find((event) => it.by === 'rule' && it.id.startsWith(`${event.eventId}:`));
        return {
          at: it.at,
          won: it.to === 'won',
          amount: it.to === 'won' ? cause?.amount : undefined,
          currency: it.to === 'won' ? cause?.currency : undefined,
        };
      }),
    ].sort((one, other) => ms(one.at) - ms(other.at) || Number(other.won) - Number(one.won) || (other.amount ?? -1) - (one.amount ?? -1));
    const wins: { at: string; amount: number | undefined; currency: string | undefined }[] = [];
    let standing = false;
    for (const it of log) {
      const last = wins[wins.length - 1];
      if (it.won && !standing) wins.push({ at: it.at, amount: it.amount, currency: it.currency });
      else if (it.won && last && last.amount === undefined) Object.assign(last, { amount: it.amount, currency: it.currency });
      standing = it.won;
    }
    return wins.map((it) => ({
      at: it.at,
      cents: Math.round((it.amount ?? 0) * 100),
      currency: it.amount ? (it.currency ?? 'XXX') : 'XXX',
    }));
  };

  /** Times of the steps of one who came in at `from`, before going by what came later. */
  const chain = (person: Person, from: string, sequence?: string) => {
    const runs = person.history.enrolments.filter((it) => own(it.sequence) && (sequence === undefined || it.sequence === sequence));
    const first = runs.sort((one, other) => ms(one.enrolledAt) - ms(other.enrolledAt))[0];
    const mails = wentOut(person).filter((it) => sequence === undefined || it.enrolmentId === first?.enrolmentId);
    const mailed = earliest(mails.map(went));
    const touch = touchesOf(person).find(
      (it) =>
        mailed !== undefined && it.at >= ms(mailed) && (sequence === undefined || it.sequence === undefined || it.sequence === sequence),
    );
    return [
      ...(sequence === undefined ? [from] : []),
      first?.enrolledAt,
      mailed,
      touch && new Date(touch.at).toISOString(),
      after(given(person), from),
      after(accepted(person), from),
      after(movesTo(person, 'sql'), from),
      after(
        winsOf(person).map((it) => it.at),
        from,
      ),
    ];
  };

  const funnel = (chains: readonly (readonly (string | undefined)[])[], names: readonly string[]) => {
    const filled = chains.map((one) => one.map((_, at) => earliest(one.slice(at))));
    const floor = (from: string, to: string) => {
      const hours = Math.floor((ms(to) - ms(from)) / 3_600_000);
      return hours < 48 ? hours : Math.floor(hours / 24) * 24;
    };
    const spans = (from: number, to: number) => {
      const all = filled
        .flatMap((one) => (one[from] !== undefined && one[to] !== undefined ? [floor(one[from], one[to])] : []))
        .sort((one, other) => one - other);
      const at = (share: number) => all[Math.ceil(share * all.length) - 1];
      return all.length === 0 ? undefined : { of: all.length, quarter: at(0.25), half: at(0.5), threeQuarters: at(0.75) };
    };
    return {
      counts: Object.fromEntries(names.map((name, at) => [name, filled.filter((one) => one[at] !== undefined).length])),
      seen: Object.fromEntries(names.map((name, at) => [name, chains.filter((one) => one[at] !== undefined).length])),
      spans: Object.fromEntries(
        names.slice(1).flatMap((name, at) => (spans(at, at + 1) ? [[`${names[at]}>${name}`, spans(at, at + 1)]] : [])),
      ),
    };
  };

  const all = ['lead', 'entered', 'mailed', 'engaged', 'mql', 'sal', 'sql', 'won'];
  const came = people.filter((it) => inside(it.history.lead?.createdAt));
  const sourceNames = [...new Set(people.map((it) => it.source))].sort();
  const sequenceNames = [...new Set(people.flatMap((it) => it.history.enrolments.map((run) => run.sequence)))].filter(own).sort();
  const runsIn = (sequence: string) =>
    people.flatMap((person) => {
      const first = person.history.enrolments
        .filter((it) => it.sequence === sequence)
        .sort((one, other) => ms(one.enrolledAt) - ms(other.enrolledAt))[0];
      return first && inside(first.enrolledAt) ? [{ person, run: first }] : [];
    });

  const tasks = people.flatMap((person) => person.tasks.map((task) => ({ task, person }))).filter(({ task }) => inside(task.createdAt));
  const verdict = (task: SalesTask) => task.answers.find((it) => it.answer !== 'won' && it.answer !== 'lost');
  const wasLate = (task: SalesTask) =>
    (task.log ?? []).some((it) => it.what === 'reminded' || it.what === 'escalated' || it.what === 'unanswered');
  const salesRow = (some: typeof tasks) => ({
    made: some.length,
    accept: some.filter(({ task }) => verdict(task)?.answer === 'accept').length,
    reject: some.filter(({ task }) => verdict(task)?.answer === 'reject').length,
    recycle: some.filter(({ task }) => verdict(task)?.answer === 'recycle').length,
    slaKept: some.filter(({ task }) => task.acceptBy !== undefined && !wasLate(task) && (verdict(task)?.at ?? '9') <= task.acceptBy).length,
    slaMissed: some.filter(
      ({ task }) =>
        task.acceptBy !== undefined && task.status !== 'cancelled' && (wasLate(task) || (verdict(task)?.at ?? now) > task.acceptBy),
    ).length,
    rejectReasons: tally(some.flatMap(({ task }) => (verdict(task)?.answer === 'reject' ? [verdict(task)?.reason ?? ''] : []))),
    recycleReasons: tally(some.flatMap(({ task }) => (verdict(task)?.answer === 'recycle' ? [verdict(task)?.reason ?? ''] : []))),
    lostReasons: tally(some.flatMap(({ task }) => task.answers.filter((it) => it.answer === 'lost').map((it) => it.reason ?? ''))),
  });
  const rules = [...scoring.fit, ...scoring.engagement.rules].map((it) => it.because);

  const wins = people.flatMap((person) => winsOf(person).map((win) => ({ ...win, person }))).filter((it) => inside(it.at));
  /** Exact shares as fractions, cents by who has most left over. */
  const attribute = (model: string, currency: string, nameOf: (touch: ReturnType<typeof touchesOf>[number]) => string) => {
    const sums: Record<string, number> = {};
    for (const win of wins.filter((it) => it.currency === currency)) {
      const touches = touchesOf(win.person).filter((it) => it.at < ms(win.at));
      const n = touches.length;
      if (n === 0) sums['(no touch on record)'] = (sums['(no touch on record)'] ?? 0) + win.cents;
      const share = (at: number) => {
        if (model === 'first') return at === 0 ? 1 : 0;
        if (model === 'last') return at === n - 1 ? 1 : 0;
        if (model === 'linear' || n < 3) return 1 / n;
        return at === 0 || at === n - 1 ? 0.4 : 0.2 / (n - 2);
      };
      const exact = touches.map((_, at) => win.cents * share(at));
      const whole = exact.map((it) => Math.floor(it + 1e-6));
      const order = exact
        .map((it, at) => ({ at, rest: it - Math.floor(it + 1e-6) }))
        .sort((one, other) => (Math.abs(other.rest - one.rest) < 1e-5 ? one.at - other.at : other.rest - one.rest));
      let over = win.cents - whole.reduce((sum, it) => sum + it, 0);
      for (const { at } of order) if (over-- > 0) whole[at] = (whole[at] ?? 0) + 1;
      touches.forEach((touch, at) => {
        sums[nameOf(touch)] = (sums[nameOf(touch)] ?? 0) + (whole[at] ?? 0);
      });
    }
    return sums;
  };
  const channel = (name: string) =>
    name === 'clicked' || name === 'replied'
      ? '(e-mail)'
      : name === 'visited'
        ? '(website)'
        : name === 'form.sent'
          ? '(form)'
          : '(product)';

  return {
    funnel: funnel(
      came.map((it) => chain(it, it.history.lead?.createdAt ?? '')),
      all,
    ),
    lost: came.filter((it) => lost(it).length > 0).length,
    bySource: Object.fromEntries(
      sourceNames.map((name) => [
        name,
        funnel(
          came.filter((it) => it.source === name).map((it) => chain(it, it.history.lead?.createdAt ?? '')),
          all,
        ),
      ]),
    ),
    bySequence: Object.fromEntries(
      sequenceNames.map((name) => [
        name,
        funnel(
          runsIn(name).map(({ person, run }) => chain(person, run.enrolledAt, name)),
          all.slice(1),
        ),
      ]),
    ),
    byVersion: tally(sequenceNames.flatMap((name) => runsIn(name).map(({ run }) => `${name} ${run.version.substring(0, 12)}`))),
    byArm: tally(
      sequenceNames.flatMap((name) =>
        runsIn(name).flatMap(({ run }) => {
          const arms = Object.entries(run.arms).sort(([one], [other]) => (one < other ? -1 : 1));
          return arms.length === 0 ? [] : [`${name} ${arms.map(([split, arm]) => `${split}=${arm}`).join('&')}`];
        }),
      ),
    ),
    sales: salesRow(tasks),
    salesByRep: Object.fromEntries(
      [...new Set(tasks.map((it) => it.task.rep))].map((rep) => [rep, salesRow(tasks.filter((it) => it.task.rep === rep))]),
    ),
    salesBySource: Object.fromEntries(
      [...new Set(tasks.map((it) => it.person.source))].map((name) => [name, salesRow(tasks.filter((it) => it.person.source === name))]),
    ),
    salesByRule: Object.fromEntries(
      rules
        .map((rule) => [rule, tasks.filter(({ task }) => task.reasons.some((it) => it.startsWith(rule) && !it.includes('(-')))] as const)
        .filter(([, some]) => some.length > 0)
        .map(([rule, some]) => [rule, salesRow(some)]),
    ),
    money: Object.fromEntries(
      [...new Set(wins.map((it) => it.currency))].map((currency) => [
        currency,
        {
          deals: wins.filter((it) => it.currency === currency).length,
          total: wins.filter((it) => it.currency === currency).reduce((sum, it) => sum + it.cents, 0),
          sequence: Object.fromEntries(
            ['first', 'last', 'linear', 'position'].map((model) => [
              model,
              attribute(model, currency, (it) => it.sequence ?? channel(it.name)),
            ]),
          ),
          email: Object.fromEntries(
            ['first', 'last', 'linear', 'position'].map((model) => [
              model,
              attribute(model, currency, (it) =>
                it.sequence === undefined ? channel(it.name) : it.step === undefined ? it.sequence : `${it.sequence}/${it.step}`,
              ),
            ]),
          ),
          source: Object.fromEntries(
            sourceNames.map((name) => [
              name,
              wins.filter((it) => it.currency === currency && it.person.source === name).reduce((sum, it) => sum + it.cents, 0),
            ]),
          ),
        },
      ]),
    ),
    emails: came.reduce(
      (sum, it) => sum + it.history.sends.filter((one) => one.state === 'SENT' || one.state === 'ASSUMED_SENT').length,
      0,
    ),
    weeks: {
      lead: byWeek(people.map((it) => it.history.lead?.createdAt ?? '')),
      mql: byWeek(people.flatMap((it) => movesTo(it, 'mql'))),
      accept: byWeek(people.flatMap((it) => answersOf(it, 'accept').map((one) => one.at))),
      reject: byWeek(people.flatMap((it) => answersOf(it, 'reject').map((one) => one.at))),
      recycle: byWeek(people.flatMap((it) => answersOf(it, 'recycle').map((one) => one.at))),
      won: byWeek(people.flatMap((it) => winsOf(it).map((win) => win.at))),
      lost: byWeek(people.flatMap((it) => answersOf(it, 'lost').map((one) => one.at))),
    },
    cohorts: (goal: 'mql' | 'won') => {
      return tally(
        people.flatMap((it) => {
          const created = it.history.lead?.createdAt ?? '';
          const at =
            goal === 'mql'
              ? after(given(it), created)
              : after(
                  winsOf(it).map((win) => win.at),
                  created,
                );
          return at === undefined
            ? []
            : [`${new Date(monday(created)).toISOString().substring(0, 10)} +${Math.round((monday(at) - monday(created)) / 604_800_000)}`];
        }),
      );
    },
  };
};

/** By stepping back to Monday, a day at a time. */
const monday = (at: string) => {
  const date = new Date(`${day(at)}T00:00:00Z`);
  while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1);
  return date.getTime();
};
const byWeek = (times: readonly string[]) => tally(times.map((it) => new Date(monday(it)).toISOString().substring(0, 10)));

const tally = (words: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const it of words) counts[it] = (counts[it] ?? 0) + 1;
  return counts;
};
