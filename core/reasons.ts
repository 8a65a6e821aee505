/** Every reason why something did not happen, with the sentence that people read. The one documented list. */
export const reasons = {
  // At the entry of a sequence.
  'unknown-sequence': 'there is no such sequence that takes new leads',
  'already-running': 'the lead is in this sequence already',
  'ran-before': 'the lead went through this sequence before, and `again` does not allow it now',
  'entry-condition-false': 'the lead does not meet the condition under `enter`',
  'no-consent': 'the lead never agreed to this topic',
  // Stops, also at the entry.
  'lead-gone': 'the lead was erased',
  erased: 'the lead was erased',
  suppressed: 'the address bounced or its owner complained',
  unsubscribed: 'the lead left this topic',
  goal: 'the lead reached the goal',
  exit: 'the lead did what ends this sequence',
  qualified: 'the lead is with sales',
  superseded: 'this run was replaced or has ended',
  // Before a send.
  'only-if-false': 'the condition under `only-if` does not hold',
  'handoff-hold': 'it is being decided whether the lead goes to sales',
  'window-closed': 'it is outside the hours for sending',
  'circuit-open': 'the mail service takes no mail at the moment',
  'gave-up': 'it was put off too often or too long',
  rejected: 'the mail service refused this mail',
  'template-failed': 'the e-mail could not be filled in for this lead',
} as const;

export type Reason = keyof typeof reasons;
