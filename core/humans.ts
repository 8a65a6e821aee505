import { type Crowd, someBetween, type Timed } from './click-patterns.ts';
import type { AgentKind, EventRow } from './events.ts';
import { toEpoch } from './instant.ts';
import { byMail, farthestSign, inOrder, mailKey, type Row, sweepsIn, whoWentOn } from './sweeps.ts';

/** Every sign that a machine opened or clicked, or that a person did, with the sentence that people read. The one list. */
export const machineReasons = {
  automated: 'the mail service says that no person did it',
  decoy: 'a link was followed that no reader can see',
  'decoy-nearby': 'a link that no reader can see was followed in this mail about then',
  'known-bot': 'the program says that it is a crawler or a preview',
  scanner: 'the program says that it guards mail',
  'privacy-relay': 'a relay fetches the pictures of every mail, read or not',
  'image-proxy': 'a mailbox provider fetched the picture, most often for its reader',
  'bare-agent': 'the program gives no more than the oldest name there is',
  'no-agent': 'the program gives no name',
  'right-after-delivery': 'it came within seconds of the delivery',
  'right-after-sending': 'it came within seconds of sending, before anybody could read',
  'links-at-once': 'several links of one mail were followed within seconds',
  'two-at-once': 'two links of one mail were followed in the same moment',
  burst: 'many links were followed within a minute',
  'beside-a-machine': 'it came together with what a machine did',
  'mail-program': 'a mail program opened it',
  'went-on': 'the lead was on the site or in the product soon after',
  'led-to-click': 'the lead followed a link of this mail soon after',
} as const;
export type MachineReason = keyof typeof machineReasons;

/**
 * `machine`: how sure it is that no person did it, 0 to 1. `because`: the strongest sign first. At a machine what speaks for one, at
 * a person everything, doubts among it.
 */
export type Verdict = { readonly by: 'human' | 'machine'; readonly machine: number; readonly because: readonly MachineReason[] };

/** Of each mail when it went and when it arrived. */
export type MailFacts = {
  readonly enrolmentId: string;
  readonly step: string;
  readonly round: number;
  readonly sentAt?: string;
  readonly deliveredAt?: string;
};

/** scoring.yaml's `humans`. */
export type HumanRules = {
  /** From this on (0 to 1) a machine did it. */
  readonly machineFrom: number;
  readonly secondsAfterDelivery: number;
  /** Different links of one mail. */
  readonly linksAtOnce: Crowd;
  /** Clicks in any mails. */
  readonly burst: Crowd;
  /** An open through a mailbox provider's proxy is most often a person's. */
  readonly imageProxy: 'count' | 'ignore';
  /** The address that a mail's invisible link leads to; undefined: mails have none. */
  readonly decoy?: string;
  /** Signs that say nothing here, e.g. `no-agent` where all leads sit behind a proxy that takes the name away. */
  readonly ignoreSigns?: readonly MachineReason[];
};
export const defaultHumanRules: HumanRules = {
  machineFrom: 0.7,
  secondsAfterDelivery: 5,
  linksAtOnce: { atLeast: 3, withinSeconds: 10 },
  burst: { atLeast: 6, withinSeconds: 60 },
  imageProxy: 'count',
};

/** The invisible link leads to a page of the brand's links host that says nothing. */
export const decoyPath = '/x';

/**
 * Weights in log-odds, added up from where one starts: nobody knows who it was, one click in ten and one open in five is a
 * machine's. Made by hand, tried on tests/fixtures/humans; docs/humans.md has the figures.
 */
const prior: { readonly [name: string]: number } = { clicked: -2.2, opened: -1.4, visited: -2.2 };
const certain = 20;
const weights: { readonly [reason in MachineReason]: number } = {
  automated: certain,
  decoy: certain,
  'decoy-nearby': 4,
  'known-bot': 6,
  scanner: 6,
  'privacy-relay': 4,
  'image-proxy': 0.4,
  'bare-agent': 3.4,
  'no-agent': 3.2,
  'right-after-delivery': 3.2,
  'right-after-sending': 3.2,
  'links-at-once': 4.2,
  'two-at-once': 3.2,
  burst: 3.4,
  'beside-a-machine': 3.2,
  'mail-program': -1,
  'went-on': -3.4,
  'led-to-click': -2.6,
};

/**
 * Who opened, clicked or visited: a pure function of all that happened to a lead, so that neither order nor repeats matter.
 * Events that are not judged are people's: what a product or a form tells, somebody did.
 */
export const judge = (events: readonly EventRow[], mails: readonly MailFacts[], rules: HumanRules): ReadonlyMap<string, Verdict> => {
  const found = new Map<string, Verdict>();
  const all = inOrder(events);
  const verdicts = verdictsOf(all, mails, rules);
  all.forEach(({ eventId }, at) => {
    const verdict = verdicts[at];
    if (verdict) found.set(eventId, verdict);
  });
  return found;
};

/** The same of rows in order of time, each verdict in the place of its row; undefined: such an event is not judged. */
export const verdictsOf = (all: readonly Row[], mails: readonly MailFacts[], rules: HumanRules): readonly (Verdict | undefined)[] => {
  const found: (Verdict | undefined)[] = [];
  const mailOf = finderIn(mails);
  const reach = reachOf(rules);
  for (let from = 0; from < all.length; ) {
    let to = from;
    let hasClicks = false;
    for (let row = all[to]; row && (to === from || row.epoch - (all[to - 1] as Row).epoch <= reach); row = all[++to])
      if (row.name === 'clicked') hasClicks = true;
    if (hasClicks) found.push(...judgedBefore(all.slice(from, to), mailOf, rules));
    else for (let at = from; at < to; at++) found.push(judgeAlone(all[at] as Row, mailOf, rules));
    from = to;
  }
  return found;
};

/** The same, of all of them at once. */
export const judgeTogether = (events: readonly EventRow[], mails: readonly MailFacts[], rules: HumanRules): ReadonlyMap<string, Verdict> =>
  new Map(judgeRows(inOrder(events), finderIn(mails), rules).map(([{ eventId }, verdict]) => [eventId, verdict]));

type Judged = readonly (readonly [Row, Verdict])[];
type MailOf = (row: Row) => MailFacts | undefined;

/** Whether others may be judged otherwise without this one, which stands among them in order of time. */
export const tellsOfOthers = (
  event: Timed & Pick<EventRow, 'name'>,
  all: readonly (Timed & Pick<EventRow, 'name'>)[],
  rules: HumanRules,
): boolean => {
  const reach = reachOf(rules);
  const place = all.indexOf(event as never);
  let company = 0;
  let hasClicks = event.name === 'clicked';
  for (const towards of [-1, 1])
    for (let at = place + towards, last = event; all[at] && Math.abs((all[at] as Timed).epoch - last.epoch) <= reach; at += towards) {
      last = all[at] as typeof event;
      company++;
      if (last.name === 'clicked') hasClicks = true;
    }
  return company > 0 && hasClicks;
};

/** Where nobody clicked, pictures and pages say nothing of each other. */
const judgeAlone = (row: Row, mailOf: MailOf, rules: HumanRules): Verdict | undefined => {
  if (row.name === 'opened') return verdictOf(row.name, withSigns(ownSigns(row), ofTime(row, mailOf, rules)), rules);
  return isVisit(row) ? verdictOf(row.name, ownSigns(row), rules) : undefined;
};
const withSigns = (one: readonly MachineReason[], more: readonly MachineReason[]): readonly MachineReason[] =>
  more.length === 0 ? one : one.length === 0 ? more : [...one, ...more];

const judgeRows = (all: readonly Row[], mailOf: MailOf, rules: HumanRules): Judged => {
  const clicks = all.filter((it) => it.name === 'clicked');
  const around: Around = { rules, mailOf, sweeps: sweepsIn(clicks, rules) };
  const visits = judgeVisits(all, around);
  const traces = clicks.length === 0 ? [] : all.filter((it) => isTrace(it) && visits.get(it)?.by !== 'machine');
  const ofClicks = judgeClicks(clicks, whoWentOn(clicks, traces), around);
  return [...visits, ...ofClicks, ...judgeOpens(all, ofClicks, around)];
};

/** Milliseconds: what lies further apart than any sign reaches says nothing of each other. */
const reachOf = ({ linksAtOnce, burst }: HumanRules): number =>
  1000 * Math.max(farthestSign, ledToClick, linksAtOnce.withinSeconds, burst.withinSeconds);

/** What a lead did last week is not gone through again for each click of today. */
const judgedBefore = (stretch: readonly Row[], mailOf: MailOf, rules: HumanRules): Stretch['verdicts'] => {
  const { memo } = stretch[0] as Row;
  const known = memo.stretch as Stretch | undefined;
  if (known?.rules === rules && known.rows.length === stretch.length && stretch.every((row, at) => isKnown(known, row, at, mailOf)))
    return known.verdicts;
  const judged = new Map(judgeRows(stretch, mailOf, rules));
  const mails = stretch.map(mailOf);
  const verdicts = stretch.map((it) => judged.get(it));
  const fresh: Stretch = {
    rules,
    rows: stretch,
    sentAt: mails.map((it) => it?.sentAt),
    deliveredAt: mails.map((it) => it?.deliveredAt),
    verdicts,
  };
  memo.stretch = fresh;
  return verdicts;
};
type Stretch = {
  readonly rules: HumanRules;
  readonly rows: readonly Row[];
  readonly sentAt: readonly (string | undefined)[];
  readonly deliveredAt: readonly (string | undefined)[];
  readonly verdicts: readonly (Verdict | undefined)[];
};
const isKnown = (known: Stretch, row: Row, at: number, mailOf: MailOf): boolean => {
  const mail = mailOf(row);
  return known.rows[at] === row && known.sentAt[at] === mail?.sentAt && known.deliveredAt[at] === mail?.deliveredAt;
};

/** Of few mails each is looked at faster than they are put in order. */
const fewMails = 24;
const finderIn = (mails: readonly MailFacts[]): MailOf => {
  if (mails.length <= fewMails) return (row) => mails.findLast((it) => isOf(row, it));
  const byName = byKey(mails);
  return (row) => byName.get(row.mail);
};
const isOf = (row: Row, mail: MailFacts): boolean =>
  row.step === mail.step && row.enrolmentId === mail.enrolmentId && (row.round ?? 1) === mail.round;

const byKey = (mails: readonly MailFacts[]): ReadonlyMap<string, MailFacts> => {
  const known = mailsByKey.get(mails) ?? new Map(mails.map((it) => [mailKey(it), it]));
  mailsByKey.set(mails, known);
  return known;
};
const mailsByKey = new WeakMap<readonly MailFacts[], ReadonlyMap<string, MailFacts>>();

const isVisit = ({ name, agent }: Row): boolean => name === 'visited' && agent !== undefined;

type Verdicts = ReadonlyMap<Row, Verdict>;
type Around = {
  readonly rules: HumanRules;
  readonly mailOf: MailOf;
  readonly sweeps: ReadonlyMap<Row, readonly MachineReason[]>;
};

/** In seconds: what belongs to a sweep through a mail's links. */
const besides = { straggler: 60, picture: 5, page: 10 } as const;
const beside = ['beside-a-machine'] as const;
const nothing: readonly MachineReason[] = [];

/** A scanner with a browser inside shows the pages that it looks at. */
const judgeVisits = (all: readonly Row[], { rules, sweeps }: Around): Verdicts => {
  const swept = sweeps.size === 0 ? [] : all.filter((it) => sweeps.has(it));
  return verdictsOn(all.filter(isVisit), rules, (it) => [
    ...ownSigns(it),
    ...(someBetween(swept, it.epoch - besides.page * 1000, it.epoch) ? beside : []),
  ]);
};

const judgeClicks = (clicks: readonly Row[], wentOn: ReadonlySet<Row>, { rules, mailOf, sweeps }: Around): Verdicts => {
  const swept = byMail(sweeps.size === 0 ? [] : clicks.filter((it) => sweeps.has(it)));
  return verdictsOn(clicks, rules, (it) => {
    const patterns = sweeps.get(it) ?? (isNear(swept, it, besides.straggler) ? beside : nothing);
    return [...ownSigns(it), ...ofTime(it, mailOf, rules), ...patterns, ...(wentOn.has(it) ? (['went-on'] as const) : nothing)];
  });
};

/** In seconds: who clicks so soon had the mail before them. */
const ledToClick = 120;

/** A machine that was early, or followed more than one link, took the pictures along; one that checks a reader's click did not. */
const judgeOpens = (all: readonly Row[], clicks: Verdicts, { rules, mailOf, sweeps }: Around): Verdicts => {
  const isByMachine = (it: Row) => clicks.get(it)?.by === 'machine';
  const machines = byMail([...clicks.keys()].filter((it) => isByMachine(it) && (sweeps.has(it) || ofTime(it, mailOf, rules).length > 0)));
  const people = byMail([...clicks.keys()].filter((it) => !isByMachine(it)));
  return verdictsOn(
    all.filter((it) => it.name === 'opened'),
    rules,
    (it) => {
      const hasLed = someBetween(people.get(it.mail) ?? [], it.epoch, it.epoch + ledToClick * 1000);
      const company = isNear(machines, it, besides.picture) ? beside : hasLed ? (['led-to-click'] as const) : nothing;
      return [...ownSigns(it), ...ofTime(it, mailOf, rules), ...company];
    },
  );
};

const isNear = (rows: ReadonlyMap<string, readonly Row[]>, it: Row, seconds: number): boolean =>
  rows.size > 0 && someBetween(rows.get(it.mail) ?? [], it.epoch - seconds * 1000, it.epoch + seconds * 1000);

const verdictsOn = (rows: readonly Row[], rules: HumanRules, signsOf: (row: Row) => readonly MachineReason[]): Verdicts => {
  const found = new Map<Row, Verdict>();
  for (const it of rows) found.set(it, verdictOf(it.name, signsOf(it), rules));
  return found;
};

/** What a program says of itself, and the mail service of it. */
const ownSigns = ({ name, agent = 'browser', automated }: Row): readonly MachineReason[] => {
  const sign = name === 'opened' ? ofAgentThatOpens[agent] : ofAgent[agent];
  if (!automated && !sign) return nothing;
  return [...(automated ? (['automated'] as const) : []), ...(sign ? [sign] : [])];
};

type Signs = { readonly [kind in AgentKind]: MachineReason | undefined };
/** Office programs check a link before the browser gets it: a click of a mail program is its reader's. */
const ofAgent: Signs = {
  browser: undefined,
  'mail-program': undefined,
  'image-proxy': 'known-bot',
  'privacy-relay': 'known-bot',
  scanner: 'scanner',
  bot: 'known-bot',
  bare: 'bare-agent',
  none: 'no-agent',
};
/** Apple's relay gives nothing but `Mozilla/5.0`. */
const ofAgentThatOpens: Signs = {
  ...ofAgent,
  'mail-program': 'mail-program',
  'image-proxy': 'image-proxy',
  'privacy-relay': 'privacy-relay',
  bare: 'privacy-relay',
};

/** In seconds. A reader may have the mailbox open as a mail comes in; nobody has read it and chosen a link by then. */
const openAfterDelivery = 2;

/** Gateways also look before they let a mail in, so before it counts as delivered. */
const ofTime = (event: Row, mailOf: MailOf, rules: HumanRules): readonly MachineReason[] => {
  const mail = mailOf(event);
  const seconds = event.name === 'opened' ? Math.min(openAfterDelivery, rules.secondsAfterDelivery) : rules.secondsAfterDelivery;
  const isWithin = (since: string) => event.epoch - toEpoch(since) < seconds * 1000;
  if (mail?.deliveredAt !== undefined) return isWithin(mail.deliveredAt) ? ['right-after-delivery'] : nothing;
  return mail?.sentAt !== undefined && isWithin(mail.sentAt) ? ['right-after-sending'] : nothing;
};

/** What a mail scanner does not do: a page that a browser showed, or anything in the product. */
const isTrace = ({ name, agent = 'browser' }: Row): boolean =>
  name === 'visited' ? agent === 'browser' || agent === 'mail-program' : !mailEvents.includes(name);
/** Those of core/events.ts, written out: with its schemas the bundle of send-email, which judges nobody by them, is a tenth larger. */
const mailEvents: readonly string[] = [
  'sent',
  'delivered',
  'bounced',
  'complained',
  'rejected',
  'opened',
  'clicked',
  'rendering-failed',
  'delayed',
  'subscription',
  'auto-replied',
];

/** The same signs under the same rules give the very same verdict: who has one may know it again by that. */
const verdictOf = (name: string, signs: readonly MachineReason[], rules: HumanRules): Verdict => {
  const known = verdicts.get(rules) ?? new Map<string, Verdict>();
  verdicts.set(rules, known);
  const text = signs.length === 0 ? name : `${name} ${signs.join(' ')}`;
  const verdict = known.get(text) ?? weighed(name, signs, rules);
  if (known.size < mostVerdicts) known.set(text, verdict);
  return verdict;
};
const verdicts = new WeakMap<HumanRules, Map<string, Verdict>>();
const mostVerdicts = 5000;

const weighed = (name: string, given: readonly MachineReason[], rules: HumanRules): Verdict => {
  const signs = given.filter((it) => !rules.ignoreSigns?.includes(it));
  const sum = signs.reduce((all, it) => all + weightOf(it, rules), prior[name] ?? 0);
  const machine = Math.round(100 / (1 + Math.exp(-sum))) / 100;
  const by = machine >= rules.machineFrom ? 'machine' : 'human';
  const because = signs
    .filter((it) => by === 'human' || weightOf(it, rules) > 0)
    .sort((one, other) => Math.abs(weightOf(other, rules)) - Math.abs(weightOf(one, rules)) || (one < other ? -1 : 1));
  return { by, machine, because };
};

const weightOf = (reason: MachineReason, { imageProxy }: HumanRules): number =>
  reason === 'image-proxy' && imageProxy === 'ignore' ? certain : weights[reason];
