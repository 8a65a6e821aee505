import * as z from 'zod/mini';

/**
 * The secret as it is kept: `signing` signs webhooks (base64; receivers know it as `whsec_<signing>`), `former` keys go on signing
 * beside it while receivers change over; `slack`: incoming webhooks of the team's channels, by the names that steps use.
 */
export const OutsideSecret = z.object({
  signing: z.string().check(z.minLength(32)),
  former: z.optional(z.array(z.string().check(z.minLength(32)))),
  slack: z.optional(z.record(z.string(), z.url())),
});
export type OutsideSecret = z.output<typeof OutsideSecret>;
