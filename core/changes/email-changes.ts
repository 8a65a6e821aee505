import type { CompiledEmail } from '#core/sequences/model';

/** What is different in an e-mail for those who read it, line by line; `looks`: nothing but its HTML. */
export type EmailChange = { readonly looks: true } | { readonly looks: false; readonly lines: readonly string[] };

/** undefined: the same. */
export const emailChangeOf = (before: CompiledEmail, after: CompiledEmail): EmailChange | undefined => {
  const lines = [...ofCopy(before, after, ''), ...ofLocales(before, after)];
  if (lines.length > 0) return { looks: false, lines };
  return htmlOf(before) === htmlOf(after) ? undefined : { looks: true };
};

const ofLocales = (before: CompiledEmail, after: CompiledEmail): readonly string[] => {
  const [one, other] = [before.locales ?? {}, after.locales ?? {}];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort().flatMap((locale) => {
    const [was, is] = [one[locale], other[locale]];
    if (!is) return [`no longer in ${locale}`];
    return was ? ofCopy(was, is, `${locale}, `) : [`new: in ${locale}`];
  });
};

const ofCopy = (before: CompiledEmail, after: CompiledEmail, of: string): readonly string[] => [
  ...ofLine(`${of}subject`, before.subject, after.subject),
  ...ofLine(`${of}preheader`, before.preheader, after.preheader),
  ...ofLine(`${of}sender`, senderOf(before), senderOf(after)),
  ...ofText(before.text, after.text).map((it) => (of === '' ? it : `${of}${it}`)),
  ...ofLinks(before.html, after.html, of),
];

const ofLine = (what: string, before: string, after: string): readonly string[] =>
  before === after ? [] : [`${what}: “${after}”, was “${before}”`];

const senderOf = ({ sender }: CompiledEmail): string =>
  sender
    ? `${sender.name} <${sender.address}>${sender.replyTo === undefined ? '' : `, answers to ${sender.replyTo}`}`
    : 'that of brand.yaml';

/** As many lines as a reviewer reads; the rest is counted. */
const mostLines = 8;

/** Lines that are only in one of the two, in their order. */
const ofText = (before: string, after: string): readonly string[] => {
  const [was, is] = [linesOf(before), linesOf(after)];
  const [old, fresh] = [was.filter((it) => !is.includes(it)), is.filter((it) => !was.includes(it))];
  const changed = [...old.map((it) => `− ${it}`), ...fresh.map((it) => `+ ${it}`)];
  if (changed.length > mostLines) return [...changed.slice(0, mostLines), `… and ${changed.length - mostLines} more lines`];
  return changed.length === 0 && was.join('\n') !== is.join('\n') ? ['its lines stand in another order'] : changed;
};
const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((it) => it.trim())
    .filter((it) => it !== '');

/** The text names most of them already; links of pictures and buttons are only in the HTML. */
const ofLinks = (before: string, after: string, of: string): readonly string[] => {
  const [was, is] = [hrefsOf(before), hrefsOf(after)];
  return [
    ...was.filter((it) => !is.includes(it)).map((it) => `${of}− link ${it}`),
    ...is.filter((it) => !was.includes(it)).map((it) => `${of}+ link ${it}`),
  ];
};
const hrefsOf = (html: string): readonly string[] => [...new Set([...html.matchAll(/href="([^"]*)"/g)].flatMap((it) => it[1] ?? []))];

const htmlOf = ({ html, locales = {} }: CompiledEmail): string => [html, ...Object.keys(locales).map((it) => locales[it]?.html)].join('\0');
