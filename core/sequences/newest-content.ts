import { canonicalJson } from './canonical-json.ts';
import type { Artifact, CompiledEmail } from './model.ts';

/** Why words of a newer version do not reach a lead on an older one: another e-mail, not other words (docs/decisions/0036). */
export const contentKept = {
  gone: 'has no such e-mail any more',
  'other-file': 'has another e-mail there',
  sender: 'has another sender there',
  topic: 'is about another topic',
  basis: 'mails on another lawful basis',
  transactional: 'changed whether it is transactional',
  condition: 'sends it under another condition',
  language: 'lacks one of its languages',
  'no-link': 'has no link there, and this version waits for a click',
} as const;
export type ContentKept = keyof typeof contentKept;

/** `own`: nothing newer is published for it. `kept`: there is, and it is no mere change of words. */
export type ContentChoice =
  | { readonly from: 'own'; readonly content: CompiledEmail }
  | { readonly from: 'newest'; readonly content: CompiledEmail; readonly version: string }
  | { readonly from: 'kept'; readonly content: CompiledEmail; readonly because: ContentKept };

/**
 * The words in which an e-mail goes to a lead who is on `own`. The deployed version decides: its `content: latest` is the marketer's
 * last word. Everything but the words (when, whether, what comes after it) stays that of the lead's own version. Pure.
 */
export const contentOf = (own: Artifact, step: string, newest: Artifact | undefined): ContentChoice => {
  const content = own.emails[step]?.content;
  if (!content) throw new Error(`no e-mail ${step} in ${own.sequence} ${own.version}`);
  if (!newest || newest.version === own.version) return { from: 'own', content };
  const published = sameStepIn(newest, step);
  if (!published) return isWanted(newest) ? { from: 'kept', content, because: 'gone' } : { from: 'own', content };
  if (!published.step.contentLatest || isSame(content, published.content)) return { from: 'own', content };
  const because = differenceOf(own, step, newest, published);
  return because ? { from: 'kept', content, because } : { from: 'newest', content: published.content, version: newest.version };
};

type Email = Artifact['emails'][string];

/** By its name, or by the one it had. */
const sameStepIn = ({ emails }: Artifact, step: string): Email | undefined =>
  emails[step] ?? Object.values(emails).find((it) => it.step.was === step);

const isWanted = ({ emails }: Artifact): boolean => Object.values(emails).some((it) => it.step.contentLatest);

const differenceOf = (own: Artifact, step: string, newest: Artifact, published: Email): ContentKept | undefined => {
  const mine = own.emails[step] as Email;
  if (own.topic !== newest.topic) return 'topic';
  if (own.lawfulBasis !== newest.lawfulBasis) return 'basis';
  if (mine.step.email !== published.step.email && mine.step.id === published.step.id) return 'other-file';
  if (mine.step.transactional !== published.step.transactional) return 'transactional';
  if (!areAlike(mine.step.onlyIf, published.step.onlyIf)) return 'condition';
  if (!areAlike(mine.content.sender, published.content.sender)) return 'sender';
  const [before, after] = [mine.content.locales ?? {}, published.content.locales ?? {}];
  if (Object.keys(before).some((it) => !(it in after))) return 'language';
  if (Object.keys(after).some((it) => !areAlike(before[it]?.sender ?? mine.content.sender, after[it]?.sender))) return 'sender';
  if (own.tracks.includes(`clicked:${step}`) && copiesOf(published.content).some((it) => !trackedLink.test(it.html))) return 'no-link';
  return undefined;
};

/** Those that are kept out of click tracking (leaving, preferences) say nothing about interest. */
const trackedLink = /<a\s(?![^>]*ses:no-track)[^>]*href=/i;

const copiesOf = (content: CompiledEmail): readonly CompiledEmail[] => [content, ...Object.values(content.locales ?? {})];

const areAlike = (one: unknown, other: unknown): boolean => canonicalJson(one ?? null) === canonicalJson(other ?? null);

/** No JSON of whole e-mails: this is asked at every send to somebody on an older version. */
const isSame = (one: CompiledEmail, other: CompiledEmail): boolean => {
  const [mine, theirs] = [one.locales ?? {}, other.locales ?? {}];
  return (
    one.html === other.html &&
    one.subject === other.subject &&
    one.preheader === other.preheader &&
    one.text === other.text &&
    areAlike(one.sender, other.sender) &&
    Object.keys(mine).join() === Object.keys(theirs).join() &&
    Object.entries(mine).every(([locale, copy]) => isSame(copy, theirs[locale] as CompiledEmail))
  );
};
