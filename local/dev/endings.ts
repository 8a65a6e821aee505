/** How runs end, in plain words. */
export const endings: { readonly [ending: string]: string } = {
  running: 'still under way',
  completed: 'came to the end',
  exited: 'left by an exit step',
  qualified: 'went to sales',
  goal: 'reached the goal',
  exit: 'did what ends the sequence',
  replied: 'answered, and a person goes on',
  unsubscribed: 'unsubscribed',
  suppressed: 'bounced or complained',
  erased: 'erased',
  merged: 'went into another lead, the same person',
  failed: 'failed, which is ours to repair',
};
