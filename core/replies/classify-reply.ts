import { asksToLeave } from './asks-to-leave.ts';
import { machineSignals, type Signal } from './machine-signals.ts';
import { bodySays, subjectSays } from './phrases.ts';
import { plainWords } from './plain-words.ts';
import type { IncomingReply, ReplyVerdict } from './reply.ts';
import { returnDate } from './return-date.ts';
import { visibleText } from './visible-text.ts';

/** Above it no person pressed send. Below, the benefit of the doubt: somebody who writes must be heard. */
const machineFrom = 0.6;
/** An absence is said at once. */
const openingCharacters = 1500;

/**
 * What a reply is. Standard headers first, then the subject's first words, then what the text says; never what it quotes. In doubt a
 * human: a robot taken for a person costs somebody a glance, a person taken for a robot is never answered. `today`: when it came.
 */
export const classifyReply = (reply: IncomingReply, today: string): ReplyVerdict => {
  const text = visibleText(reply.text);
  const [subject, words] = [plainWords(reply.subject).trim(), plainWords(text).replace(/\s+/g, ' ')];
  const signals = [...machineSignals(reply.headers), ...subjectSignals(subject), ...textSignals(subject, words)].sort(
    (one, other) => other.weight - one.weight,
  );
  const codes = signals.map((it) => it.code);
  const [strongest] = signals;
  const sure = strongest?.weight ?? 0;
  const deciding = signals.filter((it) => it.weight >= machineFrom);
  if (deciding.some((it) => it.is === 'bounce')) return { kind: 'automatic', confidence: sure, reasons: codes };
  if (deciding.length > 0)
    return ofMachine({ subject, words, codes, sure, isList: deciding[0]?.is === 'list' }, `${reply.subject}\n${text}`, today);
  if (asksToLeave(reply.subject, text)) return { kind: 'unsubscribe-request', confidence: 0.95, reasons: ['asks-to-leave', ...codes] };
  if (words === '') return { kind: 'human', confidence: 0.5, reasons: ['nothing-written', ...codes] };
  return { kind: 'human', confidence: 0.95 - sure * 0.6, reasons: ['written-by-hand', ...codes] };
};

type Heard = {
  readonly subject: string;
  readonly words: string;
  readonly codes: readonly string[];
  readonly sure: number;
  readonly isList: boolean;
};

const ofMachine = ({ subject, words, codes, sure, isList }: Heard, text: string, today: string): ReplyVerdict => {
  const opening = words.slice(0, openingCharacters);
  if (bodySays.left.test(opening)) return { kind: 'left-company', confidence: sure, reasons: ['says-left', ...codes] };
  const isAway = subjectSays.away.test(subject) || bodySays.away.test(opening);
  const isTicket = subjectSays.ticket.test(subject) || bodySays.robot.test(opening);
  if (isList || (isTicket && !subjectSays.away.test(subject) && !bodySays.standIn.test(opening))) {
    return { kind: 'automatic', confidence: sure, reasons: codes };
  }
  const backOn = returnDate(text, today);
  // `Automatic reply:` with a date of return, and nothing that a ticket system says.
  if (!isAway && !(subjectSays.automatic.test(subject) && backOn !== undefined))
    return { kind: 'automatic', confidence: sure, reasons: codes };
  return { kind: 'out-of-office', confidence: sure, reasons: ['says-away', ...codes], ...(backOn !== undefined && { backOn }) };
};

const subjectSignals = (subject: string): readonly Signal[] => [
  ...(subjectSays.bounce.test(subject) ? [signal('subject-bounce', 0.85, 'bounce')] : []),
  ...(subjectSays.automatic.test(subject) ? [signal('subject-automatic', 0.9)] : []),
  ...(subjectSays.away.test(subject) ? [signal('subject-away', 0.85)] : []),
  ...(subjectSays.seen.test(subject) ? [signal('subject-receipt', 0.7)] : []),
];

/** Without a header or a subject one phrase is not enough: people are on holiday, too, and say so when they write. */
const textSignals = (subject: string, words: string): readonly Signal[] => {
  const opening = words.slice(0, openingCharacters);
  const isRobot = bodySays.robot.test(opening);
  return [
    ...(bodySays.away.test(opening) && bodySays.standIn.test(opening) ? [signal('text-away', 0.7)] : []),
    ...(isRobot ? [signal(subjectSays.ticket.test(subject) ? 'text-ticket' : 'text-robot', 0.7)] : []),
  ];
};

const signal = (code: string, weight: number, is: Signal['is'] = 'robot'): Signal => ({ code, is, weight });
