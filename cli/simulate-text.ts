import { dollars as exactDollars, serviceNames } from '#cli/cost-text';
import { salesInWords } from '#cli/simulate/sales-text';
import { liesAhead } from '#core/consent-columns';
import { services } from '#core/cost';
import { sentenceFor } from '#core/explain/endings';
import { count, counted } from '#local/report/words';
import { aboutOf, countedAbout } from '#local/simulate/about';
import type { Margins } from '#local/simulate/estimate';
import { fullDays, type ReasonFigures, type SimulationReport } from '#local/simulate/report';
import { daysText, sampleSentences, sampleTitle } from '#local/simulate/sample-words';

/** The report of a simulation for a terminal. */
export const simulationInWords = (it: SimulationReport): string =>
  [...head(it), '', ...volume(it), '', ...sequences(it), ...held(it), '', ...salesInWords(it), '', ...money(it), ...warnings(it)].join(
    '\n',
  );

const head = (it: SimulationReport): readonly string[] => {
  const sample = sampleTitle(it);
  const when = `over ${counted(it.days, 'day')} from ${it.startAt.slice(0, 10)}, seed ${it.seed}`;
  return [
    it.ofLeads !== undefined
      ? `INTERRUPTED: ${count(it.leads)} of ${count(it.ofLeads)} leads ${when}`
      : sample === undefined
        ? `${counted(it.leads, 'lead')} ${when}`
        : `A SAMPLE: ${sample}, ${when}`,
    ...(sample === undefined ? [] : sampleSentences(it).map((sentence) => `  ${sentence}`)),
    ...Object.entries(it.rejected).map(
      ([reason, rows]) => `  ${countedAbout(aboutOf(it), rows, 'row', it.margins?.rejected?.[reason])} left out: ${reason}`,
    ),
    ...Object.entries(it.leftOut ?? {}).map(
      ([note, values]) => `  ${countedAbout(aboutOf(it), values, 'value', it.margins?.leftOut?.[note])} not taken from ${note}`,
    ),
    ...(Object.keys(it.leftOut ?? {}).some((note) => note.includes(liesAhead))
      ? [`  The rehearsal begins on ${it.startAt.slice(0, 10)}; --start <day> sets another day.`]
      : []),
  ];
};

const volume = (it: SimulationReport): readonly string[] => {
  const about = aboutOf(it);
  const busiest = it.emailsPerDay.reduce(
    (most, day) => (day.together > most.together ? day : most),
    it.emailsPerDay[0] ?? { date: '', together: 0, sent: {} },
  );
  const onBusiest = it.margins?.emailsPerDay?.[it.emailsPerDay.indexOf(busiest)]?.together;
  const full = fullDays(it);
  return [
    `${about.number(it.emails, it.margins?.emails)} e-mails, ${about.isSample ? '≈ ' : ''}${(it.emails / Math.max(1, it.leads)).toFixed(1)} to a lead; the busiest day is ${busiest.date} with ${about.number(busiest.together, onBusiest)}`,
    ...(it.quota === undefined
      ? []
      : [
          `  SES lets ${count(it.quota)} through in a day: ${(it.daysOverQuotaBetween?.[1] ?? it.daysOverQuota) === 0 ? 'enough on every day' : `too few on ${daysText(it.daysOverQuota, it.daysOverQuotaBetween)}`}`,
        ]),
    ...(full > 0 ? [`  the warm-up is used up on ${counted(full, 'day')}${about.isSample ? ' (by the blocks that were run)' : ''}`] : []),
    `  to one lead: ${it.emailsPerLead.map(({ emails, leads }, at) => `${emails}: ${about.number(leads, it.margins?.emailsPerLead?.[at]?.leads)}`).join(', ')}`,
  ];
};

const sequences = (it: SimulationReport): readonly string[] => {
  const about = aboutOf(it);
  const wide = about.isSample ? 22 : 10;
  return it.sequences.flatMap((one, index) => {
    const margins = it.margins?.sequences?.[index];
    if (one.enrolments === 0) return [`${one.sequence}: nobody entered it`, ''];
    return [
      `${one.sequence}: ${countedAbout(about, one.enrolments, 'run', margins?.enrolments)}; ${Object.entries(one.endings)
        .sort(([, a], [, b]) => b - a)
        .map(([ending, runs]) => `${ending} ${about.percent(runs, one.enrolments)}`)
        .join(', ')}`,
      ...one.steps.map((step, at) => {
        const margin = margins?.steps?.[at];
        const mail =
          step.sent === undefined
            ? ''
            : `  sent ${about.number(step.sent, margin?.sent)}, opened ${about.percent(step.opened ?? 0, step.sent)}, clicked ${about.percent(step.clicked ?? 0, step.sent)}${about.isSample ? `, unsubscribed ${about.number(step.unsubscribed ?? 0, margin?.unsubscribed)}` : ''}`;
        const ended = step.stopped > 0 ? `, ${about.number(step.stopped, margin?.stopped)} ended` : '';
        return `  ${step.step.padEnd(24)} ${about.number(step.entered, margin?.entered).padStart(wide)} came here${ended}${mail}`;
      }),
      '',
    ];
  });
};

const held = (it: SimulationReport): readonly string[] => [
  ...reasons(it, 'put off', it.deferred, it.margins?.deferred),
  ...reasons(it, 'skipped', it.skipped, it.margins?.skipped),
  ...reasons(it, 'did not enter', it.notEnrolled, it.margins?.notEnrolled),
];

const reasons = (
  it: SimulationReport,
  word: string,
  all: readonly ReasonFigures[],
  margins: Margins<readonly ReasonFigures[]> | undefined,
): readonly string[] => {
  const about = aboutOf(it);
  return all.map(
    (one, at) =>
      `${word.padEnd(14)} ${about.number(one.count, margins?.[at]?.count).padStart(about.isSample ? 22 : 10)}  ${one.sequence}: ${sentenceFor(one.reason)}`,
  );
};

const money = (it: SimulationReport): readonly string[] => {
  const about = aboutOf(it);
  const margins = it.margins;
  const exact = (value: number, margin: number | undefined) => (about.isSample ? about.dollars(value, margin) : exactDollars(value));
  const billed = services.filter((service) => it.costUsd[service] > 0);
  return [
    `${about.dollars(it.costUsd.total, margins?.costUsd?.total)} in all at AWS list prices of us-east-1: ${billed.map((service) => `${serviceNames[service]} ${about.dollars(it.costUsd[service], margins?.costUsd?.[service])}`).join(', ')}`,
    `  ${exact(it.costPerLead, margins?.costPerLead)} a lead${it.costPerQualified === undefined ? '' : `, ${exact(it.costPerQualified, margins?.costPerQualified)} a lead that qualifies`}; what stands there each month comes on top: npx baton cost --from <this as --json>`,
  ];
};

const warnings = (it: SimulationReport): readonly string[] => [
  ...it.pauses.map((pause) => `\nPAUSED: ${pause.sequence} at ${pause.at}: ${pause.why}`),
  ...(it.deadLetters > 0
    ? [
        `\n${countedAbout(aboutOf(it), it.deadLetters, 'message', it.margins?.deadLetters)} could not be handled at all: please report this.`,
      ]
    : []),
  ...(it.mayPause ?? []).map(
    (pause) =>
      `\nMAY BE PAUSED: ${pause.sequence} from ${pause.at}: ${pause.why}. It may be chance: a larger sample tells; here it goes on.`,
  ),
  ...(it.neverReached.length > 0
    ? [
        '',
        it.neverReachedAtMost === undefined
          ? 'Nobody came here:'
          : `Nobody in the sample came here (of all, at most ${count(it.neverReachedAtMost)} leads may):`,
      ]
    : []),
  ...it.neverReached.map(({ sequence, step, to, label }) =>
    to === undefined
      ? `  ${sequence}: ${step === '(start)' ? 'nobody entered it' : step}`
      : `  ${sequence}: from ${step} to ${to}${label ? ` (${label})` : ''}`,
  ),
];
