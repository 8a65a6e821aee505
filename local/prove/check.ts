import { stores } from '#adapters/stores/stores';
import { cellOf, cellText, utcDayOf } from '#core/counters';
import { countsOf } from '#core/counts-of';
import type { Enrolment } from '#core/enrolment';
import type { Erasure } from '#core/erasure';
import { addSeconds, type Instant } from '#core/instant';
import { stages } from '#core/lead';
import { dueOf } from '#core/next-leg';
import { queueNames } from '#core/queues';
import type { SalesTask } from '#core/sales-task';
import type { Item, Table } from '#core/table';
import { handoffMachineName } from '#local/settings';
import type { World } from '#local/world';
import type { Ended, Invariant, Violation } from './run.ts';
import type { Left, Watch } from './watch.ts';

/** Everything there is in a world, read past the gate. */
const rowsIn = async (world: World) => {
  const all = await allOf(world.table);
  const ofKind = (prefix: string) => all.filter((it) => String(it.sk).startsWith(prefix));
  return {
    profiles: ofKind('PROFILE'),
    enrolments: ofKind('ENROLMENT#') as unknown as readonly Enrolment[],
    events: ofKind('EVENT#'),
    decisions: ofKind('DECISION#'),
    erasures: ofKind('ERASURE'),
    tasks: all.filter((it) => it.sk === 'TASK') as unknown as readonly SalesTask[],
  };
};
export type Rows = Awaited<ReturnType<typeof rowsIn>>;

type WholeTable = Table & { readonly all?: () => readonly Item[] };
/** On a table that cannot be read whole: by stage, and each partition with it. */
const allOf = async (table: WholeTable): Promise<readonly Item[]> => {
  if (table.all) return table.all();
  const found: Item[] = [];
  for (const stage of stages)
    for (let shard = 0; shard < 8; shard++)
      for (const { pk } of (await table.queryIndex('gsi2', `STAGE#${stage}#${shard}`)).items)
        found.push(...(await table.query(String(pk), '')));
  return found;
};

const violation = (invariant: Invariant, what: string): Violation => ({ invariant, what });

/** What must hold some hours after the last fault. */
export const settledViolations = async (ended: Ended): Promise<readonly Violation[]> => {
  const rows = await rowsIn(ended.world);
  return [...sendViolations(ended), ...runViolations(ended, rows), ...handoffViolations(ended, rows), ...inputViolations(ended, rows)];
};

const sendViolations = ({ watch, restored }: Ended): readonly Violation[] => {
  const found: Violation[] = [];
  const times = new Map<string, Instant[]>();
  for (const { key, leadId, sequence, topic, at, claimed } of watch.sent) {
    times.set(key, [...(times.get(key) ?? []), at]);
    const mail = `e-mail ${key} of ${sequence} went to lead ${leadId} at ${at}`;
    if (!claimed) found.push(violation('sent-after-stop', `${mail}, and nobody had claimed it`));
    else if (claimed.forbidden !== undefined)
      found.push(violation('sent-after-stop', `${mail}, though ${claimed.forbidden} when it was claimed`));
    const left = watch.left.find((it) => it.leadId === leadId && it.topic === topic && claimed && it.order < claimed.order);
    // What a backup does not know of must be brought over by hand (docs/reliability.md).
    if (left && !sequence.startsWith('confirm_') && !restored && !hasComeBack(watch, left))
      found.push(violation('sent-after-leaving', `${mail}, which was told at ${left.at} that it had left`));
  }
  for (const [key, at] of times)
    if (at.length > 1 && !restored?.sends.has(key)) found.push(violation('sent-twice', `e-mail ${key} went at ${at.join(' and at ')}`));
  return found;
};

/** Somebody pressed the button of a confirmation after that. */
const hasComeBack = ({ confirmed }: Watch, { leadId, order }: Left): boolean =>
  confirmed.some((it) => it.leadId === leadId && it.order > order);

/** Past its wake. Who was not woken is overdue after 15 minutes (lambdas/ticks/watchdog.ts), and the watchdog looks every 15. */
const mostLateSeconds = 1800;

const runViolations = ({ world, proved }: Ended, { enrolments }: Rows): readonly Violation[] => {
  const now = world.clock.now();
  const running = new Map(world.runner.list({ status: 'RUNNING' }).map((it) => [it.name, it]));
  const sending = new Set(world.queues.messagesIn('send').map((it) => (JSON.parse(it.body) as { enrolmentId: string }).enrolmentId));
  const mails = new Set(proved.compiled.flatMap(({ artifact }) => Object.keys(artifact.emails).map((it) => `${artifact.sequence} ${it}`)));
  return enrolments.flatMap((run): readonly Violation[] => {
    const who = `run ${run.enrolmentId} of ${run.sequence} (lead ${run.leadId}, leg ${run.leg}, at ${run.step ?? 'its start'})`;
    if (run.ending === 'failed') return [violation('run-failed', `${who} was ended as failed: ${run.failure ?? 'no reason'}`)];
    if (run.endedAt !== undefined) return [];
    const execution = running.get(`${run.enrolmentId}-${run.leg}`);
    const due = dueOf(run) ?? run.gsi1sk;
    // One whose machine was stopped in the middle of a wait goes on when that is over.
    if (!execution && due !== undefined && due >= addSeconds(now, -mostLateSeconds)) return [];
    if (!execution) return [violation('stuck', `${who} has no execution, and was due at ${due}`)];
    const { state = '' } = world.runner.describe(execution.executionArn);
    const sitsIn = [run.step, `Plan ${run.step}`].includes(state);
    if (sitsIn && due !== undefined && due < addSeconds(now, -mostLateSeconds)) return [violation('stuck', `${who} was due at ${due}`)];
    // A mail's state sits out the wait behind it, until a timer or the watchdog ends it.
    const sitsOut = run.timed && due !== undefined && due >= addSeconds(now, -mostLateSeconds);
    const isSending = mails.has(`${run.sequence} ${state}`) && !sitsOut && !sending.has(run.enrolmentId);
    return isSending ? [violation('stuck', `${who} waits for the e-mail ${state}, of which nothing is in the queue`)] : [];
  });
};

const handoffViolations = ({ world }: Ended, { profiles, tasks }: Rows): readonly Violation[] => {
  const running = world.runner.list({ stateMachine: handoffMachineName, status: 'RUNNING' }).map((it) => it.name);
  const isFollowed = (taskId: string) => running.some((it) => it === taskId || it.startsWith(`${taskId}-`));
  const started = profiles.flatMap((it) => ((it.handoff as { taskId?: string } | undefined)?.taskId ?? []) as string | []);
  const createdAt = new Map(profiles.map((it) => [String(it.pk).slice('LEAD#'.length), String(it.createdAt)]));
  // Nobody comes back who was erased meanwhile, even if a lead came under that address since.
  const comesBack = (it: SalesTask) => (createdAt.get(it.leadId) ?? '~') <= it.createdAt && isAway(it, world.clock.now());
  const standing = tasks.filter((it) => it.status === 'open' || it.status === 'holding' || comesBack(it));
  return [
    ...[...new Set([...started, ...standing.map((it) => it.taskId)])]
      .filter((it) => !isFollowed(it))
      .map((it) => violation('handoff-without-machine', `handoff ${it} is followed by no machine`)),
    ...tasks
      .filter((it) => it.status === 'open' && it.notifiedAt === undefined)
      .map((it) => violation('task-untold', `${it.rep} has task ${it.taskId} since ${it.releasedAt}, and was never told`)),
  ];
};

/** Given back until a day that has not come. */
const isAway = ({ status, answers }: SalesTask, now: Instant): boolean =>
  status === 'recycled' && (answers.findLast((it) => it.answer === 'recycle')?.until ?? '') > now;

export const deadLettersIn = (world: World): number =>
  queueNames.reduce((sum, it) => sum + world.queues.messagesIn(`${it}-dead`).length, 0);

const inputViolations = ({ world, accepted, proved, restored }: Ended, rows: Rows): readonly Violation[] => {
  const dead = queueNames.flatMap((it) => world.queues.messagesIn(`${it}-dead`)).map((it) => it.body);
  const gone = new Set([...accepted.erased, ...rows.erasures.map((it) => String(it.pk).slice('ERASURE#'.length))]);
  const profiles = new Map(rows.profiles.map((it) => [String(it.pk).slice('LEAD#'.length), it]));
  const ownerOf = (leadId: string): string => {
    const into = profiles.get(leadId)?.mergedInto;
    return into === undefined ? leadId : ownerOf(String(into));
  };
  // Whoever takes another address is a lead there from then on only, whenever it was created.
  const leadFrom = (leadId: string): Instant => {
    const absorbed = Object.values((profiles.get(leadId)?.absorbed ?? {}) as { readonly [id: string]: Instant });
    const taken = accepted.leads.filter((it) => it.leadId === leadId).map((it) => it.at);
    return [...absorbed, ...taken].sort()[0] ?? '9';
  };
  const isLost = (at: Instant) => restored !== undefined && at >= restored.takenAt && at <= restored.at;
  const found: Violation[] = [];
  for (const { leadId, at } of accepted.leads) {
    if (profiles.has(leadId) || gone.has(leadId) || isLost(at)) continue;
    found.push(violation('input-lost', `lead ${leadId} was accepted at ${at} and is nowhere`));
  }
  const { given, taken, refused } = accepted.rows;
  if (given !== taken + refused) found.push(violation('input-lost', `of ${given} rows ${taken} were taken and ${refused} refused`));
  const events = new Map(rows.events.map((it) => [`${it.pk} ${it.eventId}`, it]));
  const known = new Set([...rows.enrolments.map((it) => it.trigger), ...rows.decisions.map((it) => String(it.enrolmentId))]);
  for (const { eventId, leadId, at } of accepted.events) {
    const owner = ownerOf(leadId);
    if (!profiles.has(owner) || gone.has(leadId) || gone.has(owner) || isLost(at) || dead.some((it) => it.includes(eventId))) continue;
    const row = events.get(`LEAD#${owner} ${eventId}`);
    // An event of somebody who was no lead yet is dropped, and logged.
    if (!row && leadFrom(leadId) > at) continue;
    if (!row || row.done !== true)
      found.push(
        violation(
          'input-lost',
          `event ${eventId} of lead ${owner} was accepted at ${at} and ${row ? 'never worked on to the end' : 'is nowhere'}`,
        ),
      );
    else found.push(...entriesLost({ world, proved } as Ended, owner, row, known));
  }
  return found;
};

/** Whoever an event lets into a sequence is in it, or it is on record why not. */
const entriesLost = ({ world, proved }: Pick<Ended, 'world' | 'proved'>, leadId: string, row: Item, known: ReadonlySet<string>) =>
  proved.compiled.flatMap(({ artifact: { sequence, enter } }): readonly Violation[] => {
    if (!('event' in enter.on) || enter.on.event !== row.name) return [];
    const eventId = String(row.eventId);
    if (known.has(eventId) || known.has(world.ports.ids.enrolmentId(leadId, sequence, eventId))) return [];
    return [violation('input-lost', `event ${eventId} should have let lead ${leadId} into ${sequence}; there is no run and no reason`)];
  });

/** What must hold when all that was going on has had its time. */
export const lastViolations = async (ended: Ended): Promise<readonly Violation[]> => {
  const rows = await rowsIn(ended.world);
  const running = new Set(ended.world.runner.list({ status: 'RUNNING' }).map((it) => it.name));
  const lost = rows.enrolments.filter((it) => it.endedAt === undefined && !running.has(`${it.enrolmentId}-${it.leg}`));
  return [
    ...sendViolations(ended),
    ...runViolations(ended, rows),
    ...lost.map((it) => violation('run-without-end', `run ${it.enrolmentId} of ${it.sequence} has neither an end nor a machine`)),
  ];
};

/** What must hold once two nights have passed. */
export const countViolations = async ({ world, proved, stormEndsAt }: Ended): Promise<readonly Violation[]> => {
  const { histories, counters } = stores(world.table, async () => []);
  const { profiles, erasures } = await rowsIn(world);
  const upTo = utcDayOf(stormEndsAt);
  const truth = new Map<string, number>();
  const add = (sums: Map<string, number>, cell: string, count: number) => sums.set(cell, (sums.get(cell) ?? 0) + count);
  for (const { pk } of profiles) {
    const history = await histories.ofLead(String(pk).slice('LEAD#'.length));
    if (!history.lead) continue;
    const counted = countsOf({ history, live: proved.live, now: world.clock.now() });
    for (const it of counted) if (it.day <= upTo) add(truth, cellText(it), it.count);
  }
  // What the erased added stands with their certificate.
  for (const { counts } of erasures)
    for (const [cell, count] of Object.entries((counts ?? {}) as Erasure['counts'])) if (cellOf(cell).day <= upTo) add(truth, cell, count);
  const caches = new Map<string, number>();
  for (const { sequence, version } of await counters.versions()) {
    const { sums } = await counters.of(sequence, version, { from: '2026-01-01', upTo });
    for (const [cell, count] of Object.entries(sums)) if (count !== 0) add(caches, cell, count);
  }
  return [...new Set([...truth.keys(), ...caches.keys()])]
    .filter((it) => truth.get(it) !== caches.get(it))
    .map((it) =>
      violation('counters-wrong', `${it.replaceAll('\t', ' ')}: counted ${caches.get(it) ?? 0}, and it is ${truth.get(it) ?? 0}`),
    );
};
