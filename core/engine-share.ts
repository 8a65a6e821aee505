import type { LiveConfig } from './config.ts';
import { isConfirmation } from './consent.ts';
import { type Asl, resources, type State } from './sequences/asl.ts';
import type { Compiled } from './sequences/compile.ts';

type Machine = Pick<Compiled, 'artifact' | 'asl'>;

/**
 * All but SES, as a part of SES by use, for each state that a mail's way has: a transition is a quarter of SES's $0.10 for a thousand, and rows,
 * functions, queues and handoffs come with it. By what the shipped sequences and six plain mails take (tests/local/engine-share.test.ts).
 */
const shareOfAState = 0.4;

/** The live config with what e-mails of these sequences cost beside SES, for the month's budget; without a budget as it is. */
export const withEngineShare = (live: LiveConfig, machines: readonly Machine[]): LiveConfig => {
  const { budget } = live.brand;
  if (!budget) return live;
  const engineToSes = engineShareOf(machines);
  if (engineToSes === undefined) return live;
  return { ...live, brand: { ...live.brand, budget: { ...budget, engineToSes } } };
};

/** undefined: nothing is mailed. Mails that ask to confirm cost less and are left out. Pure. */
export const engineShareOf = (machines: readonly Machine[]): number | undefined => {
  const usual = machines.filter(({ artifact }) => !isConfirmation(artifact.sequence)).flatMap(({ asl }) => usualStates(asl));
  const mails = usual.filter(isMail).length;
  if (mails === 0) return undefined;
  return Math.round((shareOfAState * usual.length * 100) / mails) / 100;
};

/** Those that runs come to when nothing goes wrong and nothing is put off: what a catcher leads to is not among them. */
const usualStates = ({ StartAt, States }: Asl): readonly State[] => {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const state = States[name];
    if (!state || seen.has(name)) return;
    seen.add(name);
    for (const next of nextOf(state)) visit(next);
  };
  visit(StartAt);
  return [...seen].flatMap((it) => States[it] ?? []);
};

const nextOf = (state: State): readonly string[] => {
  if (state.Type === 'Choice') return [...state.Choices.map((it) => it.Next), state.Default];
  if (state.Type !== 'Task') return [];
  // A wait ends by its own time-out.
  const timedOut = state.Resource === resources.park ? state.Catch.filter((it) => it.ErrorEquals.includes('States.Timeout')) : [];
  return [...(state.Next === undefined ? [] : [state.Next]), ...timedOut.map((it) => it.Next)];
};

const isMail = (state: State): boolean => state.Type === 'Task' && state.Resource === resources.sendToQueue;
