import type { Problem } from '#core/problems';
import { type Finding, problemAt, type Source } from './source.ts';
import { decodeEntities } from './urls.ts';
import type { Vault } from './vault.ts';

/** What works, and yet costs readers: warnings, each with its why. `html`: the letter's own part, Liquid still hidden. */
export type Linted = {
  readonly source: Source;
  readonly from: number;
  readonly html: string;
  readonly text: string;
  readonly subject: string;
  readonly preheader: string;
  readonly vault: Vault;
};

export const lint = (letter: Linted): readonly Problem[] => [
  ...headingOf(letter),
  ...linksOf(letter),
  ...imagesOf(letter),
  ...contrastsOf(letter),
];

const warn = (finding: Omit<Finding, 'severity'>): Finding => ({ severity: 'warning', ...finding });
const subjectLimit = 70;
const preheaderLimit = 140;

/** Liquid counts as the word it becomes. */
const shownLength = (text: string) =>
  text
    .replaceAll(/\{%[^%]*%\}/g, '')
    .replaceAll(/\{\{[^}]*\}\}/g, 'xxxxxxxx')
    .trim().length;

const headingOf = ({ source, subject, preheader }: Linted): readonly Problem[] => {
  const findings: Finding[] = [];
  const length = shownLength(subject);
  if (length > subjectLimit)
    findings.push(
      warn({
        code: 'long-subject',
        what: 'phones cut this subject off',
        got: `about ${length} characters`,
        allowed: `at most ${subjectLimit}`,
      }),
    );
  if (preheader.trim() === '')
    findings.push(
      warn({
        code: 'no-preheader',
        what: 'there is no preheader, so the inbox shows the first words of the e-mail beside the subject',
        allowed: 'preheader: "one line that makes the subject clearer"',
      }),
    );
  if (shownLength(preheader) > preheaderLimit)
    findings.push(
      warn({
        code: 'long-preheader',
        what: 'no inbox shows a preheader of this length',
        got: `about ${shownLength(preheader)} characters`,
        allowed: `at most ${preheaderLimit}`,
      }),
    );
  return findings.map((it) =>
    problemAt(source, it.code === 'long-subject' ? source.text.indexOf('subject') : Math.max(0, source.text.indexOf('preheader')), it),
  );
};

const vague = /^(click( here)?|here|this( link)?|link|read more|more|learn more|hier|hier klicken|mehr|cliquez ici|ici)[.!]?$/i;

const linksOf = ({ source, from, html, vault }: Linted): readonly Problem[] =>
  [...html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/gi)].flatMap(([, attributes = '', inner = '']) => {
    const url = vault.reveal(decodeEntities(/\shref\s*=\s*"([^"]*)"/i.exec(` ${attributes}`)?.[1] ?? ''));
    const words = wordsOf(vault.reveal(inner)).replaceAll(/\s+(?=[.!?])/g, '');
    const near = Math.max(source.text.indexOf(url, from), from);
    const findings: Finding[] = [];
    if (/^http:\/\//i.test(url))
      findings.push(
        warn({ code: 'insecure-link', what: 'browsers warn of pages without https', got: url, allowed: url.replace(/^http:/i, 'https:') }),
      );
    if (vague.test(words))
      findings.push(
        warn({
          code: 'vague-link',
          what: 'who listens to the links alone does not know where this one leads',
          got: words,
          allowed: 'words that say what is behind it',
        }),
      );
    return findings.map((it) => problemAt(source, near, it));
  });

const wordsOf = (html: string): string =>
  decodeEntities(html.replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Fewer words than this beside a picture, and a reader without pictures has nothing. */
const fewWords = 20;

const imagesOf = ({ source, from, html, text, vault }: Linted): readonly Problem[] => {
  const images = [...html.matchAll(/<img\b[^>]*>/gi)].map(([tag]) => tag);
  // The frame gives a picture on a line of its own the width of the column.
  const framed = new Set([...html.matchAll(/<p>\s*(<img\b[^>]*>)\s*<\/p>/gi)].map(([, tag]) => tag));
  const findings = images.flatMap((tag) => {
    const src = vault.reveal(/\ssrc\s*=\s*"([^"]*)"/i.exec(tag)?.[1] ?? '');
    const found: Finding[] = [];
    if (!/\salt\s*=\s*"[^"]*"/i.test(tag))
      found.push(
        warn({
          code: 'image-without-alt',
          what: 'half the readers see no pictures at first, and some never',
          got: src,
          allowed: 'alt text, or alt="" for decoration',
        }),
      );
    if (!framed.has(tag) && !/\swidth\s*=\s*"?\d/i.test(tag))
      found.push(
        warn({
          code: 'image-without-size',
          what: 'Outlook shows this picture at its full size',
          got: src,
          allowed: 'a width, e.g. {width=560}',
        }),
      );
    return found.map((it) => problemAt(source, Math.max(source.text.indexOf(src, from), from), it));
  });
  const words = text.split(/\s+/).filter((it) => /\p{L}/u.test(it)).length;
  const allImage = images.length > 0 && words < fewWords;
  const what = 'this e-mail is almost only pictures: many readers see nothing of it, and filters do not trust it';
  return [
    ...findings,
    ...(allImage
      ? [problemAt(source, from, warn({ code: 'only-pictures', what, got: `${words} words`, allowed: `at least ${fewWords}` }))]
      : []),
  ];
};

const leastContrast = 4.5;

/** Elements that say both colours themselves; what is inherited depends on the mail program. */
const contrastsOf = ({ source, from, html, vault }: Linted): readonly Problem[] =>
  [...html.matchAll(/\sstyle\s*=\s*"([^"]*)"/gi)].flatMap(([, style = '']) => {
    const ink = colourIn(style, 'color');
    const paper = colourIn(style, 'background-color') ?? colourIn(style, 'background');
    if (!ink || !paper) return [];
    const ratio = contrast(ink, paper);
    if (ratio >= leastContrast) return [];
    const got = `${ratio.toFixed(1)} to 1 (${ink.text} on ${paper.text})`;
    const finding = warn({
      code: 'low-contrast',
      what: 'these colours are hard to tell apart for many eyes',
      got,
      allowed: `at least ${leastContrast} to 1`,
    });
    return [problemAt(source, Math.max(vault.reveal(source.text).indexOf(ink.text, from), from), finding)];
  });

type Colour = { readonly text: string; readonly channels: readonly number[] };

const colourIn = (style: string, property: string): Colour | undefined => {
  const text = new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*(#[0-9a-f]{3}(?:[0-9a-f]{3})?)\\b`, 'i').exec(style)?.[1];
  if (text === undefined) return undefined;
  const hex = text.length === 4 ? [...text.slice(1)].map((it) => it + it).join('') : text.slice(1);
  return { text, channels: [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) };
};

/** WCAG 2.2, relative luminance. */
const luminance = ({ channels }: Colour): number => {
  const [red = 0, green = 0, blue = 0] = channels.map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one: Colour, other: Colour): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
