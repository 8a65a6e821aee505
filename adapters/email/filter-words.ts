import { TypeGuards, type Value } from 'liquidjs';
import { isCurrency } from '#core/currencies';
import { meantHint } from '#core/did-you-mean';
import { dateFormats } from './filters.ts';
import type { Finding } from './source.ts';

type Argument = Value['filters'][number]['args'][number];

/** A word that a filter does not know: the e-mail would go, and show something else than its writer thought. */
export const checkFilterWord = (filter: string, argument: Argument | undefined): Finding | undefined => {
  if (argument === undefined || Array.isArray(argument) || !TypeGuards.isQuotedToken(argument)) return undefined;
  const got = argument.content;
  if (filter === 'date' && !dateFormats.includes(got))
    return {
      code: 'unknown-date-format',
      what: 'no date is written like this',
      got,
      allowed: dateFormats.join(', '),
      ...meantHint(got, dateFormats),
    };
  if (filter === 'money' && !isCurrency(got))
    return { code: 'unknown-currency', what: 'this is no currency', got, allowed: 'three capital letters, such as EUR' };
  return undefined;
};
