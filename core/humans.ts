import type { AgentKind, EventRow } from './events.ts';
import { toEpoch } from './instant.ts';

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
  burst: 'many links were followed within a minute',
  'beside-a-machine': 'links of this mail were followed by a machine within seconds',
  'mail-program': 'a mail program opened it',
  'went-on': 'the lead was on the site or in the product soon after',
} as const;
export type MachineReason = keyof typeof machineReasons;

/** `machine`: how sure it is that no person did it, 0 to 1. `because`: the strongest sign first. */
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
  readonly linksAtOnce: { readonly atLeast: number; readonly withinSeconds: number };
  readonly burst: { readonly atLeast: number; readonly withinSeconds: number };
  /** An open through a mailbox provider's proxy is most often a person's. */
  readonly imageProxy: 'count' | 'ignore';
  /** The address that a mail's invisible link leads to; undefined: mails have none. */
  readonly decoy?: string;
};
export const defaultHumanRules: HumanRules = {
  machineFrom: 0.7,
  secondsAfterDelivery: 5,
  linksAtOnce: { atLeast: 3, withinSeconds: 10 },
  burst: { atLeast: 6, withinSeconds: 60 },
  imageProxy: 'count',
};

/**
 * Weights in log-odds, added up from where one starts: nobody knows who it was, one click in ten and one open in five is a
 * machine's. Made by hand, tried on tests/fixtures/humans; docs/humans.md has the figures.
 */
const prior: { readonly [name: string]: number } = { clicked: -2.2, opened: -1.4, visited: -3 };
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
  burst: 3.4,
  'beside-a-machine': 3,
  'mail-program': -1,
  'went-on': -3.4,
};

/** How near to each other is near, and how soon after is soon. */
const decoyNearbySeconds = 600;
const besideSeconds = 4;
const wentOnSeconds = { from: 8, to: 1200 };

/**
 * Who opened, clicked or visited: a pure function of all that happened to a lead, so that neither order nor repeats matter.
 * Events that are not judged are people's: what a product or a form tells, somebody did.
 */
export const judge = (events: readonly EventRow[], mails: readonly MailFacts[], rules: HumanRules): ReadonlyMap<string, Verdict> => {
  const timed = events.map((it) => ({ ...it, epoch: toEpoch(it.at) }));
  const clicks = timed.filter((it) => it.name === 'clicked');
  const traces = timed.filter(isTrace).map((it) => it.epoch);
  const mailOf = new Map(mails.map((it) => [mailKey(it), it]));
  const verdicts = new Map<string, Verdict>();
  for (const event of timed) {
    if (!isJudged(event)) continue;
    const mail = mailOf.get(mailKey(event));
    verdicts.set(event.eventId, verdictOf(event.name, signsOf(event, { mail, clicks, traces, rules }), rules));
  }
  return verdicts;
};

type Timed = EventRow & { readonly epoch: number };

const isJudged = ({ name, agent }: EventRow): boolean =>
  name === 'opened' || name === 'clicked' || (name === 'visited' && agent !== undefined);

/** Something that a mail scanner does not do: a page that a browser showed, or anything in the product. */
const isTrace = ({ name, agent }: EventRow): boolean =>
  name === 'visited' ? agent === undefined || agent === 'browser' : !mailEvents.includes(name);
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

const mailKey = ({
  enrolmentId,
  step,
  round,
}: {
  readonly enrolmentId?: string;
  readonly step?: string;
  readonly round?: number;
}): string => `${enrolmentId ?? ''} ${step ?? ''} ${round ?? 1}`;

type Around = {
  readonly mail: MailFacts | undefined;
  readonly clicks: readonly Timed[];
  readonly traces: readonly number[];
  readonly rules: HumanRules;
};

const signsOf = (event: Timed, around: Around): readonly MachineReason[] => {
  const found: MachineReason[] = [];
  if (event.automated) found.push('automated');
  const byAgent = ofAgent[event.agent ?? 'browser'];
  if (byAgent && !(byAgent === 'image-proxy' && event.name !== 'opened')) found.push(byAgent);
  if (event.name !== 'visited') found.push(...ofTime(event, around));
  if (event.name === 'clicked') found.push(...ofClicks(event, around));
  if (event.name === 'opened' && isBesideMachine(event, around)) found.push('beside-a-machine');
  return found;
};

const ofAgent: { readonly [kind in AgentKind]: MachineReason | undefined } = {
  browser: undefined,
  'mail-program': 'mail-program',
  'image-proxy': 'image-proxy',
  'privacy-relay': 'privacy-relay',
  scanner: 'scanner',
  bot: 'known-bot',
  bare: 'bare-agent',
  none: 'no-agent',
};

const ofTime = ({ epoch, name }: Timed, { mail, rules }: Around): readonly MachineReason[] => {
  // A reader may have the mail open as it comes in; nobody has read it and chosen a link by then.
  const within = (since: string, seconds: number) => epoch - toEpoch(since) < seconds * 1000;
  const seconds = name === 'opened' ? Math.min(2, rules.secondsAfterDelivery) : rules.secondsAfterDelivery;
  if (mail?.deliveredAt !== undefined) return within(mail.deliveredAt, seconds) ? ['right-after-delivery'] : [];
  return mail?.sentAt !== undefined && within(mail.sentAt, seconds) ? ['right-after-sending'] : [];
};

const ofClicks = (event: Timed, { clicks, traces, rules }: Around): readonly MachineReason[] => {
  const found: MachineReason[] = [];
  const near = (seconds: number) => clicks.filter((it) => Math.abs(it.epoch - event.epoch) <= seconds * 1000);
  const ofMail = (others: readonly Timed[]) => others.filter((it) => mailKey(it) === mailKey(event));
  if (isDecoy(event, rules)) found.push('decoy');
  else if (ofMail(near(decoyNearbySeconds)).some((it) => isDecoy(it, rules))) found.push('decoy-nearby');
  const { linksAtOnce, burst } = rules;
  if (mostLinksWithin(ofMail(near(linksAtOnce.withinSeconds)), event, linksAtOnce.withinSeconds) >= linksAtOnce.atLeast)
    found.push('links-at-once');
  if (near(burst.withinSeconds).length >= burst.atLeast) found.push('burst');
  const isSuspect = found.length > 0;
  const wentOn = traces.some((it) => it - event.epoch >= wentOnSeconds.from * 1000 && it - event.epoch <= wentOnSeconds.to * 1000);
  return !isSuspect && wentOn ? [...found, 'went-on'] : found;
};

/** A scanner takes the pictures along with the links. */
const isBesideMachine = (event: Timed, around: Around): boolean =>
  around.clicks.some((click) => {
    if (mailKey(click) !== mailKey(event) || Math.abs(click.epoch - event.epoch) > besideSeconds * 1000) return false;
    const signs = signsOf(click, around);
    return verdictOf('clicked', signs, around.rules).by === 'machine' && !signs.includes('known-bot');
  });

const isDecoy = ({ link }: EventRow, { decoy }: HumanRules): boolean => decoy !== undefined && link?.split(/[?#]/, 1)[0] === decoy;

/** Different links within any stretch of this length that holds the event itself. */
const mostLinksWithin = (clicks: readonly Timed[], event: Timed, seconds: number): number =>
  Math.max(
    0,
    ...clicks
      .filter((first) => first.epoch <= event.epoch)
      .map(
        (first) =>
          new Set(clicks.filter((it) => it.epoch >= first.epoch && it.epoch - first.epoch <= seconds * 1000).map((it) => it.link)).size,
      ),
  );

const verdictOf = (name: string, signs: readonly MachineReason[], rules: HumanRules): Verdict => {
  const sum = signs.reduce((all, it) => all + weightOf(it, rules), prior[name] ?? -2);
  const machine = Math.round(100 / (1 + Math.exp(-sum))) / 100;
  const because = [...signs].sort(
    (one, other) => Math.abs(weightOf(other, rules)) - Math.abs(weightOf(one, rules)) || (one < other ? -1 : 1),
  );
  return { by: machine >= rules.machineFrom ? 'machine' : 'human', machine, because };
};

const weightOf = (reason: MachineReason, { imageProxy }: HumanRules): number =>
  reason === 'image-proxy' && imageProxy === 'ignore' ? certain : weights[reason];
