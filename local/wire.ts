import { AsyncLocalStorage } from 'node:async_hooks';

/** One call to AWS as it left a client, and on whose behalf: a handler, or the machines themselves. */
export type WireCall = {
  readonly by: string;
  readonly service: 'dynamodb' | 'events' | 'lambda' | 's3' | 'scheduler' | 'secretsmanager' | 'ses' | 'sqs' | 'states';
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
};
export type OnWireCall = (call: WireCall) => void;

/** What calls AWS without a handler: the machines' own states. */
export const machines = '(machines)';

/** EventBridge Scheduler, whose schedules end waits. */
export const scheduler = '(timers)';

const running = new AsyncLocalStorage<string>();

/** Following every call to whoever made it slows all promises of a process down: only once somebody watches. */
let isWatched = false;
export const watchWire = (): void => {
  isWatched = true;
};

/** Whatever is called inside is called on behalf of `name`. */
export const onBehalfOf = <T>(name: string, call: () => Promise<T>): Promise<T> => (isWatched ? running.run(name, call) : call());

export const note = (onCall: OnWireCall | undefined, call: Omit<WireCall, 'by'>): void => {
  const by = running.getStore();
  if (onCall && by !== undefined) onCall({ by, ...call });
};

type Watchable = {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<never>, context: { commandName?: string }) => (args: never) => Promise<never>,
      options: { step: 'build' },
    ): void;
  };
};

/** Notes every call of an SDK client with its input as the model of the operation has it (DynamoDB's documents already marshalled). */
export const watch = <Client>(client: Client, service: WireCall['service'], onCall: OnWireCall | undefined): Client => {
  if (!onCall) return client;
  (client as Watchable).middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const { input } = args as { input: Record<string, unknown> };
        note(onCall, { service, operation: commandName.replace(/Command$/, ''), input });
        return next(args);
      },
    { step: 'build' },
  );
  return client;
};
