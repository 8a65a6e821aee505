import { changesOf } from '#core/changes/sequence-changes';
import { isConfirmation } from '#core/consent';
import { diagramView } from '#core/console/diagram-view';
import { countsOfVersion, endingsOf, runningOf } from '#core/console/run-cells';
import {
  apiPath,
  type EmailRow,
  type ExperimentShown,
  type Pause,
  type SequenceList,
  type SequenceRow,
  type SequenceView,
  sequenceDays,
  type VersionRow,
} from '#core/console/views';
import { utcDayOf } from '#core/counters';
import { isAslError } from '#core/errors';
import { viewOf } from '#core/experiments/view';
import { armInWords, experimentTitle } from '#core/experiments/words';
import { sentenceFor } from '#core/explain/endings';
import type { LinePause, RunSummary } from '#core/ports';
import type { Problem } from '#core/problems';
import { problemsIn } from '#core/problems';
import { triggerInWords } from '#core/sequences/diagram';
import { triggersOf } from '#core/sequences/enter';
import type { Artifact } from '#core/sequences/model';
import { statsRows } from '#core/stats';
import { type Answer, type Asked, oneOf, Refusal } from './asked.ts';
import { added, lastDays, mailCounts, mailsByStep } from './mail-counts.ts';

/** 2 reads, and 2 small queries for each sequence: today's and yesterday's mails, on top of what the night counted. */
export const sequenceList = async (asked: Asked): Promise<Answer> => {
  const { use, live, now } = asked;
  const [artifacts, figures, line, problems] = await Promise.all([
    use.artifacts.current(),
    use.runFigures.all(),
    use.line.state(),
    problemsFor(asked),
  ]);
  const shown = artifacts.filter((it) => !isConfirmation(it.sequence));
  const rows = await Promise.all(
    shown.map(async (artifact): Promise<SequenceRow> => {
      const { sequence, version } = artifact;
      const counted = figures.sequences.find((it) => it.sequence === sequence);
      const pause = line.paused[sequence];
      const off = live.brand.off?.[sequence];
      return {
        sequence,
        topic: live.brand.topics[artifact.topic]?.label ?? artifact.topic,
        owner: artifact.owner,
        version,
        enters: triggersOf(artifact.enter).map(triggerInWords).join(', or '),
        steps: artifact.outline?.length ?? artifact.stepIds.length,
        emails: Object.keys(artifact.emails).length,
        ...(pause && { paused: pauseOf(pause) }),
        ...(off && { off }),
        ...(counted && { runs: { running: counted.running, entered: counted.entered, ended: counted.ended } }),
        mails: added(mailCounts(counted?.mails), await mailsSince(use, artifact, counted, now)),
        problems: problems(sequence).length,
        experiments: Object.keys(artifact.experiments ?? {}).length,
      };
    }),
  );
  const list: SequenceList = {
    ...(figures.asOf !== undefined && { runsAsOf: figures.asOf }),
    ...(figures.movedAt !== undefined && { movedAt: figures.movedAt }),
    sequences: rows.toSorted((one, other) => (one.sequence < other.sequence ? -1 : 1)),
  };
  return { json: list };
};

/** Of the version in force; leads on older ones come in at night. */
const mailsSince = async (use: Asked['use'], { sequence, version }: Artifact, counted: RunSummary | undefined, now: string) => {
  const from = counted ? utcDayOf(counted.asOf) : lastDays(now, 2).from;
  const days = { from: from < lastDays(now, 2).from ? lastDays(now, 2).from : from, upTo: utcDayOf(now) };
  const { sums } = await use.counters.of(sequence, version, days);
  return mailCounts(statsRows(sums, 'step').total.counts);
};

export const pauseOf = ({ at, by, why }: LinePause): Pause => ({ at, byItself: by === 'stop-the-line', why });

/** One query a day of the range for the version that is shown, and some ten reads. */
export const sequenceView = async (asked: Asked): Promise<Answer> => {
  const { use, live, now, params, query } = asked;
  const sequence = params.sequence ?? '';
  const days = oneOf(query('days'), sequenceDays, 28);
  const [newest, counted, line, experiments, problems] = await Promise.all([
    use.artifacts.newest(sequence),
    use.runFigures.ofSequence(sequence),
    use.line.state(),
    use.experiments.of(sequence),
    problemsFor(asked),
  ]);
  const artifact = await versionOf(asked, newest, query('version'));
  const { version } = artifact;
  const mails = await use.counters.of(sequence, version, lastDays(now, days));
  const byStep = mailsByStep(mails.sums);
  const pause = line.paused[sequence];
  const off = live.brand.off?.[sequence];
  const against = query('compare');
  const view: SequenceView = {
    sequence,
    topic: live.brand.topics[artifact.topic]?.label ?? artifact.topic,
    owner: artifact.owner,
    version,
    versions: versionsOf(newest, artifact, runningOf(counted?.cells ?? {})),
    days,
    ...(pause && { paused: pauseOf(pause) }),
    ...(off && { off }),
    ...(counted && { runsAsOf: counted.asOf }),
    ...(counted?.movedAt !== undefined && { movedAt: counted.movedAt }),
    ...(mails.asOf !== undefined && { mailsAsOf: mails.asOf }),
    diagram: diagramView(artifact, counted && countsOfVersion(counted.cells, version, days), (step) => mailCounts(byStep.get(step) ?? {})),
    endings: endingsOf(counted?.cells ?? {}, version, days)
      .map(([ending, runs]) => ({ ending, words: sentenceFor(ending), runs }))
      .sort((one, other) => other.runs - one.runs),
    experiments: experiments.map((it) => shown(viewOf(it, now))),
    emails: emailsOf(artifact),
    problems: problems(sequence).map(({ severity, what, got, file, line: at, hint }) => ({
      severity,
      what: got === undefined ? what : `${what}: ${got}`,
      where: `${file}, line ${at}`,
      ...(hint !== undefined && { hint }),
    })),
    ...(against !== undefined && { differences: { against, words: wordsOf(await versionOf(asked, newest, against), artifact) } }),
  };
  return { json: view };
};

/** In `baton dev` as `check` says now; else as it said of what was deployed. */
const problemsFor = async ({ use, around }: Asked): Promise<(sequence: string) => readonly Problem[]> => {
  if (around.problemsOf) return around.problemsOf;
  const all = await use.checked.problems();
  return (sequence) => problemsIn(all, sequence);
};

const versionOf = async ({ use, params }: Asked, newest: Artifact | undefined, version: string | undefined): Promise<Artifact> => {
  const sequence = params.sequence ?? '';
  if (newest && (version === undefined || version === newest.version)) return newest;
  if (version === undefined || !/^[\w-]{1,80}$/.test(version) || !/^[a-z0-9-]{1,40}$/.test(sequence)) throw noSuch(sequence);
  try {
    return await use.artifacts.get(sequence, version);
  } catch (error) {
    if (isAslError(error, 'PermanentError')) throw noSuch(sequence);
    throw error;
  }
};

export const noSuch = (sequence: string): Refusal =>
  new Refusal(404, `there is no sequence ${sequence.slice(0, 40)}, or not this version of it`);

/** Those that leads are on, the deployed one first. */
const versionsOf = (newest: Artifact | undefined, shown: Artifact, running: ReadonlyMap<string, number>): readonly VersionRow[] =>
  [...new Set([...(newest ? [newest.version] : []), shown.version, ...running.keys()])].map((version) => ({
    version,
    isCurrent: version === newest?.version,
    running: running.get(version) ?? 0,
  }));

const shown = (view: ReturnType<typeof viewOf>): ExperimentShown => ({
  ...view,
  title: experimentTitle(view),
  armWords: view.arms.map(armInWords),
});

const emailsOf = ({ sequence, version, emails }: Artifact): readonly EmailRow[] =>
  Object.entries(emails).map(([step, { content }]) => ({
    step,
    subject: content.subject,
    preheader: content.preheader,
    locales: Object.keys(content.locales ?? {}),
    path: `${apiPath}/sequences/${encodeURIComponent(sequence)}/emails/${encodeURIComponent(step)}?version=${encodeURIComponent(version)}`,
  }));

const wordsOf = (before: Artifact, after: Artifact): readonly string[] => {
  const { settings, steps } = changesOf(before, after);
  return [...settings, ...steps.map((it) => `${it.step} ${did[it.do]}${it.lines.length === 0 ? '' : `: ${it.lines.join('; ')}`}`)];
};
const did = {
  added: 'was added',
  removed: 'was taken out',
  renamed: 'was renamed',
  moved: 'moved',
  changed: 'changed',
  words: 'has other words',
} as const;

/** An e-mail as it is sent, its fields left open. It is a page of its own: no script, nothing from elsewhere but the brand's own pictures. */
export const emailPage = async (asked: Asked): Promise<Answer> => {
  const { use, live, params, query } = asked;
  const artifact = await versionOf(asked, await use.artifacts.newest(params.sequence ?? ''), query('version'));
  const email = artifact.emails[params.step ?? '']?.content;
  if (!email) throw new Refusal(404, `this version has no e-mail ${(params.step ?? '').slice(0, 40)}`);
  const locale = query('locale');
  const words = locale === undefined || locale === '' ? email : email.locales?.[locale];
  if (!words) throw new Refusal(404, 'this e-mail is not written in that language');
  const { links, sites = [] } = live.brand;
  return { html: words.html, images: [links, ...sites] };
};
