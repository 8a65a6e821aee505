/** A map that the embedded runtime keeps its state in. A change counts once `set` or `delete` was called: never mutate and forget. */
export type DurableMap<T> = {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  entries(): Iterable<[string, T]>;
  readonly size: number;
};

/** Forgets everything with the process: for tests and the simulator. */
export const memoryMap = <T>(): DurableMap<T> => new Map<string, T>();
