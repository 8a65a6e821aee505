import * as z from 'zod';

/** Every variable that a handler may need, once. The CDK app sets them under the same names (one type on both sides). */
export const Environment = z.object({
  TABLE_NAME: z.string().min(3).describe('the single table'),
  ARTIFACT_BUCKET: z.string().min(3).describe('compiled sequences and live config'),
  IDENTITY_KEY: z.string().min(32).describe('HMAC key of lead ids; never rotates'),
  LINK_KEYS: z.string().min(2).describe('JSON: by purpose the current key id and all secrets'),
  CONFIGURATION_SET: z.string().min(1).describe('SES configuration set'),
  ENROL_QUEUE_URL: z.url(),
  WAKE_QUEUE_URL: z.url(),
  EVENT_QUEUE_URL: z.url(),
  SALES_QUEUE_URL: z.url(),
  SEQUENCE_MACHINE_ARN_PREFIX: z.string().min(1).describe('ARN of a sequence machine without its id'),
  HANDOFF_MACHINE_ARN: z.string().min(1),
});
export type Environment = z.output<typeof Environment>;

/** Reads and checks the named variables; throws with all that is missing, before any work is taken. */
export const readEnvironment = <K extends keyof Environment>(...names: readonly K[]): Pick<Environment, K> => {
  const wanted = Environment.pick(Object.fromEntries(names.map((it) => [it, true])) as never);
  const read = wanted.safeParse(process.env);
  if (!read.success) throw new Error(`the environment is not complete: ${z.prettifyError(read.error)}`);
  return read.data as Pick<Environment, K>;
};
