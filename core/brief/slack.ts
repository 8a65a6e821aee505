import { context, fields, header, linkButtons, type SlackBlock, section, slackEscaped } from '#core/slack-blocks';
import type { BriefFacts } from './facts.ts';
import type { Row } from './parts.ts';
import { cameFrom, doNotEmailWords, headlineOf, introOf, isOver } from './words.ts';

/** The same in Slack: the top of it, with buttons that lead to the page. `mention`: who is spoken to. */
export const briefBlocks = (facts: BriefFacts, rep: string): readonly SlackBlock[] => {
  const intro = section(`*For ${slackEscaped(rep)}.* ${slackEscaped(introOf(facts))}`);
  const foot = context(`Task ${slackEscaped(facts.taskId)}`);
  if (isOver(facts)) return [header(headlineOf(facts)), intro, foot];
  const rows = [...facts.rows, ...(facts.localTime === undefined ? [] : [{ label: 'there it is', value: facts.localTime }])];
  return [
    header(headlineOf(facts)),
    intro,
    ...(facts.doNotEmail ? [section(`:no_entry: *${doNotEmailWords}*`)] : []),
    linkButtons(facts.answers),
    fields(rows.map(({ label, value, url }) => `*${slackEscaped(label)}*\n${linked(value, url)}`)),
    ...listed(`Why now (${facts.score})`, [...facts.reasons, ...(facts.prediction === undefined ? [] : [facts.prediction])]),
    ...(facts.opening
      ? [section(`*You could begin with*\n>${slackEscaped(facts.opening.words)}\n${slackEscaped(facts.opening.advice)}`)]
      : []),
    ...listed('Last touches, in their time', inWords(facts.touches)),
    ...listed('Pages', inWords(facts.pages)),
    ...listed('What they told us', inWords(facts.given)),
    context(`${slackEscaped(cameFrom(facts))} Why you: ${slackEscaped(facts.routedBecause)}.`),
    foot,
  ];
};

const inWords = (rows: readonly Row[]): readonly string[] => rows.map(({ label, value }) => `${label}: ${value}`);
const listed = (title: string, lines: readonly string[]): readonly SlackBlock[] =>
  lines.length === 0 ? [] : [section([`*${slackEscaped(title)}*`, ...lines.map((it) => `• ${slackEscaped(it)}`)].join('\n'))];

/** A bar or a bracket would end the link. */
const linked = (value: string, url: string | undefined): string =>
  url?.startsWith('https:') ? `<${url.replace(/[<>|]/g, '')}|${slackEscaped(value).replaceAll('|', ' ')}>` : slackEscaped(value);
