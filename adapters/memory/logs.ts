import type { Log } from '#core/ports';

export type LogLine = {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly keys?: Record<string, string | number | boolean>;
};

/** Hands every line to `write`; tests keep them, the embedded runtime puts them into a file. */
export const logTo = (write: (line: LogLine) => void): Log => {
  const at =
    (level: LogLine['level']) =>
    (message: string, keys?: Record<string, string | number | boolean>): void =>
      write({ level, message, ...(keys && { keys }) });
  return { info: at('info'), warn: at('warn'), error: at('error') };
};

export const silentLog = (): Log => logTo(() => undefined);
