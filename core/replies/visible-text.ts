/** Nobody reads on after this; a bound for every search below. */
const mostCharacters = 20_000;
const mostLines = 400;
/** The line that introduces a quotation may be broken into so many by the mail program. */
const introductionLines = 3;

/**
 * What the person wrote in this mail: without the mail that is quoted below, and without the signature. Own and small: the
 * libraries for it want a native module or a DOM (docs/replies.md).
 */
export const visibleText = (text: string): string => {
  const lines = text.slice(0, mostCharacters).replace(/\r\n?/g, '\n').split('\n').slice(0, mostLines);
  const end = lines.findIndex((line, at) => isSignature(line) || isQuoteStart(lines, at));
  return (end < 0 ? lines : lines.slice(0, end))
    .filter((line) => !isQuoted(line))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
};

const isQuoted = (line: string): boolean => /^\s*>/.test(line);

const isSignature = (line: string): boolean => line === '--' || line === '-- ' || /^_{2,}\s*$/.test(line) || sentFrom.test(line.trim());

/** `Sent from my iPhone` and the like. */
const sentFrom =
  /^(sent from (my |outlook|mail|yahoo)|get outlook for|von meinem .{1,40} gesendet|gesendet (von|mit) |envoyé (de|depuis) |enviado (desde|do|a partir) |inviato da|verstuurd vanaf|verzonden (vanaf|met)|wysłan[eo] (z|za) )/iu;

const isQuoteStart = (lines: readonly string[], at: number): boolean => {
  const line = (lines[at] ?? '').trim();
  if (divider.test(line)) return true;
  if (isHeaderBlock(lines, at)) return true;
  return introduces(lines, at);
};

/** `-----Original Message-----` in the languages of mail programs, and Outlook's long line. */
const divider =
  /^(-{2,}\s*(original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message original|message transféré|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|wiadomość oryginalna|oryginalna wiadomość)\s*-{2,}|_{20,})$/iu;

const fromLine = /^\*?(from|von|de|da|van|od)\*?\s*:\s*\S/iu;
const nextLine =
  /^\*?(sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|fecha|para|asunto|inviato|data|oggetto|a|verzonden|aan|onderwerp|assunto|wysłano|do|temat)\*?\s*:/iu;

/** `From: …` directly followed by `Sent: …` or the like. */
const isHeaderBlock = (lines: readonly string[], at: number): boolean =>
  fromLine.test((lines[at] ?? '').trim()) && [1, 2].some((ahead) => nextLine.test((lines[at + ahead] ?? '').trim()));

const introductionStart = /^(on|am|le|el|il|op|em|a|dnia|w dniu|pon\.|wt\.|śr\.|czw\.|pt\.|sob\.|niedz\.|\d{4}-\d{2}-\d{2}|\d{1,2}[./ ])/iu;
const introductionEnd = /\b(wrote|schrieb( .{1,120})?|a écrit|escribió|ha scritto|schreef( .{1,120})?|escreveu|napisał(\(a\)|a)?)\s*:?$/iu;

/** `On Mon, 23 Mar 2026, Maeve <…> wrote:`, perhaps broken over lines. */
const introduces = (lines: readonly string[], at: number): boolean => {
  const first = (lines[at] ?? '').trim();
  if (first.length > 300 || !introductionStart.test(first)) return false;
  let joined = '';
  for (const line of lines.slice(at, at + introductionLines)) {
    joined = `${joined} ${line.trim()}`.trim();
    if (joined.length <= 400 && introductionEnd.test(joined.replace(/:$/, '')) && /\d|@/.test(joined)) return true;
  }
  return false;
};
