import { count, dollars, percent, share } from '#local/report/words';
import type { Margins } from './estimate.ts';

/** How figures are said: those of a whole rehearsal as they are; of a sample to the digits that it can tell, with their margins. */
export type About = {
  readonly isSample: boolean;
  readonly number: (value: number, margin?: number) => string;
  readonly dollars: (value: number, margin?: number) => string;
  /** How much more or less there is; it may be either. */
  readonly change: (value: number, margin?: number) => string;
  readonly dollarChange: (value: number, margin?: number) => string;
  readonly percent: (part: number, whole: number) => string;
};

const signOf = (value: number): string => (value > 0 ? '+' : value < 0 ? '−' : '');

export const exactly: About = {
  isSample: false,
  number: count,
  change: (value) => `${signOf(value)}${count(Math.abs(value))}`,
  dollars,
  dollarChange: (value) => `${signOf(value)}${dollars(Math.abs(value))}`,
  percent: (part, whole) => percent(share(part, whole)),
};

const roughly: About = {
  isSample: true,
  number: (value, margin) => {
    if (margin === undefined) return value === 0 ? '≈ 0' : `≈ ${count(toDigits(value, Math.abs(value)))}`;
    if (margin === 0) return count(value);
    if (value >= 0 && margin >= value) return `0 to ${count(upTo(value + margin))}`;
    return within(value, margin);
  },
  change: (value, margin) => {
    const size = Math.abs(value);
    return `${signOf(value)}${margin === undefined ? roughly.number(size) : margin === 0 ? count(size) : within(size, margin)}`;
  },
  dollars: (value, margin) => {
    if (margin === undefined || margin === 0) return `≈ $${Number(value.toPrecision(2))}`;
    const digits = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(margin))));
    const said = (amount: number) => `$${amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
    return margin >= value ? `$0 to ${said(value + margin)}` : `${said(value)} ± ${said(margin)}`;
  },
  dollarChange: (value, margin) => {
    const size = Math.abs(value);
    if (margin === undefined || margin < size) return `${signOf(value)}${roughly.dollars(size, margin)}`;
    return `at most ${roughly.dollars(size + margin)} more or less`;
  },
  percent: (part, whole) => {
    const rounded = Math.round(share(part, whole) * 100);
    return rounded === 0 && part > 0 ? 'under 1 %' : `≈ ${rounded} %`;
  },
};

export const aboutOf = ({ sampled }: { readonly sampled?: number }): About => (sampled === undefined ? exactly : roughly);

/** Two digits of a margin; a figure ends where its margin does. */
const stepOf = (margin: number): number => 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, margin))) - 1);
const upTo = (margin: number): number => Math.ceil(margin / stepOf(margin)) * stepOf(margin);
const toDigits = (value: number, margin: number): number => Math.round(value / stepOf(margin)) * stepOf(margin);

const within = (value: number, margin: number): string => `${count(toDigits(value, margin))} ± ${count(upTo(margin))}`;

/** A count with its noun, e.g. `3 leads`, `1,240 ± 40 leads`. */
export const countedAbout = (about: About, value: number, noun: string, margin?: number): string =>
  `${about.number(value, margin)} ${noun}${value === 1 && !about.isSample ? '' : 's'}`;

/** Counts to the digits that their margins leave them, for pictures that have no room for a margin. */
export const inDigits = <Figures>(figures: Figures, margins: Margins<Figures> | undefined): Figures =>
  digitsOf(figures, margins) as Figures;

const digitsOf = (figures: unknown, margins: unknown): unknown => {
  if (typeof figures === 'number') return typeof margins === 'number' && Number.isInteger(figures) ? toDigits(figures, margins) : figures;
  if (Array.isArray(figures)) return figures.map((it, at) => digitsOf(it, Array.isArray(margins) ? margins[at] : undefined));
  if (typeof figures !== 'object' || figures === null) return figures;
  const of = (name: string) => (typeof margins === 'object' && margins !== null ? (margins as Record<string, unknown>)[name] : undefined);
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, digitsOf(value, of(name))]));
};
