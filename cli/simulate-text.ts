import { dollars as exactDollars, serviceNames } from '#cli/cost-text';
import { salesInWords } from '#cli/simulate/sales-text';
import { services } from '#core/cost';
import { sentenceFor } from '#core/explain/endings';
import { count, counted, dollars, percent, share } from '#local/report/words';
import type { ReasonFigures, SimulationReport } from '#local/simulate/report';

/** The report of a simulation for a terminal. */
export const simulationInWords = (it: SimulationReport): string =>
  [...head(it), '', ...volume(it), '', ...sequences(it), ...held(it), '', ...salesInWords(it), '', ...money(it), ...warnings(it)].join(
    '\n',
  );

const head = (it: SimulationReport): readonly string[] => [
  it.ofLeads === undefined
    ? `${counted(it.leads, 'lead')} over ${counted(it.days, 'day')} from ${it.startAt.slice(0, 10)}, seed ${it.seed}`
    : `INTERRUPTED: ${count(it.leads)} of ${count(it.ofLeads)} leads over ${counted(it.days, 'day')} from ${it.startAt.slice(0, 10)}, seed ${it.seed}`,
  ...Object.entries(it.rejected).map(([reason, rows]) => `  ${counted(rows, 'row')} left out: ${reason}`),
];

const volume = (it: SimulationReport): readonly string[] => {
  const busiest = it.emailsPerDay.reduce(
    (most, day) => (day.together > most.together ? day : most),
    it.emailsPerDay[0] ?? { date: '', together: 0, sent: {} },
  );
  const full = it.emailsPerDay.filter((day) => day.warmUp !== undefined && day.together >= day.warmUp).length;
  return [
    `${count(it.emails)} e-mails, ${(it.emails / Math.max(1, it.leads)).toFixed(1)} to a lead; the busiest day is ${busiest.date} with ${count(busiest.together)}`,
    ...(it.quota === undefined
      ? []
      : [
          `  SES lets ${count(it.quota)} through in a day: ${it.daysOverQuota === 0 ? 'enough on every day' : `too few on ${counted(it.daysOverQuota, 'day')}`}`,
        ]),
    ...(full > 0 ? [`  the warm-up is used up on ${counted(full, 'day')}`] : []),
    `  to one lead: ${it.emailsPerLead.map(({ emails, leads }) => `${emails}: ${count(leads)}`).join(', ')}`,
  ];
};

const sequences = (it: SimulationReport): readonly string[] =>
  it.sequences.flatMap((one) => [
    `${one.sequence}: ${counted(one.enrolments, 'run')}; ${Object.entries(one.endings)
      .sort(([, a], [, b]) => b - a)
      .map(([ending, runs]) => `${ending} ${percent(share(runs, one.enrolments))}`)
      .join(', ')}`,
    ...one.steps.map((step) => {
      const mail =
        step.sent === undefined
          ? ''
          : `  sent ${count(step.sent)}, opened ${percent(share(step.opened ?? 0, step.sent))}, clicked ${percent(share(step.clicked ?? 0, step.sent))}`;
      return `  ${step.step.padEnd(24)} ${count(step.entered).padStart(10)} came here${step.stopped > 0 ? `, ${count(step.stopped)} ended` : ''}${mail}`;
    }),
    '',
  ]);

const held = (it: SimulationReport): readonly string[] => [
  ...reasons('put off', it.deferred),
  ...reasons('skipped', it.skipped),
  ...reasons('did not enter', it.notEnrolled),
];

const reasons = (word: string, all: readonly ReasonFigures[]): readonly string[] =>
  all.map((it) => `${word.padEnd(14)} ${count(it.count).padStart(10)}  ${it.sequence}: ${sentenceFor(it.reason)}`);

const money = (it: SimulationReport): readonly string[] => {
  const billed = services.filter((service) => it.costUsd[service] > 0);
  return [
    `${dollars(it.costUsd.total)} in all at AWS list prices of us-east-1: ${billed.map((service) => `${serviceNames[service]} ${dollars(it.costUsd[service])}`).join(', ')}`,
    `  ${exactDollars(it.costPerLead)} a lead${it.costPerQualified === undefined ? '' : `, ${exactDollars(it.costPerQualified)} a lead that qualifies`}; what stands there each month comes on top: npx baton cost --from <this as --json>`,
  ];
};

const warnings = (it: SimulationReport): readonly string[] => [
  ...it.pauses.map((pause) => `\nPAUSED: ${pause.sequence} at ${pause.at}: ${pause.why}`),
  ...(it.deadLetters > 0 ? [`\n${counted(it.deadLetters, 'message')} could not be handled at all: please report this.`] : []),
  ...(it.neverReached.length > 0 ? ['', 'Nobody came here:'] : []),
  ...it.neverReached.map(({ sequence, step, to, label }) =>
    to === undefined
      ? `  ${sequence}: ${step === '(start)' ? 'nobody entered it' : step}`
      : `  ${sequence}: from ${step} to ${to}${label ? ` (${label})` : ''}`,
  ),
];
