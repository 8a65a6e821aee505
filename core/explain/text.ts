import { Temporal } from 'temporal-polyfill';
import type { Instant } from '#core/instant';
import { predictionInWords } from '#core/predict/story';
import { type DayAnswer, dayOf } from './days.ts';
import type { Explanation } from './explanation.ts';
import type { Coming } from './next.ts';
import type { ScoreStory } from './score.ts';
import type { Happening } from './story.ts';

const zoneBecause = { own: 'its own', country: 'its country’s', brand: 'the brand’s, for want of a better one' } as const;

/** For people, in the time of the lead. */
export const inWords = (explanation: Explanation): string => {
  const { leadId, stage, at, zone, day, happened, next, score } = explanation;
  const local = localIn(zone.zone);
  const head = [`Lead ${leadId}, stage ${stage}. Times in ${zone.zone} (${zoneBecause[zone.because]}); it is ${local(at)}.`];
  if (day) return [...head, '', ...dayInWords(day, happened, zone.zone)].join('\n');
  return [
    ...head,
    ...section(
      'What happened',
      happened.map((it) => happeningInWords(it, local)),
    ),
    ...section(
      'Days on which an e-mail did not go',
      explanation.withoutMail.flatMap((it) => dayLines(it, local)),
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

const happeningInWords = (it: Happening, local: (at: Instant) => string): string => `${local(it.at)}  ${sentenceOf(it)}`;

export const sentenceOf = ({ what, why, code, rule }: Happening): string => {
  const reason = why === undefined ? '' : `: ${why}`;
  const coded = code === undefined ? '' : ` [${code}]`;
  return `${what}${reason}${coded}${rule === undefined || rule === '' ? '' : ` — ${rule}`}`;
};

const comingInWords = ({ at, what, code }: Coming, local: (at: Instant) => string): string =>
  `${at === undefined ? 'at any moment' : local(at)}  ${what}${code === undefined ? '' : ` [${code}]`}`;

const dayLines = ({ day, because, sent }: DayAnswer, local: (at: Instant) => string): readonly string[] => [
  ...because.map((it) => `${day} ${local(it.at).slice(11)}  ${sentenceOf(it)}`),
  ...sent.map((it) => `${day} ${local(it.at).slice(11)}  but then: ${sentenceOf(it)}`),
];

const dayInWords = ({ day, sent, because }: DayAnswer, story: readonly Happening[], zone: string): readonly string[] => {
  const local = localIn(zone);
  const of = story.filter((it) => dayOf(it.at, zone) === day);
  const answer =
    sent.length > 0
      ? [`On ${day} this went:`, ...sent.map((it) => `  ${happeningInWords(it, local)}`)]
      : [`On ${day} no e-mail went:`, ...because.map((it) => `  ${sentenceOf(it)}`)];
  const rest = of.filter((it) => it.kind !== 'mail' && !because.includes(it));
  return [
    ...answer,
    ...section(
      'What else happened that day',
      rest.map((it) => happeningInWords(it, local)),
    ),
  ];
};

const scoreInWords = (score: ScoreStory, local: (at: Instant) => string): readonly string[] => [
  `fit ${score.fit}, engagement ${score.engagement}${score.grade === undefined ? '' : `, grade ${score.grade}`}: ${score.qualifies ? 'enough' : 'not enough'} for sales`,
  `the rule: ${score.rule}`,
  ...(score.prediction ? [predictionInWords(score.prediction)] : []),
  ...score.disqualifiedBy.map((it) => `never goes to sales: ${it}`),
  ...score.fitLines.map((it) => `${signed(it.points)}  fit: ${it.because}${it.met.length > 0 ? ` (${it.met.join(', ')})` : ''}`),
  ...score.lines.map((it) =>
    it.left === undefined
      ? `${signed(it.now)}  ${it.because} on ${local(it.at)} (was worth ${it.points})`
      : `    0  ${it.because} on ${local(it.at)}: ${it.left === 'machine' ? 'a machine, ' : ''}${it.why ?? it.left}`,
  ),
];

const signed = (points: number): string => `${points < 0 ? '−' : '+'}${Math.abs(points)}`.padStart(5);
