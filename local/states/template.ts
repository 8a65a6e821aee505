import { refused } from './faults.ts';
import { compileFormat } from './format.ts';
import { type Context, isRecord, mustRead } from './path.ts';

/** Parameters and ResultSelector: a fresh value every time, with each `name.$` filled from a path or States.Format. */
export type Template = (data: unknown, context: Context) => unknown;

/** `onPath` hears every expression that the template holds. */
export const compileTemplate = (value: unknown, onPath: (text: string) => void = () => {}): Template => {
  if (Array.isArray(value)) {
    const items = value.map((item) => compileTemplate(item, onPath));
    return (data, context) => items.map((item) => item(data, context));
  }
  if (!isRecord(value)) return () => value;
  const names = Object.keys(value).map((key) => (key.endsWith('.$') ? key.slice(0, -2) : key));
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw refused(`${repeated} and ${repeated}.$ stand side by side`);
  const fields = Object.entries(value).map(([key, item], index) => ({
    name: names[index] ?? key,
    fill: key.endsWith('.$') ? compileExpression(key, item, onPath) : compileTemplate(item, onPath),
  }));
  return (data, context) => Object.fromEntries(fields.map(({ name, fill }) => [name, fill(data, context)]));
};

const compileExpression = (key: string, text: unknown, onPath: (text: string) => void): Template => {
  if (typeof text !== 'string') throw refused(`${key} must be a path or an intrinsic, not ${JSON.stringify(text)}`);
  onPath(text);
  return text.startsWith('$') ? mustRead(text, key) : compileFormat(text, key);
};
