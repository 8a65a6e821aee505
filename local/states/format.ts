import { Fault, refused } from './faults.ts';
import { mustRead, pathPattern, type Read } from './path.ts';

/** `States.Format('{} of {}', $.a, 2)`, the one intrinsic that the compiler emits. */
export const compileFormat = (text: string, field: string): Read => {
  const call = /^(States\.\w+)\((.*)\)$/su.exec(text);
  if (!call) throw refused(`${field}: ${text} is neither a path nor an intrinsic`);
  const [, name, inside = ''] = call;
  if (name !== 'States.Format') throw refused(`${field}: the intrinsic ${name} is not supported, only States.Format`);
  const [first, ...others] = splitArguments(inside, text);
  if (!first?.startsWith("'")) throw refused(`${text}: the first argument must be a text in single quotes`);
  const parts = parseLiteral(first, text);
  if (parts.length - 1 !== others.length) throw refused(`${text}: ${parts.length - 1} {} but ${others.length} values`);
  const values = others.map((argument) => compileArgument(argument, text, field));
  return (data, context) => {
    let written = parts[0] ?? '';
    for (const [index, value] of values.entries()) written += display(value(data, context), text) + (parts[index + 1] ?? '');
    return written;
  };
};

const argument = new RegExp(String.raw`\s*('(?:[^'\\]|\\.)*'|${pathPattern}|-?\d+(?:\.\d+)?|true|false|null)\s*(,|$)`, 'suy');
const splitArguments = (inside: string, text: string): string[] => {
  const found: string[] = [];
  argument.lastIndex = 0;
  for (;;) {
    const match = argument.exec(inside);
    if (!match?.[1]) throw refused(`${text}: arguments may be texts in single quotes, reference paths, numbers, true, false, null`);
    found.push(match[1]);
    if (match[2] === '') return found;
  }
};

/** The text between the holes. */
const parseLiteral = (quoted: string, text: string): string[] => {
  const parts = [''];
  for (const [piece] of quoted.slice(1, -1).matchAll(/\\.|\{\}|[^\\]/gsu)) {
    if (piece === '{}') parts.push('');
    else parts[parts.length - 1] += readPiece(piece, text);
  }
  return parts;
};

/** A backslash keeps ' { } \ as they are. */
const readPiece = (piece: string, text: string): string => {
  if (piece === '{' || piece === '}') throw refused(`${text}: a lone ${piece} must be written \\${piece}`);
  if (!piece.startsWith('\\')) return piece;
  if (!"'{}\\".includes(piece.slice(1))) throw refused(`${text}: ${piece} is no escape`);
  return piece.slice(1);
};

const compileArgument = (written: string, text: string, field: string): Read => {
  if (written.startsWith('$')) return mustRead(written, field);
  if (!written.startsWith("'")) return () => JSON.parse(written);
  const [only, ...more] = parseLiteral(written, text);
  if (more.length > 0) throw refused(`${text}: {} belongs into the first argument`);
  return () => only;
};

const display = (value: unknown, text: string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) throw new Fault('States.IntrinsicFailure', `${text}: a value is an object or an array`);
  return String(value);
};
