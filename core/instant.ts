/** A moment in UTC, always `YYYY-MM-DDTHH:mm:ss.sssZ`: it sorts as text and reads as is in DynamoDB. */
export type Instant = string;

export const toInstant = (epochMilliseconds: number): Instant => new Date(epochMilliseconds).toISOString();

export const toEpoch = (at: Instant): number => {
  const epoch = Date.parse(at);
  if (Number.isNaN(epoch)) throw new TypeError(`not an instant: ${at}`);
  return epoch;
};

export const addSeconds = (at: Instant, seconds: number): Instant => toInstant(toEpoch(at) + seconds * 1000);

/** Whole seconds from `from` to `to`, rounded up; negative when `to` lies before. */
export const secondsBetween = (from: Instant, to: Instant): number => Math.ceil((toEpoch(to) - toEpoch(from)) / 1000);
