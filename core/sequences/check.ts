import type { Condition } from '#core/condition';
import type { LiveConfig, Scoring } from '#core/config';
import { meantHint } from '#core/did-you-mean';
import { trackedKeys } from '#core/evaluate-condition';
import { ownLists } from '#core/lists';
import { conditionsOfStep, listsIn } from '#core/lists-used';
import type { EmailFile, Marketing } from '#core/marketing';
import { pageTexts } from '#core/page-texts/texts';
import type { Report, YamlPath } from '#core/problems';
import { everOpens } from '#core/send-window';
import { checkAnswers, checkSteps } from './check-steps.ts';
import { checkWinners } from './check-winners.ts';
import { entryConditionsOf, eventsOf } from './enter.ts';
import { located } from './located.ts';
import type { Sequence, Step } from './model.ts';
import { everyStep } from './plan.ts';

/** What can only be seen with all of `marketing/` in view. */
export const checkMarketing = (marketing: Marketing): void => {
  const { live, sequences, reporterFor } = marketing;
  const brand = live?.brand ?? marketing.brand;
  const unread = (marketing.unread ?? []).map((it) => it.folder);
  for (const { sequence, emailFiles } of sequences) {
    const file = `sequences/${sequence.id}/sequence.yaml`;
    const report = reporterFor(file);
    // A step that could not be read sends nothing yet: its e-mails are not unused.
    const isWhole = !marketing.problems.some((it) => it.file === file && it.severity === 'error');
    if (brand) checkTopic(sequence, brand, report);
    if (live) checkPageLanguages(emailFiles, live, reporterFor);
    if (brand) checkWindows(sequence, brand, report);
    checkMailConditions(sequence, report);
    checkSteps(
      sequence,
      sequences.map((it) => it.sequence),
      unread,
      live,
      report,
    );
    if (live) checkLists(sequence, live.scoring, report);
    checkExits(sequence, live, report);
    checkOff(sequence, report);
    checkWinners(sequence, report);
    if (isWhole) checkUnusedEmails(sequence, [...new Set(Object.values(emailFiles).map((it) => it.email))], report);
  }
  if (live) checkScoringLists(live.scoring, reporterFor('scoring.yaml'));
  if (live) checkQualification(live.scoring, reporterFor('scoring.yaml'));
  if (live) checkRecycling(live.sales, marketing, reporterFor('sales.yaml'));
};

/** Who reads a mail in Finnish and presses its link should not land on a page in English. */
const checkPageLanguages = (
  files: { readonly [name: string]: EmailFile },
  { brand, pages = {} }: LiveConfig,
  reporterFor: Marketing['reporterFor'],
) => {
  const known = new Set([...Object.keys(pageTexts), ...Object.keys(pages), ...Object.keys(pages).map((it) => it.slice(0, 2))]);
  for (const { locale, file } of Object.values(files)) {
    if (locale === undefined || known.has(locale) || known.has(locale.slice(0, 2))) continue;
    reporterFor(file)([], {
      severity: 'warning',
      code: 'no-page-texts',
      what: `the pages behind the links of this e-mail do not speak ${locale}: its readers get them in ${known.has(brand.locale.slice(0, 2)) ? brand.locale : 'en'}`,
      allowed: `a file pages/${locale.slice(0, 2)}.yaml (docs/preferences.md)`,
    });
  }
};

const checkTopic = (sequence: Sequence, brand: Pick<LiveConfig['brand'], 'topics'>, report: Report) => {
  const topics = Object.keys(brand.topics);
  if (topics.includes(sequence.topic)) return;
  report(['topic'], {
    code: 'unknown-topic',
    what: 'there is no such topic in brand.yaml',
    got: sequence.topic,
    allowed: topics.join(', '),
    ...meantHint(sequence.topic, topics),
  });
};

/** A window that lies in the quiet hours altogether never opens; in any zone, so one is enough to tell. */
const checkWindows = (sequence: Sequence, { quietHours, timeZone: zone }: LiveConfig['brand'], report: Report) => {
  if (!quietHours) return;
  for (const { step, path } of located(sequence.steps)) {
    const window = step.kind === 'email' && !step.atOnce ? (step.window ?? sequence.window) : undefined;
    if (!window || everOpens({ from: anyMonday, zone, quietHours, window })) continue;
    report(path, { code: 'window-never-opens', what: `"${step.id}" could never go: its window lies in the quiet hours of brand.yaml` });
  }
};

const anyMonday = '2026-01-05T00:00:00.000Z';

/** `opened:` and `clicked:` must name an e-mail step of the same sequence. */
const checkMailConditions = (sequence: Sequence, report: Report) => {
  const mailSteps = everyStep(sequence.steps)
    .filter((it) => it.kind === 'email')
    .map((it) => it.id);
  for (const { step, path } of located(sequence.steps)) {
    for (const key of keysOf(step)) {
      const [kind = '', name = ''] = key.split(/:(.*)/s);
      if ((kind !== 'opened' && kind !== 'clicked') || mailSteps.includes(name)) continue;
      report(path, {
        code: 'unknown-email-step',
        what: `"${kind}" must name an e-mail step of this sequence`,
        got: name,
        allowed: mailSteps.join(', '),
        ...meantHint(name, mailSteps),
      });
    }
  }
};

const keysOf = (step: Step): readonly string[] => [
  ...conditionsOfStep(step).flatMap(trackedKeys),
  ...(step.kind === 'wait-for' ? step.arms.map((it) => it.awaits) : []),
];

const checkLists = ({ enter, steps }: Sequence, scoring: Scoring, report: Report) => {
  for (const { at, condition } of entryConditionsOf(enter)) reportLists(condition, ['enter', at], scoring, report);
  for (const { step, path } of located(steps)) for (const it of conditionsOfStep(step)) reportLists(it, path, scoring, report);
};

const checkScoringLists = (scoring: Scoring, report: Report) => {
  for (const [block, rules] of Object.entries({ fit: scoring.fit, disqualify: scoring.disqualify })) {
    rules.forEach((it, at) => void reportScoring(it.if, [block, at, 'if'], scoring, report));
  }
  scoring.stages.forEach((it, at) => void ('when' in it && reportScoring(it.when, ['stages', at, 'when'], scoring, report)));
  reportScoring(scoring.qualified.if, ['qualified'], scoring, report);
};

/** A condition of scoring.yaml. */
const reportScoring = (condition: Condition, path: YamlPath, scoring: Scoring, report: Report) => {
  reportLists(condition, path, scoring, report);
  checkAnswers(condition, undefined, path, report);
};

const reportLists = (condition: Condition, path: YamlPath, { lists }: Scoring, report: Report) => {
  const known = [...new Set([...Object.keys(lists), ...Object.keys(ownLists)])];
  for (const name of listsIn(condition).filter((it) => !known.includes(it))) {
    report(path, { code: 'unknown-list', what: 'there is no such list', got: name, allowed: known.join(', '), ...meantHint(name, known) });
  }
};

const checkExits = ({ enter, exits, ownExitsOnly }: Sequence, live: LiveConfig | undefined, report: Report) => {
  const everywhere = ownExitsOnly ? [] : (live?.brand.exits ?? []);
  for (const exit of everywhere) {
    if (!('on' in exit) || !eventsOf(enter).includes(exit.on)) continue;
    report(['enter', 'on'], {
      code: 'exit-on-entry',
      what: 'brand.yaml ends every run on the event that lets a lead in here',
      got: exit.on,
      allowed: 'another event, or `global-exits: false`',
    });
  }
  exits.forEach((exit, at) => {
    if (eventsOf(enter).includes(exit.event)) {
      report(['exit', at, 'on'], {
        code: 'exit-on-entry',
        what: 'the event that lets a lead in would end the run at once',
        got: exit.event,
      });
    }
  });
};

/** What becomes of the leads in a sequence that is switched off. */
export const offInWords = {
  hold: 'those in it get no mail until it is on again',
  finish: 'those in it go on to the end',
  exit: 'those in it get no more mail, and leave',
} as const;

const checkOff = ({ off }: Sequence, report: Report) => {
  if (!off) return;
  report(['enabled'], {
    severity: 'warning',
    code: 'switched-off',
    what: `the sequence is switched off: nobody enters, and ${offInWords[off]}`,
  });
};

const checkUnusedEmails = (sequence: Sequence, files: readonly string[], report: Report) => {
  const used = new Set(everyStep(sequence.steps).flatMap((it) => (it.kind === 'email' ? [it.email] : [])));
  for (const name of files.filter((it) => !used.has(it.replace(/\.[a-z]{2}$/, '')) && !used.has(it))) {
    report(['steps'], { severity: 'warning', code: 'unused-email', what: `no step sends emails/${name}`, at: 'key' });
  }
};

/**
 * Opens alone must never make a lead: mail clients and scanners open by themselves. The most that opens can reach is the
 * sum of a day's cap under decay, cap / (1 - 2^(-1 / half-life in days)); without a cap there is no limit. The rule is
 * judged with that much engagement and the best fit that the rules give.
 */
const checkQualification = (scoring: Scoring, report: Report) => {
  const bestFit = scoring.fit.reduce((sum, it) => sum + Math.max(0, it.points), 0);
  const opens = ceilingOf(scoring, (on) => on === 'opened');
  const all = ceilingOf(scoring, () => true);
  const needsEngagement = !couldHold(scoring.qualified.if, { fit: bestFit, engagement: 0 });
  if (needsEngagement && couldHold(scoring.qualified.if, { fit: bestFit, engagement: opens })) {
    report(['qualified'], {
      code: 'opens-alone',
      what: 'a lead could qualify on opens alone, and mail programs open mails by themselves',
      got: opens === Number.POSITIVE_INFINITY ? 'opens without a cap a day' : `up to ${Math.floor(opens)} points from opens`,
      hint: 'give the rule on `opened` fewer points or a cap such as `at-most: 1 per day`, or ask for more engagement',
      at: 'key',
    });
  }
  if (!couldHold(scoring.qualified.if, { fit: bestFit, engagement: all })) {
    report(['qualified'], {
      severity: 'warning',
      code: 'nobody-qualifies',
      what: 'nobody can qualify with these rules',
      got: `at most ${bestFit} points of fit and ${Math.floor(all)} of engagement`,
      at: 'key',
    });
  }
};

const ceilingOf = ({ engagement }: Scoring, concerns: (on: string) => boolean): number => {
  const daily = engagement.rules
    .filter((it) => concerns(it.on) && it.points > 0 && !it.once)
    .reduce((sum, it) => sum + it.points * (it.atMostPerDay ?? Number.POSITIVE_INFINITY), 0);
  const once = engagement.rules.filter((it) => concerns(it.on) && it.points > 0 && it.once).reduce((sum, it) => sum + it.points, 0);
  const capped = Math.min(daily, engagement.atMostPerDay ?? Number.POSITIVE_INFINITY);
  const kept = 2 ** (-86_400 / engagement.halfLifeSeconds);
  return (capped === 0 ? 0 : capped / (1 - kept)) + once;
};

/** Could the condition hold for some lead with at most this much? Everything but scores is taken to be as it needs to be. */
const couldHold = (condition: Condition, most: { readonly fit: number; readonly engagement: number }): boolean => {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((it) => couldHold(it, most));
    case 'any':
      return condition.of.some((it) => couldHold(it, most));
    case 'fit':
    case 'engagement':
      return most[condition.kind] >= (condition.atLeast ?? Number.NEGATIVE_INFINITY);
    default:
      return true;
  }
};

/** Where leads go on that sales gave back. A sequence that could not be read has said so itself. */
const checkRecycling = ({ answers }: LiveConfig['sales'], { sequences: all, unread = [] }: Marketing, report: Report) => {
  const { into, at } = answers.recycle;
  const sequences = all.map((it) => it.sequence);
  if (into === undefined || sequences.length === 0 || unread.some((it) => it.folder === into)) return;
  const ids = sequences.map((it) => it.id);
  const found = sequences.find((it) => it.id === into);
  const path = ['answers', 'recycle'];
  if (!found)
    return report([...path, 'into'], {
      code: 'unknown-sequence',
      what: 'there is no sequence of this name',
      got: into,
      allowed: ids.join(', '),
      ...meantHint(into, ids),
    });
  const steps = located(found.steps).map((it) => it.step.id);
  if (at === undefined || steps.includes(at)) return;
  report([...path, 'at'], {
    code: 'unknown-step',
    what: `${into} has no step of this name`,
    got: at,
    allowed: steps.join(', '),
    ...meantHint(at, steps),
  });
};
