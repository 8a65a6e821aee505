import type { DeployedRole, Request } from '#tests/helpers/roles';

/** Permissions that a month in the embedded stack does not use, by pattern of `role: statement: action …`, and why each is there. */
const reasons: readonly { readonly of: RegExp; readonly because: string }[] = [
  { of: /^plan-step: .*PutItem.*LEAD/, because: 'writes down why, when a wait until a day finds no such day; no shipped sequence has one' },
  { of: /: Log: /, because: 'Lambda itself, or Step Functions, writes logs under the role; the embedded stack prints them.' },
  {
    of: /^send-email: SendTaskFailure/,
    because:
      'A stop found at the moment of sending, or a send that is put off: the machine is told Halt or Defer. Shown by the protocol tests.',
  },
  { of: /^enrol: SendTaskFailure/, because: 'Only when the lead left between its row and the second look at it.' },
  {
    of: /^watchdog: /,
    because:
      'Only when a machine did not move on by itself: its lead is read, the row stopped, the machine told, or the run started again.',
  },
  {
    of: /^(enrol|notify-sales|send-notice): ItemsALIAS: /,
    because: 'Only when no profile stands under the id: the lead went into another meanwhile, or was erased.',
  },
  { of: /^evaluate-branch: ItemsLEAD: dynamodb:Query/, because: 'Only when a condition of a branch asks for engagement or a grade.' },
  {
    of: /^call-webhook: Items(LEAD: dynamodb:Query|LINE)/,
    because: 'Only when an e-mail follows that is planned around the lead’s other mail, or a condition asks for engagement or a grade.',
  },
  {
    of: /^winner: (ItemsEXPERIMENT: dynamodb:UpdateItem|.*sqs:SendMessage)/,
    because: 'Only when an arm has won, which takes more leads than this month has. Shown by tests/days/winner.test.ts.',
  },
  {
    of: /: ItemsSTATS: dynamodb:(GetItem|PutItem)/,
    because: 'Only when a fact was counted already, or when this function is the first to count a version. Shown by the store’s tests.',
  },
  { of: /^import-drop: .*s3:/, because: 'The embedded stack keeps dropped lists in memory. Shown by the tests of the bucket’s adapter.' },
  {
    of: /^import-drop: /,
    because: 'Only when a dropped list names a known lead with another address, or is longer than one part. Shown by its tests.',
  },
  {
    of: /^recount: Items(ALIAS|ERASURE|TASK)|^recount: Secret|^recount: .*ERASURE/,
    because:
      'Only where brand.yaml says how long leads are kept: whose time has come is put on record for erase-leads. Shown by its tests.',
  },
  {
    of: /^erase-leads: (ReadLiveConfigJson|ItemsALIAS|SecretIdentity|SendTaskFailure|ItemsLEAD: dynamodb:(UpdateItem|GetItem)|ItemsTASK)/,
    because:
      'Only when the lead is in a sequence, had a handoff, went into another lead, or is let go by the rule of brand.yaml. Shown by its tests.',
  },
  {
    of: /^send-email: .*sqs:SendMessage .*notices/,
    because: 'Only when four fifths of the month’s budget are spent, or all of it. Shown by tests/days/budget.test.ts.',
  },
  {
    of: /^confirm-handoff: ItemsLEAD: dynamodb:UpdateItem/,
    because: 'Only when the score did not hold. Shown by tests/days/handoff.test.ts.',
  },
  {
    of: /^check-task: (ItemsLEAD|ReadArtifacts|ReadLiveCurrentJson|PushWake)/,
    because:
      'Only when nothing is to be done any more, as the lead was erased or left: it goes back to its stage. Shown by tests/days/handoff.test.ts.',
  },
  {
    of: /^release-tasks: (?!Log)/,
    because:
      'Only when a lead waited for room with sales: in this month there was room for each at once. Shown by tests/days/handoff.test.ts.',
  },
  {
    of: /^console: (LookAtQueues|Redrive|ReadLogs|LookAtAlarms|ReadConsole|ReadLiveChecked|ReadRehearsals)/,
    because:
      'The embedded stack has its queues in process, no alarms, and serves the page, rehearsals and problems itself. Shown by the tests of these adapters.',
  },
  {
    of: /^console: (ItemsALIAS|SendTaskFailure|ItemsLEAD: dynamodb:(UpdateItem|GetItem)|ItemsERASURE|ItemsLINE|ItemsHEALTH)/,
    because: 'Only as somebody pauses, takes out, erases or resumes. Shown by tests/lambdas/console-views.test.ts.',
  },
  { of: /: Consume[A-Za-z]+: /, because: 'Lambda polls the queue under the role; the embedded stack hands messages over.' },
  {
    of: /^recount: ItemsLEAD: dynamodb:GetItem/,
    because: 'Only for who moves while it reads. Shown by tests/lambdas/live-counts.property.test.ts.',
  },
  {
    of: /^(assign-task|check-task|apply-answer|return-lead|answer-page|release-tasks): ItemsALIAS: /,
    because: 'for a lead that went into another; none with a task did in this month',
  },
];

export const unseenBecause = (extra: string): string | undefined => reasons.find((it) => it.of.test(extra))?.because;

/** The wire check as a page: what each role was seen to do, and what it may do beside that, with the reason. */
export const tableOf = (
  roles: readonly DeployedRole[],
  seen: ReadonlyMap<string, ReadonlyMap<string, Request>>,
  extras: readonly string[],
): string => {
  const lines = [
    '# The wire check',
    '',
    'Written by `npm run docs:aws`. A month of the embedded stack, every call to AWS recorded on behalf of whoever made it: each is',
    'checked against the model in the AWS SDK (members, required members, kinds of values), and each must be allowed by the role',
    'in the synthesized template (evaluated offline by `@cloud-copilot/iam-simulate`). What a role may do beyond that stands',
    'below it with the reason; a permission that is neither used nor explained fails the check.',
    '',
  ];
  for (const { name } of roles) {
    lines.push(`## ${name}`, '', '| call | on |', '|---|---|');
    for (const kind of [...(seen.get(name)?.keys() ?? [])].sort())
      lines.push(`| \`${kind.split(' ')[0]}\` | \`${kind.split(' ').slice(1).join(' ')}\` |`);
    const mine = extras.filter((it) => it.startsWith(`${name}: `)).map((it) => it.slice(name.length + 2));
    if (mine.length > 0) {
      lines.push('', '| may also | because |', '|---|---|');
      for (const extra of mine)
        lines.push(`| \`${extra.replace(/^[A-Za-z]+: /, '')}\` | ${unseenBecause(`${name}: ${extra}`) ?? '**not explained**'} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
};
