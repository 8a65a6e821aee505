import { fractionOf } from './hash.ts';

/** Short, and of nearly every text another: where the text itself is not to stand, or is too long. */
export const markOf = (text: string): string => inBase36(Math.floor(fractionOf(text) * 2 ** 48));

/** A whole number in digits and letters, as `toString(36)` has it, which takes twenty times as long. */
export const inBase36 = (whole: number): string => {
  if (!Number.isSafeInteger(whole) || whole < 0) return whole.toString(36);
  let text = '';
  let left = whole;
  while (left >= base * base) {
    const rest = Math.floor(left / (base * base));
    text = pairs[left - rest * base * base] + text;
    left = rest;
  }
  return (left < base ? digits[left] : pairs[left]) + text;
};

const base = 36;
const digits = [...'0123456789abcdefghijklmnopqrstuvwxyz'];
const pairs = digits.flatMap((one) => digits.map((other) => one + other));
