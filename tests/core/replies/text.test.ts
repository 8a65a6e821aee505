import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asksToLeave } from '#core/replies/asks-to-leave';
import { classifyReply } from '#core/replies/classify-reply';
import { returnDate } from '#core/replies/return-date';
import { visibleText } from '#core/replies/visible-text';

describe('what a person wrote', () => {
  it.each([
    ['a quotation with an introduction', 'Yes.\n\nOn Mon, 23 Mar 2026, Maeve wrote:\n> Hello'],
    [
      'an introduction over two lines',
      'Yes.\n\nOn Mon, 23 Mar 2026 at 09:00, Maeve at Lintel\n<maeve@mail.lintel.example> wrote:\n\nHello',
    ],
    ['the header lines of Outlook', 'Yes.\n\nVon: Maeve\nGesendet: Montag\nAn: Kim\nBetreff: x\n\nHello'],
    ['a divider', 'Yes.\n-----Ursprüngliche Nachricht-----\nHello'],
    ['a signature', 'Yes.\n-- \nKim\n+49 30 1'],
    ['what a phone adds', 'Yes.\n\nEnvoyé de mon iPhone'],
    ['quoted lines in between', '> Hello?\nYes.\n> And?'],
    ['line ends of Windows', 'Yes.\r\n\r\nOn 1.4.2026 Maeve wrote:\r\n> Hello'],
  ])('is cut from %s', (_, text) => {
    expect(visibleText(text)).toBe('Yes.');
  });

  it.each(['On Monday we wrote: more to come.', 'Am I right?\nDe: nothing', 'From: here on it is easy'])(
    'is kept where only a word is alike: %s',
    (text) => {
      expect(visibleText(text)).toBe(text);
    },
  );
});

describe('the wish to leave', () => {
  it.each(['Unsubscribe me from all emails please', 'opt out', 'Se désinscrire', 'Baja', 'Disiscrivimi', 'afmelden', 'usuń mnie'])(
    'is: %s',
    (text) => {
      expect(asksToLeave('Re: x', text)).toBe(true);
    },
  );

  it.each([
    'Unsubscribe?',
    'Why did I get this? Stop.',
    'Do not stop',
    'Stop by tomorrow',
    'Please delete project 4',
    'Thanks',
    'Remove the second seat',
  ])('is not: %s', (text) => {
    expect(asksToLeave('Re: unsubscribe', text)).toBe(false);
  });
});

describe('the day of return', () => {
  it.each([
    ['back on 2026-04-07', '2026-04-07'],
    ['I return April 7th, 2026', '2026-04-07'],
    ['until 4/5/2026', '2026-04-06'],
    ['back on 13/4', '2026-04-13'],
    ['away until 2 January', undefined],
    ['back on 30 December', undefined],
    ['back tomorrow', '2026-03-24'],
    ['zurück am Mittwoch', '2026-03-25'],
    ['until 31.12.', undefined],
    ['back on 31 February 2027', undefined],
    ['back on 1 May 2028', undefined],
    ['we opened on 7 April 2026', undefined],
    ['wracam w środę', '2026-03-25'],
    ['volto na segunda-feira', '2026-03-30'],
  ])('of "%s" is %s', (text, date) => {
    expect(returnDate(text, '2026-03-23')).toBe(date);
  });

  it('lies after today and within a year, whatever the text', () => {
    const word = fc.constantFrom(
      'back',
      'until',
      'bis',
      'to',
      '7',
      'April',
      '2026',
      '31.12.',
      '1/2',
      'Monday',
      '-',
      'tomorrow',
      '13-4-26',
      'de',
      '.',
      '99',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const date = returnDate(words.join(' '), '2026-03-23');
        if (date !== undefined) expect(date > '2026-03-23' && date <= '2027-03-25').toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

it('takes no long to judge a mail that was made to take long', () => {
  const parts = [
    'a ',
    '> ',
    'on ',
    'from: x\n',
    '\n',
    'back ',
    'until the ',
    '1.',
    '1-',
    'unsubscribe ',
    'nicht mehr fur ',
    'thank you for your message ',
    '-- ',
    '[#',
  ];
  for (const part of parts) {
    const text = part.repeat(200_000 / part.length);
    const began = performance.now();
    classifyReply({ headers: [{ name: 'auto-submitted', value: 'auto-replied' }], subject: text.slice(0, 900), text }, '2026-03-23');
    expect(performance.now() - began, part).toBeLessThan(1500);
  }
});
