/** Every reason why something did not happen, with the sentence that people read. The one documented list. */
export const reasons = {
  // At the entry of a sequence.
  'unknown-sequence': 'there is no such sequence that takes new leads',
  'already-running': 'the lead is in this sequence already',
  'ran-before': 'the lead went through this sequence before, and `again` does not allow it now',
  'entry-condition-false': 'the lead does not meet the condition under `enter`',
  'no-consent': 'the lead never agreed to this topic',
  'consent-unconfirmed': 'the lead agreed, but has not pressed the button in the confirmation mail yet',
  'nothing-to-confirm': 'the lead has confirmed already, or did not agree',
  // Stops, also at the entry.
  'lead-gone': 'the lead was erased',
  erased: 'the lead was erased',
  merged: 'the lead went into another one, who is the same person',
  suppressed: 'the address takes no mail, or its owner complained or opted out elsewhere',
  unsubscribed: 'the lead left this topic',
  goal: 'the lead reached the goal',
  exit: 'the lead did what ends this sequence',
  replied: 'the lead answered; a person goes on from here',
  qualified: 'the lead is with sales',
  superseded: 'this run was replaced or has ended',
  // Before a send.
  'only-if-false': 'the condition under `only-if` does not hold',
  'handoff-hold': 'it is being decided whether the lead goes to sales',
  'paused-by-lead': 'the lead asked for a pause',
  'cooling-down': 'mail to this address bounced for a reason that may pass',
  'out-of-office': 'the lead is away, as an automatic answer said',
  'sequence-paused': 'the sequence is paused',
  capped: 'the lead has had as many e-mails as brand.yaml allows within that time',
  'too-close': 'the last e-mail to the lead is too recent',
  yields: 'a more important sequence is about to mail the lead',
  'group-busy': 'another sequence of the same group speaks to the lead',
  'warm-up': 'as many e-mails as the warm-up allows have gone today',
  'window-closed': 'it is outside the hours for sending',
  holiday: 'it is a public holiday where the lead is',
  'circuit-open': 'the mail service takes no mail at the moment',
  'suppressions-not-brought-over': 'it is not settled yet which addresses of the tools used before must get no mail',
  'gave-up': 'it was put off too often or too long',
  rejected: 'the mail service refused this mail',
  'template-failed': 'the e-mail could not be filled in for this lead',
} as const;

export type Reason = keyof typeof reasons;
