/** A leg ends before Step Functions would end it: one year, less a day. */
export const legSeconds = 364 * 86_400;
