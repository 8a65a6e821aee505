import { Temporal } from 'temporal-polyfill';
import type { Instant } from '#core/instant';
import { predictionInWords } from '#core/predict/story';
import { secondsInWords } from '#core/sequences/diagram';
import { type DayAnswer, dayOf } from './days.ts';
import type { Explanation } from './explanation.ts';
import type { Coming } from './next.ts';
import type { ScoreStory } from './score.ts';
import type { Happening } from './story.ts';

const zoneBecause = { own: 'its own', country: 'its country’s', brand: 'the brand’s, for want of a better one' } as const;

/** For people, in the time of the lead. */
export const inWords = (explanation: Explanation): string => {
  const { leadId, askedFor, stage, at, zone, day, happened, next, score } = explanation;
  const local = localIn(zone.zone);
  const head = [
    `Lead ${leadId}, stage ${stage}. Times in ${zone.zone} (${zoneBecause[zone.because]}); it is ${local(at)}.`,
    ...(askedFor === undefined
      ? []
      : [`${askedFor}, which you asked for, belongs to this lead: an earlier address, or a lead that went into it.`]),
  ];
  if (day) return [...head, '', ...dayInWords(day, happened, zone.zone)].join('\n');
  return [
    ...head,
    ...section(
      'What happened',
      happened.map((it) => happeningInWords(it, local)),
    ),
    ...section(
      'Days on which an e-mail did not go',
      stretchesOf(explanation.withoutMail).flatMap((it) => stretchInWords(it, local)),
    ),
    ...section(
      'What happens next',
      next.length > 0 ? next.map((it) => comingInWords(it, local)) : ['nothing by itself: the lead is in no sequence'],
    ),
    ...section('The score', scoreInWords(score, local)),
  ].join('\n');
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((it) => `  ${it}`)];

export const localIn =
  (zone: string) =>
  (at: Instant): string => {
    const local = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
    return `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
  };

const happeningInWords = (it: Happening, local: Local): string => `${local(it.at)}  ${sentenceOf(it, local)}`;

export const sentenceOf = ({ what, why, code, rule, inputs = {}, until, byMachine }: Happening, local: Local): string => {
  const reason = why === undefined || why === '' ? '' : `: ${why.replace(instants, local)}`;
  const coded = code === undefined ? '' : ` [${code}]`;
  const sure = byMachine === undefined ? '' : ` (sure to ${Math.round(byMachine * 100)} %)`;
  const given = Object.entries(inputs).map(([name, value]) => `${name} ${String(value).replace(instants, local)}`);
  const grounds = [...(rule === undefined || rule === '' ? [] : [rule]), ...(given.length > 0 ? [given.join(', ')] : [])].join('; ');
  return `${what}${reason}${coded}${sure}${until === undefined ? '' : `, ${code !== undefined && code.endsWith('-paused') ? 'looked at again' : 'until'} ${local(until)}`}${grounds === '' ? '' : ` — ${grounds}`}`;
};

type Local = (at: Instant) => string;
const instants = /\d{4}-\d{2}-\d{2}T[\d:.]+Z/g;

const comingInWords = ({ at, what, code }: Coming, local: (at: Instant) => string): string =>
  `${at === undefined ? 'no date yet     ' : local(at)}  ${what}${code === undefined ? '' : ` [${code}]`}`;

/** Days in a row with the same answer. */
type Stretch = { readonly first: string; readonly last: string; readonly answer: DayAnswer };

const stretchesOf = (days: readonly DayAnswer[]): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  for (const answer of days) {
    const before = stretches.at(-1);
    if (before && dayAfter(before.last) === answer.day && answersOf(before.answer).join() === answersOf(answer).join()) {
      // Of several looks the last one says how long.
      stretches[stretches.length - 1] = { first: before.first, last: answer.day, answer };
    } else stretches.push({ first: answer.day, last: answer.day, answer });
  }
  return stretches;
};

const dayAfter = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString();
const answersOf = ({ because, sent }: DayAnswer): readonly string[] => [
  ...new Set([...because.map((it) => `${it.enrolmentId} ${it.step} ${it.code}`), ...sent.map((it) => `sent ${it.enrolmentId} ${it.step}`)]),
];

const stretchInWords = ({ first, last, answer }: Stretch, local: Local): readonly string[] => {
  const days = first === last ? first : `${first} to ${last}`;
  const once = answer.because.filter(
    (it, at) =>
      answer.because.findLastIndex((one) => one.enrolmentId === it.enrolmentId && one.step === it.step && one.code === it.code) === at,
  );
  return [
    ...once.map((it) => `${days}  ${sentenceOf(it, local)}`),
    ...answer.sent.map((it) => `${days}  but then: ${sentenceOf(it, local)}`),
  ];
};

const dayInWords = ({ day, sent, because }: DayAnswer, story: readonly Happening[], zone: string): readonly string[] => {
  const local = localIn(zone);
  const of = story.filter((it) => dayOf(it.at, zone) === day);
  const answer =
    sent.length > 0
      ? [`On ${day} this went:`, ...sent.map((it) => `  ${happeningInWords(it, local)}`)]
      : [`On ${day} no e-mail went:`, ...because.map((it) => `  ${sentenceOf(it, local)}`)];
  const rest = of.filter((it) => it.kind !== 'mail' && !because.includes(it));
  return [
    ...answer,
    ...section(
      'What else happened that day',
      rest.map((it) => happeningInWords(it, local)),
    ),
  ];
};

/** What the score comes to: whether it is enough for sales, and what it would take. */
export const verdictInWords = (score: ScoreStory): readonly string[] => [
  `fit ${score.fit}, engagement ${score.engagement}${score.grade === undefined ? '' : `, grade ${score.grade}`}: ${score.qualifies ? 'enough' : 'not enough'} for sales`,
  ...(score.missing.length > 0 ? [`missing: ${score.missing.join(' and ')}`] : []),
  `the rule: ${score.rule}; points of engagement halve every ${secondsInWords(score.halfLifeSeconds)}`,
  ...(score.prediction ? [predictionInWords(score.prediction)] : []),
  ...score.disqualifiedBy.map((it) => `never goes to sales: ${it}`),
];

const scoreInWords = (score: ScoreStory, local: (at: Instant) => string): readonly string[] => [
  ...verdictInWords(score),
  ...score.fitLines.map((it) => `${signed(it.points)}  fit: ${it.because}${it.met.length > 0 ? ` (${it.met.join(', ')})` : ''}`),
  ...score.lines.map((it) =>
    it.left === undefined
      ? `${signed(it.now)}  ${it.because} on ${local(it.at)} (was worth ${it.points})`
      : `    0  ${it.because} on ${local(it.at)}: ${whyNothing(it)}`,
  ),
];

/** Why a line is worth nothing, or less than its rule says; empty: it counts. */
export const whyNothing = ({ left, why }: ScoreStory['lines'][number]): string =>
  left === undefined ? '' : `${left === 'machine' ? 'a machine, ' : ''}${why ?? left}`;

const signed = (points: number): string => `${points < 0 ? '−' : '+'}${Math.abs(points)}`.padStart(5);
