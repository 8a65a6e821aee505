import { styleText } from 'node:util';
import type { Problem } from '#core/problems';

/** Problems as people read them: a place that an editor opens, what is wrong, and what would be right. */
export const problemsInWords = (problems: readonly Problem[], dir: string): string => problems.map((it) => inWords(it, dir)).join('\n');

const inWords = ({ severity, file, line, column, what, got, allowed, hint }: Problem, dir: string): string => {
  const word = coloured(severity === 'error' ? 'red' : 'yellow', severity);
  const rest = Object.entries({ got, allowed, hint }).filter(([, text]) => text !== undefined);
  return [`${dir}/${file}:${line}:${column}  ${word}  ${what}`, ...rest.map(([name, text]) => `    ${name}: ${text}`)].join('\n');
};

const coloured = (colour: 'red' | 'yellow', text: string) => (process.stdout.isTTY ? styleText(colour, text) : text);
