import { refused } from './faults.ts';
import { compileFormat } from './format.ts';
import { type Context, isRecord, mustRead } from './path.ts';

/** Parameters and ResultSelector, with each `name.$` filled from a path or States.Format. Nobody changes what it gives. */
export type Template = (data: unknown, context: Context) => unknown;

/** `onPath` hears every expression that the template holds. What holds none is the same each time, and shared. */
export const compileTemplate = (value: unknown, onPath: (text: string) => void = () => {}): Template => {
  if (isConstant(value)) return () => value;
  if (Array.isArray(value)) {
    const items = value.map((item) => compileTemplate(item, onPath));
    return (data, context) => items.map((item) => item(data, context));
  }
  const given = value as Record<string, unknown>;
  const names = Object.keys(given).map((key) => (key.endsWith('.$') ? key.slice(0, -2) : key));
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw refused(`${repeated} and ${repeated}.$ stand side by side`);
  const fields = Object.entries(given).map(([key, item], index) => ({
    name: names[index] ?? key,
    fill: key.endsWith('.$') ? compileExpression(key, item, onPath) : compileTemplate(item, onPath),
  }));
  return (data, context) => {
    const filled: Record<string, unknown> = {};
    for (const { name, fill } of fields) filled[name] = fill(data, context);
    return filled;
  };
};

const isConstant = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(isConstant);
  return !isRecord(value) || Object.entries(value).every(([key, item]) => !key.endsWith('.$') && isConstant(item));
};

const compileExpression = (key: string, text: unknown, onPath: (text: string) => void): Template => {
  if (typeof text !== 'string') throw refused(`${key} must be a path or an intrinsic, not ${JSON.stringify(text)}`);
  onPath(text);
  return text.startsWith('$') ? mustRead(text, key) : compileFormat(text, key);
};
