import { toEpoch } from '#core/instant';
import type { Story } from './stories.ts';
import { add, type Tally } from './tally.ts';

/** One lead to look at, as an example of a difference. */
export type Sample = {
  readonly leadId: string;
  readonly what: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/** Of each kind of difference so many leads are named. */
export const samplesEach = 5;

/** The same leads under two versions, counted by what is different; both lists in the order of lead ids. */
export const compareStories = (
  before: readonly Story[],
  after: readonly Story[],
): { readonly tally: Tally; readonly samples: readonly Sample[] } => {
  const tally: Tally = new Map();
  const samples: Sample[] = [];
  const then = new Map(after.map((it) => [it.leadId, it]));
  for (const one of before) {
    const other = then.get(one.leadId) ?? { leadId: one.leadId, mails: [], endings: {}, answers: [] };
    const kinds = differences(one, other, tally);
    add(tally, 1, kinds.length > 0 ? 'different' : 'same');
    for (const what of kinds) {
      add(tally, 1, 'leads', what);
      if (samples.filter((it) => it.what === what).length < samplesEach)
        samples.push({ leadId: one.leadId, what, before: linesOf(one), after: linesOf(other) });
    }
  }
  return { tally, samples };
};

const differences = (one: Story, other: Story, tally: Tally): readonly string[] => [
  ...mailDifferences(one, other, tally),
  ...endingDifferences(one, other, tally),
  ...qualifyDifferences(one, other, tally),
  ...(one.answers.join() === other.answers.join() ? [] : ['another answer of sales']),
  ...secondCopies(one, other, tally),
];

/** Of two lists of e-mails: which are new, which go no more, and which go at another time. */
const mailDifferences = (one: Story, other: Story, tally: Tally): readonly string[] => {
  const timesOf = (story: Story) => new Map(story.mails.map((it) => [it.email, it.at]));
  const [before, after] = [timesOf(one), timesOf(other)];
  const kinds = new Set<string>();
  for (const [email, at] of before) {
    const then = after.get(email);
    if (then === undefined) {
      add(tally, 1, 'mail', email, 'no more');
      kinds.add('an e-mail less');
    } else if (then !== at) {
      const hours = Math.round((toEpoch(then) - toEpoch(at)) / 3_600_000);
      add(tally, 1, 'mail', email, hours < 0 || then < at ? 'earlier' : 'later');
      add(tally, 1, 'shift', shiftOf(hours));
      kinds.add('an e-mail at another time');
    }
  }
  for (const email of after.keys()) {
    if (before.has(email)) continue;
    add(tally, 1, 'mail', email, 'new');
    kinds.add('another e-mail');
  }
  return [...kinds];
};

const shiftOf = (hours: number): string => {
  const size = Math.abs(hours);
  const text =
    size < 1
      ? 'less than an hour'
      : size < 24
        ? 'less than a day'
        : size < 72
          ? '1 to 3 days'
          : size < 168
            ? '3 to 7 days'
            : 'more than a week';
  return `${text} ${hours < 0 ? 'earlier' : 'later'}`;
};

const endingDifferences = (one: Story, other: Story, tally: Tally): readonly string[] => {
  const sequences = new Set([...Object.keys(one.endings), ...Object.keys(other.endings)]);
  const changed = [...sequences].filter((it) => one.endings[it] !== other.endings[it]);
  for (const it of changed) add(tally, 1, 'ending', it, one.endings[it] ?? 'not in it', other.endings[it] ?? 'not in it');
  return changed.length > 0 ? ['another ending'] : [];
};

const qualifyDifferences = (one: Story, other: Story, tally: Tally): readonly string[] => {
  if (one.qualifiedAt === other.qualifiedAt) return [];
  const what =
    one.qualifiedAt === undefined ? 'qualifies now' : other.qualifiedAt === undefined ? 'qualifies no more' : 'qualifies at another time';
  add(tally, 1, 'qualified', what);
  return [what];
};

/**
 * A second copy: the new version sends one text twice to a lead; or under another name than the old one did, so that whoever has it
 * already gets it again once they meet the new version.
 */
const secondCopies = (one: Story, other: Story, tally: Tally): readonly string[] => {
  const kinds: string[] = [];
  const seen = new Map<string, string>();
  for (const { email, content } of other.mails) {
    const earlier = seen.get(content);
    if (earlier !== undefined) {
      add(tally, 1, 'copy', 'twice', earlier, email);
      kinds.push('a second copy');
    }
    seen.set(content, email);
  }
  const had = new Map(one.mails.map((it) => [it.content, it.email]));
  for (const { email, content } of other.mails) {
    const before = had.get(content);
    if (before === undefined || before === email || one.mails.some((it) => it.email === email)) continue;
    add(tally, 1, 'copy', 'moved', before, email);
    kinds.push('a copy under another name');
  }
  return [...new Set(kinds)];
};

const linesOf = ({ mails, endings, qualifiedAt, answers }: Story): readonly string[] => [
  ...mails.map((it) => `${it.at} ${it.email}`),
  ...Object.entries(endings).map(([sequence, ending]) => `${sequence}: ${ending}`),
  ...(qualifiedAt === undefined ? [] : [`${qualifiedAt} qualified`]),
  ...answers,
];
