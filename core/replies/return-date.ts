import { anyMonth, anyWeekday, months, tomorrows, weekdays } from './calendar-words.ts';
import { plainWords } from './plain-words.ts';

/** Nobody is away for longer; a date further off is of something else. */
const furthestDays = 366;
/** A day without a year that would be further off lies in the past. */
const furthestWithoutYear = 200;
/** So far before a date stands the word that says what it is. */
const cueCharacters = 60;
const day = 86_400_000;

type Mention = { readonly at: number; readonly end: number; readonly dates: readonly number[] };

/**
 * The first day on which mail is read again (YYYY-MM-DD), as an out-of-office text says it; undefined: it does not, or not so that
 * it can be read. `back on the 7th` is the 7th, `away until the 7th` the 8th: a day too many does no harm. `today`: when it came.
 */
export const returnDate = (text: string, today: string): string | undefined => {
  const words = plainWords(text).replace(/\s+/g, ' ');
  const now = Date.parse(`${today}T00:00:00Z`);
  const found = mentions(words, now).flatMap((mention) => {
    const cue = cueOf(words, mention);
    if (!cue) return [];
    const later = mention.dates.map((it) => (cue === 'until' ? it + day : it)).filter((it) => it > now && it <= now + furthestDays * day);
    const nearest = Math.min(...later);
    return later.length === 0 ? [] : [{ cue, date: nearest }];
  });
  const back = found.filter((it) => it.cue === 'back').map((it) => it.date);
  const until = found.filter((it) => it.cue === 'until').map((it) => it.date);
  const date = back.length > 0 ? Math.min(...back) : until.length > 0 ? Math.max(...until) : undefined;
  return date === undefined ? undefined : new Date(date).toISOString().slice(0, 10);
};

const backWords =
  /\b(?:back|return(?:s|ing|ed)?|resum(?:e|ing)|available(?: again)?|reachable again|again (?:on|from)|wieder|zuruck|ab dem|ab|de retour|retour|reprend(?:s|rai)|a partir d[ue]|a partire da|de vuelta|de regreso|regres\w+|vuelv\w+|reincorpor\w+|volver\w*|rientr\w+|torner\w+|ritorn\w+|di ritorno|disponibile dal|terug|weer (?:bereikbaar|aanwezig)|vanaf|regress\w+|retorn\w+|volt\w+|estarei de volta|wrac\w+|wroc\w+|powrot\w*|ponownie|od)\b/g;
const untilWords =
  /\b(?:until|till|til|through|thru|up to|to|bis(?: zum| einschliesslich| inklusive| inkl\.?)*|jusqu'(?:au|a|en)|au|hasta(?: el)?|al|fino (?:al|a)|sino al|tot(?: en met)?|t\/m|ate(?: ao| o| a)?|ao|a|do)\b|(?:\d[./]?|\d{4}|[a-z]{3,}) ?[-–—]/g;
/** Between the word and the date nothing but these may stand: articles, days, `of`. */
const between = new RegExp(
  `^[\\s,:(]*(?:(?:on|the|am|dem|den|de|der|zum|le|la|el|il|lo|op|dia|dnia|em|no|na|w|we|dal|del|vom|from|in|office|im|buro|au|bureau|a la oficina|alla|in ufficio|kantoor|escritorio|do|biura|of|and|und|including|einschliesslich|inclusive|inkl\\.?|about|approximately|ca\\.?|lavoro|erreichbar|da|bin|ich|work|to|your|mail|disponible|disponivel|ao|oficina|a|du|des|next|nachsten|kommenden|volgende|prochain|proximo|prossimo|przyszly|rano|again|in the|the office|op kantoor|bereikbaar|aanwezig|with you|wieder|joignable|${anyWeekday})[\\s,.:(]*)*$`,
);

/** German and Dutch may say it after the date: `bin ich am 30. März wieder da`. */
const afterwards = /^[,.]?(?: \d{4})? (?:bin ich |ben ik )?(?:wieder|zuruck|terug|weer)\b/;

const cueOf = (words: string, { at, end }: Mention): 'back' | 'until' | undefined => {
  if (afterwards.test(words.slice(end, end + cueCharacters))) return 'back';
  const before = words.slice(Math.max(0, at - cueCharacters), at);
  const last = (pattern: RegExp) =>
    [...before.matchAll(pattern)].filter((it) => between.test(before.slice(it.index + it[0].length))).at(-1)?.index ?? -1;
  const [back, until] = [last(backWords), last(untilWords)];
  if (back < 0 && until < 0) return undefined;
  // `bis … zurück`, `fino al`, `return to the office on`: what says `back` counts, unless `until` stands after it.
  if (back >= 0 && until >= 0) return isArticle(before.slice(until)) || back > until ? 'back' : 'until';
  return back >= 0 ? 'back' : 'until';
};

/** These short words are articles and prepositions when a word for `back` stands before them. */
const isArticle = (text: string): boolean => /^(?:to|au|al|a|ao|do)\b/.test(text);

const mentions = (words: string, now: number): readonly Mention[] => {
  const taken: Mention[] = [];
  for (const { pattern, read } of formats) {
    for (const match of words.matchAll(pattern)) {
      const [at, end] = [match.index, match.index + match[0].length];
      if (taken.some((it) => at < it.end && end > it.at)) continue;
      const dates = read(match, now);
      if (dates.length > 0) taken.push({ at, end, dates });
    }
  }
  return taken;
};

type Format = { readonly pattern: RegExp; readonly read: (match: RegExpMatchArray, now: number) => readonly number[] };

const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const formats: readonly Format[] = [
  { pattern: /\b(\d{4})-(\d{1,2})-(\d{1,2})\b/g, read: ([, y, m, d]) => dated(Number(y), Number(m), Number(d)) },
  {
    // 7 April 2026, 7. April, 7th of April, 1er avril, 7 de abril de 2026; with an end in front: 1-7 April is left to the dash.
    pattern: new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th|er|º|ª|\\.)?,? (?:of |de |d')?(${anyMonth})\\b\\.?(?:,? (?:de |del )?(\\d{4}))?`, 'g'),
    read: ([, d, m, y], now) => resolve(number(y), months.get(m ?? ''), Number(d), now),
  },
  {
    pattern: new RegExp(`\\b(${anyMonth})\\b\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (\\d{4}))?`, 'g'),
    read: ([, m, d, y], now) => resolve(number(y), months.get(m ?? ''), Number(d), now),
  },
  {
    pattern: /\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2}\b)?/g,
    read: ([, d, m, y], now) => resolve(fullYear(y), Number(m), Number(d), now),
  },
  {
    // Day first nearly everywhere; where both can be meant both are, and the nearer one that is to come counts.
    pattern: /\b(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?\b/g,
    read: ([, one, other, y], now) => [
      ...resolve(fullYear(y), Number(other), Number(one), now),
      ...resolve(fullYear(y), Number(one), Number(other), now),
    ],
  },
  // `Tuesday, 7 April` is read as the date that it names.
  {
    pattern: new RegExp(`\\b(${anyWeekday})\\b(?!,? (?:the |den |dem |le |el |il |o |op |dia |dnia )?(?:\\d|(?:${anyMonth})\\b))`, 'g'),
    read: ([, name], now) => [nextWeekday(weekdays.get(name ?? '') ?? 1, now)],
  },
  { pattern: new RegExp(`\\b(?:${tomorrows})\\b`, 'g'), read: (_, now) => [now + day] },
];

const fullYear = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : text.length === 2 ? 2000 + Number(text) : Number(text);

const dated = (year: number, month: number, date: number): readonly number[] => {
  const at = Date.UTC(year, month - 1, date);
  const made = new Date(at);
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === date ? [at] : [];
};

/** Without a year: this year's, or next year's where this one's is over; not one that is hardly over. */
const resolve = (year: number | undefined, month: number | undefined, date: number, now: number): readonly number[] => {
  if (month === undefined) return [];
  if (year !== undefined) return dated(year, month, date);
  const thisYear = new Date(now).getUTCFullYear();
  return [thisYear, thisYear + 1]
    .flatMap((it) => dated(it, month, date))
    .filter((it) => it >= now && it <= now + furthestWithoutYear * day)
    .slice(0, 1);
};

/** The next such day after today. */
const nextWeekday = (weekday: number, now: number): number => {
  const today = ((new Date(now).getUTCDay() + 6) % 7) + 1;
  return now + (((weekday - today + 6) % 7) + 1) * day;
};
