/** Why a state failed. `name` is the ASL error name, the message becomes the Cause. */
export class Fault extends Error {
  constructor(error: string, cause: string) {
    super(cause);
    this.name = error;
  }
}

/** Nothing catches it, not even States.ALL. */
export const runtimeFault = (cause: string) => new Fault('States.Runtime', cause);

/** An error of the Step Functions API, under AWS's exact name. */
export const apiError = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** A definition that this runner does not take: what, where, what is allowed. */
export const refused = (message: string): Error => apiError('InvalidDefinition', message);

/** Step Functions' limit on input, results and state output, in bytes of UTF-8. */
export const payloadLimit = 262_144;

/** undefined, which JSON has not: it is none. */
export const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
