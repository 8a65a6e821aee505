/**
 * The six error names that cross into ASL. Names are literals: the minifier renames classes, ASL matches strings.
 * Halt: the lead is out of this run, go to the route. Defer: plan anew and try again. RetryableError: same input, later.
 * PermanentError: this input can never work. Elsewhere: this leg begins at another step. Apart: the wait after the e-mail is the machine's.
 */
export const aslErrorNames = ['Halt', 'Defer', 'Elsewhere', 'Apart', 'RetryableError', 'PermanentError'] as const;
export type AslErrorName = (typeof aslErrorNames)[number];

class AslError extends Error {
  constructor(name: AslErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

export const halt = (message: string) => new AslError('Halt', message);
export const defer = (message: string) => new AslError('Defer', message);
export const elsewhere = (message: string) => new AslError('Elsewhere', message);
export const retryableError = (message: string, cause?: unknown) => new AslError('RetryableError', message, { cause });
export const permanentError = (message: string, cause?: unknown) => new AslError('PermanentError', message, { cause });

export const isAslError = (error: unknown, name: AslErrorName): boolean => error instanceof AslError && error.name === name;
