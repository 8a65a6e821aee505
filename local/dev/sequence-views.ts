import { type ExperimentView, viewOf } from '#core/experiments/view';
import { armInWords, experimentTitle } from '#core/experiments/words';
import { endingOf, sentenceFor } from '#core/explain/endings';
import { addSeconds } from '#core/instant';
import { answerInWords } from '#core/sales-answers';
import { taskEventInWords } from '#core/sales-task';
import { diagramOf } from '#core/sequences/diagram';
import { toSvg } from '#core/sequences/diagram-svg';
import { eventsOf, listsOf } from '#core/sequences/enter';
import { atRound } from '#core/sequences/rounds';
import { diagramFigures, type MailFigures, tracesOf } from '#local/sequence-figures';
import { tasksIn } from '#local/tasks-in';
import type { Choices, PauseView, SequenceView, TaskView } from './api.ts';
import type { DevWorld } from './dev-world.ts';
import { humanKinds } from './human-kinds.ts';

/** Every sequence as its diagram with what happened on it so far. */
export const sequenceViews = async (dev: DevWorld): Promise<readonly SequenceView[]> => {
  const runs = (await dev.enrolments.ofAll([...dev.leads.entries()].map(([leadId]) => leadId))).flat();
  const mails = mailFigures(dev);
  const sent = new Set(dev.world.mail.mails().map(({ tags }) => `${tags.enrolment} ${atRound(tags.step ?? '', Number(tags.round ?? 1))}`));
  const experiments = await experimentsShown(dev);
  return dev.sequences.map(({ sequence, compiled }) => {
    const mine = runs.filter((it) => it.sequence === sequence.id);
    const waiting = new Set(mine.map((it) => `${it.enrolmentId} ${it.step}`));
    const isSettled = (enrolmentId: string, step: string) =>
      sent.has(`${enrolmentId} ${step}`) || waiting.has(`${enrolmentId} ${compiled.artifact.fused?.[step]?.wait}`);
    const traces = tracesOf(dev.world.runner, compiled, isSettled);
    const diagram = diagramOf(sequence);
    const counts = new Map<string, number>();
    for (const run of mine) counts.set(endingOf(run), (counts.get(endingOf(run)) ?? 0) + 1);
    return {
      sequence: sequence.id,
      version: compiled.artifact.version,
      ...(sequence.off && { off: sequence.off }),
      svg: toSvg(diagram, diagramFigures(diagram, traces, mails.get(sequence.id) ?? new Map())),
      entered: mine.length,
      experiments: experiments.get(sequence.id) ?? [],
      running: counts.get('running') ?? 0,
      endings: [...counts]
        .filter(([ending]) => ending !== 'running')
        .sort(([, one], [, other]) => other - one)
        .map(([ending, leads]) => ({ ending, words: sentenceFor(ending), leads })),
    };
  });
};

const experimentsShown = async ({ sequences, world }: DevWorld): Promise<ReadonlyMap<string, SequenceView['experiments']>> => {
  const now = world.clock.now();
  const shown = sequences.map(async ({ sequence }) => {
    const views = (await world.ports.experiments.of(sequence.id)).map((it) => viewOf(it, now));
    return [sequence.id, views.map(toShown)] as const;
  });
  return new Map(await Promise.all(shown));
};

const toShown = (view: ExperimentView): SequenceView['experiments'][number] => ({
  title: experimentTitle(view),
  arms: [...view.arms, ...(view.after ?? []).map((it) => ({ ...it, arm: `${it.arm}, since the winner` }))].map((it) => ({
    arm: it.arm,
    isAhead: it.arm === view.arm,
    words: armInWords(it),
  })),
  words: view.words,
});

/** Read anew each time: what somebody just paused must show at once, while the counts may be a moment old. */
export const withPauses = async ({ world }: DevWorld, views: readonly SequenceView[]): Promise<readonly SequenceView[]> => {
  const { paused } = await world.ports.line.state();
  return views.map((view) => {
    const pause = paused[view.sequence];
    if (!pause) return view;
    const shown: PauseView = { at: pause.at, byItself: pause.by === 'stop-the-line', why: pause.why };
    return { ...view, paused: shown };
  });
};

const mailFigures = ({ world, eventsOf, live }: DevWorld): ReadonlyMap<string, Map<string, MailFigures>> => {
  const figures = new Map<string, Map<string, MailFigures>>();
  for (const { tags, messageId } of world.mail.mails()) {
    const { sequence, step } = tags;
    if (sequence === undefined || step === undefined) continue;
    const ofSequence = figures.get(sequence) ?? new Map<string, MailFigures>();
    figures.set(sequence, ofSequence);
    const { sent, opened, clicked } = ofSequence.get(step) ?? { sent: 0, opened: 0, clicked: 0 };
    const kinds = humanKinds(eventsOf(messageId), live.scoring);
    const one = (kind: string) => (kinds.includes(kind) ? 1 : 0);
    ofSequence.set(step, { sent: sent + 1, opened: opened + one('opened'), clicked: clicked + one('clicked') });
  }
  return figures;
};

const linkSeconds = 86_400;
const heldShown = 100;

/** What sales has been given, newest first. */
export const taskViews = async ({ world, leads }: DevWorld): Promise<readonly TaskView[]> => {
  const briefs = new Map(world.mail.mails().flatMap((it) => (it.tags.task === undefined ? [] : [[it.tags.task, it.messageId] as const])));
  const expiresAt = addSeconds(world.clock.now(), linkSeconds);
  const held = await world.ports.salesTasks.held(heldShown);
  return [...(await tasksIn(world)), ...held.tasks]
    .map(({ taskId, leadId, createdAt, rep, routedBecause, fit, engagement, reasons, touches, status, answers, ...about }) => {
      const task = { taskId, leadId, createdAt, rep, routedBecause, fit, engagement, reasons, touches, status };
      const { email = '', fields = {} } = leads.get(task.leadId) ?? {};
      const messageId = briefs.get(task.taskId);
      return {
        ...task,
        ...(status === 'open' && about.acceptBy !== undefined && { acceptBy: about.acceptBy }),
        ...(about.doNotEmail && { doNotEmail: true as const }),
        passedOver: about.route?.passedOver ?? [],
        timeline: (about.log ?? []).map((it) => ({ at: it.at, words: taskEventInWords(it), because: it.because })),
        answers: answers.map((it) => ({ at: it.at, words: answerInWords(it) })),
        ...(rep !== '' && { answerPath: `/a/${world.ports.links.signAnswer({ taskId, rep, expiresAt })}` }),
        email,
        name: [fields['first-name'], fields['last-name']].filter(Boolean).join(' ') || email,
        company: fields.company ?? '',
        ...(messageId !== undefined && { messageId }),
      };
    })
    .toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
};

/** Everything that a lead could do here: what sequences wait for, start or end on, and what scores. */
export const choicesOf = ({ sequences, live }: DevWorld): Choices => {
  const artifacts = sequences.map((it) => it.compiled.artifact);
  const events = [
    ...artifacts.flatMap((it) => eventsOf(it.enter)),
    ...artifacts.flatMap((it) => it.exits.map((exit) => exit.event)),
    ...artifacts.flatMap((it) => it.tracks.flatMap((key) => (key.startsWith('did:') ? [key.slice(4)] : []))),
    ...live.scoring.engagement.rules.map((it) => it.on),
  ];
  const notOwn = ['visited', 'opened', 'clicked', 'bounced', 'complained'];
  const paths = live.scoring.engagement.rules.flatMap((it) => (it.path === undefined ? [] : [it.path.replaceAll('*', '')]));
  return {
    topics: Object.entries(live.brand.topics).map(([topic, { label }]) => ({ topic, label })),
    starts: artifacts.flatMap(({ sequence, enter }) => [
      ...eventsOf(enter).map((event) => ({ sequence, start: { event } })),
      ...listsOf(enter).map((imported) => ({ sequence, start: { imported } })),
    ]),
    events: [...new Set(events)].filter((it) => !notOwn.includes(it)).sort(),
    paths: [...new Set([...paths, '/'])].sort(),
  };
};
