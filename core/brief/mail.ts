import { escapeHtml } from '#core/html';
import type { BriefFacts, BriefLink } from './facts.ts';
import type { Row } from './parts.ts';
import { briefText, cameFrom, doNotEmailWords, headlineOf, introOf, isOver, subjectOf } from './words.ts';

export type BriefMail = { readonly subject: string; readonly text: string; readonly html: string };

export const briefMail = (facts: BriefFacts): BriefMail => ({
  subject: subjectOf(facts),
  text: briefText(facts),
  html: briefHtml(facts),
});

/**
 * Tables and styles in place, as mail programs want it; dark where they can. Everything that comes from the lead is escaped and takes
 * one line. Links that answer are kept from click tracking: they lead straight to the page.
 */
const briefHtml = (facts: BriefFacts): string => {
  const over = isOver(facts);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(subjectOf(facts))}</title><style>${style}</style></head>`,
    `<body class="paper" style="margin:0;padding:0;background-color:#f4f6f8"><div style="display:none;max-height:0">${escapeHtml(preheaderOf(facts))}</div>`,
    '<div role="main"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="paper" style="background-color:#f4f6f8"><tr><td align="center" style="padding:24px 12px">',
    '<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" class="card" style="width:100%;max-width:600px;background-color:#ffffff;border-radius:12px"><tr><td class="inner" style="padding:28px;word-break:break-word;overflow-wrap:anywhere">',
    `<h1 class="ink" style="margin:0 0 8px;font:bold 22px/1.3 ${font};color:#1d2733">${escapeHtml(headlineOf(facts))}</h1>`,
    paragraph(introOf(facts)),
    ...(facts.doNotEmail
      ? [
          `<p class="warn" style="margin:0 0 16px;padding:10px 14px;font:bold 16px/1.5 ${font};color:#7a2e00;background-color:#fdeee3">${escapeHtml(doNotEmailWords)}</p>`,
        ]
      : []),
    ...(over ? [] : body(facts)),
    `<p class="soft" style="margin:24px 0 0;font:13px/1.5 ${font};color:#55616e">${over ? '' : `${escapeHtml(cameFrom(facts))} Why you: ${escapeHtml(facts.routedBecause)}.<br>`}Task ${escapeHtml(facts.taskId)}</p>`,
    '</td></tr></table></td></tr></table></div></body></html>',
  ].join('');
};

const font = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const style = [
  '@media (max-width:480px){.inner{padding:20px !important}.button{display:block !important;margin-right:0 !important}.long th,.long td{display:block !important;width:auto !important;padding:0 !important}.long td{padding-bottom:8px !important}}',
  '@media (prefers-color-scheme:dark){.paper{background-color:#12171d !important}.card{background-color:#1c242d !important}.ink{color:#e7edf3 !important}.soft{color:#a9b4c0 !important}.said{background-color:#17362c !important;color:#e7edf3 !important}.warn{background-color:#43270f !important;color:#ffd9ba !important}.link{color:#59c9a5 !important}.first{background-color:#59c9a5 !important;color:#0d1b16 !important}.other{border-color:#59c9a5 !important;color:#59c9a5 !important}}',
].join('');

const preheaderOf = ({ reasons, score }: BriefFacts): string => [...reasons.slice(0, 2), score].join(' · ');

const body = (facts: BriefFacts): readonly string[] => [
  buttons(facts.answers),
  table([...facts.rows, ...(facts.localTime === undefined ? [] : [{ label: 'there it is', value: facts.localTime }])]),
  ...part(`Why now`, list([...facts.reasons, ...(facts.prediction === undefined ? [] : [facts.prediction])]), facts.score),
  ...(facts.opening
    ? part(
        'You could begin with',
        `<p class="said" style="margin:0 0 8px;padding:12px 14px;font:16px/1.5 ${font};color:#1d2733;background-color:#e3f3ed">${escapeHtml(facts.opening.words)}</p>${paragraph(facts.opening.advice)}`,
      )
    : []),
  ...part('Last touches', table(facts.touches, 'long'), 'in their time'),
  ...part('Pages', table(facts.pages, 'long')),
  ...part('What they told us', table(facts.given, 'long')),
];

const paragraph = (text: string): string =>
  `<p class="ink" style="margin:0 0 16px;font:16px/1.5 ${font};color:#1d2733">${escapeHtml(text)}</p>`;

const part = (title: string, content: string, note = ''): readonly string[] => {
  if (content === '') return [];
  const beside =
    note === '' ? '' : ` <span class="soft" style="font-weight:normal;font-size:14px;color:#55616e">${escapeHtml(note)}</span>`;
  return [`<h2 class="ink" style="margin:24px 0 8px;font:bold 17px/1.3 ${font};color:#1d2733">${escapeHtml(title)}${beside}</h2>`, content];
};

const list = (items: readonly string[]): string =>
  items.length === 0
    ? ''
    : `<ul style="margin:0;padding:0 0 0 20px">${items.map((it) => `<li class="ink" style="margin:0 0 4px;font:16px/1.5 ${font};color:#1d2733">${escapeHtml(it)}</li>`).join('')}</ul>`;

/** `long`: days and paths, which get more room beside, and on a phone a line of their own above. */
type Labels = 'short' | 'long';

const table = (rows: readonly Row[], labels: Labels = 'short'): string =>
  rows.length === 0
    ? ''
    : `<table cellpadding="0" cellspacing="0" border="0" class="${labels}" style="width:100%">${rows.map((it) => row(it, labels)).join('')}</table>`;

const row = ({ label, value, url }: Row, labels: Labels): string => {
  const width = labels === 'long' ? '42%' : '34%';
  const shown =
    url === undefined
      ? escapeHtml(value)
      : `<a ses:no-track class="link" href="${escapeHtml(url)}" style="color:#0b6b50">${escapeHtml(value)}</a>`;
  return `<tr><th class="soft" scope="row" align="left" valign="top" style="padding:3px 16px 3px 0;width:${width};font:15px/1.5 ${font};color:#55616e">${escapeHtml(label)}</th><td class="ink" valign="top" style="padding:3px 0;font:16px/1.5 ${font};color:#1d2733">${shown}</td></tr>`;
};

/** Padding on the link itself, so that all of the button can be pressed. */
const buttons = (links: readonly BriefLink[]): string =>
  `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px;width:100%"><tr><td>${links
    .map(({ label, url, isFirst }) => {
      const look = isFirst ? 'background-color:#0b6b50;color:#ffffff;border:2px solid #0b6b50' : 'color:#0b6b50;border:2px solid #0b6b50';
      return `<a ses:no-track class="button ${isFirst ? 'first' : 'other'}" href="${escapeHtml(url)}" style="display:inline-block;margin:0 8px 8px 0;padding:11px 20px;font:bold 16px/1.25 ${font};text-decoration:none;text-align:center;border-radius:8px;${look}">${escapeHtml(label)}</a>`;
    })
    .join('')}</td></tr></table>`;
