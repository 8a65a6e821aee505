import type { FusedWait } from '#core/sequences/model';

/**
 * The states that an execution entered, as if each wait still had one of its own: an e-mail's state sits out the wait behind it
 * (docs/decisions/0046). `isSettled`: whether that e-mail went, or was left out, so that the run came to the wait.
 */
export const withFusedWaits = (
  states: readonly string[],
  fused: { readonly [step: string]: FusedWait } | undefined,
  isSettled: (step: string) => boolean,
): readonly string[] =>
  states.flatMap((state, at) => {
    const wait = fused?.[state]?.wait;
    const next = states[at + 1];
    const isPutOff = next === `Plan ${state}` || next === 'Enter';
    return wait === undefined || isPutOff || !isSettled(state) ? [state] : [state, wait];
  });
