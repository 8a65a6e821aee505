export const count = (value: number): string => value.toLocaleString('en-US');
export const dollars = (value: number): string => `$${value.toFixed(4)}`;
export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
export const sum = (values: readonly number[]): number => values.reduce((total, it) => total + it, 0);
export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** In days with one decimal; less than a day in hours. */
export const span = (seconds: number): string =>
  seconds < 86_400 ? counted(Math.round(seconds / 3600), 'hour') : `${(seconds / 86_400).toFixed(1)} days`;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
};
