import { dayInWords, secondsInWords, triggerInWords } from '#core/sequences/diagram';
import { triggersOf } from '#core/sequences/enter';
import type { Artifact, Enter, EntryTrigger } from '#core/sequences/model';
import { conditionInWords } from './condition-words.ts';

/** What a marketer sets for the whole sequence, as it is written; everything else follows from the steps. */
export const settingsOf = (artifact: Artifact): object => {
  const { enter, ...rest } = Object.fromEntries(Object.entries(artifact).filter(([name]) => !derived.has(name)));
  return { ...rest, enter: enter && enterInWords(artifact.enter) };
};

const derived = new Set<string>([
  ...['format', 'sequence', 'version', 'longestSeconds', 'tracks', 'waitLengths', 'stepIds', 'begins', 'onward', 'soonestMail'],
  ...[
    'lastEmails',
    'fused',
    'emails',
    'branches',
    'conditions',
    'firsts',
    'splits',
    'repeats',
    'updates',
    'tellings',
    'enrolsIn',
    'webhooks',
  ],
  ...['plans', 'outline', 'experiments'],
]);

/** One way in, with all that it asks. */
export const wayInWords = (trigger: EntryTrigger): string => {
  if ('when' in trigger) return `when ${conditionInWords(trigger.when)}`;
  if (!('date' in trigger)) return triggerInWords(trigger);
  const { atMinute } = trigger.date;
  const time = `${String(Math.floor(atMinute / 60)).padStart(2, '0')}:${String(atMinute % 60).padStart(2, '0')}`;
  return `${dayInWords(trigger.date)}, at ${time}`;
};

const enterInWords = ({ on, also, again, ...rest }: Enter): object => ({
  ...rest,
  ...Object.fromEntries(triggersOf({ on, ...(also && { also }) }).map((it) => [`“${wayInWords(it)}”`, 'a way in'])),
  again: typeof again === 'object' ? `after ${secondsInWords(again.afterSeconds)}` : again.replace('-', ' '),
});
