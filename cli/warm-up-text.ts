import type { WarmUpPlan } from '#core/warm-up';

/** The warm-up in words, under the DNS records: both are what a new domain needs. */
export const warmUpInWords = (plan: WarmUpPlan): string => {
  if (plan.state === 'none') return none;
  const days = plan.days.map(({ day, most }) => `    ${day}  ${String(most).padStart(7)}${day === plan.today ? '  today' : ''}`);
  return [`Warm-up  ${heads[plan.state]}  (days in ${plan.timeZone})`, ...days, `    ${plan.freeFrom}  no ceiling any more`, quota].join(
    '\n',
  );
};

const heads = {
  ahead: 'not begun; until its first day that day’s ceiling holds',
  running: 'running',
  over: 'over',
} as const;

const quota = [
  "    E-mails a day, of this stage; what is too many goes on the next day. SES's own quota holds beside it, over any 24 hours",
  '    (200 in the sandbox; aws sesv2 get-account shows yours): past the smaller of the two nothing goes.',
].join('\n');

const none = [
  'Warm-up  none (brand.yaml, warm-up)',
  '    Wanted when this domain has sent little or nothing in the last month and more than a few hundred mails a day are to go:',
  '    mailbox providers turn away sudden volume from a name they do not know. Begin with some 50 a day, then at most double.',
].join('\n');
