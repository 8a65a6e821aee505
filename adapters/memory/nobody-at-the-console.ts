import type { Ports } from '#core/ports';

/** What the console asks of what stands around it, where there is none of it. */
export const nobodyAtTheConsole = (): Pick<
  Ports,
  'signIn' | 'consoleFiles' | 'simulations' | 'checked' | 'queueStates' | 'alarmStates'
> => ({
  signIn: {
    url: ({ back }) => back,
    exchange: async () => undefined,
    refresh: async () => undefined,
    revoke: async () => 'revoked',
    personOf: async () => undefined,
    signOutUrl: (back) => back,
  },
  consoleFiles: { find: async () => undefined },
  simulations: { list: async () => [], find: async () => undefined },
  checked: { problems: async () => [] },
  queueStates: { all: async () => [], look: async () => ({ letters: [] }), redrive: async () => 'none', redriveOne: async () => 'none' },
  alarmStates: { all: async () => undefined },
});
