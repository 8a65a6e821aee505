import { markOf } from '#core/base36';
import type { DigestRules, LiveConfig } from '#core/config';
import type { Use } from '#core/handlers';
import { addSeconds } from '#core/instant';
import type { DigestState } from '#core/ports';
import { renderDigest } from '#core/report/digest';
import { type DueDigest, dueDigest, isWhole, madeUpForSeconds, waitsForFigures } from '#core/report/digest-week';
import { onTick } from '#lambdas/runtime';

type Handler = Use<'digest'>;

/** Whoever has the week has ended by then. */
const leaseSeconds = 120;

/**
 * Once a week the same figures for both teams, to everybody that sales.yaml names. Each gets it once: who got it is on the week's row. A
 * process that dies in between may mail one of them twice: twice is better than never. After an outage the last week's is made up for.
 */
export const digest = (use: Handler) => async (): Promise<void> => {
  const live = await use.config.live();
  const { digest: rules } = live.sales;
  if (!rules) return;
  const now = use.clock.now();
  const due = dueDigest(rules, live.brand.timeZone, now);
  if (now > addSeconds(due.at, madeUpForSeconds)) return;
  if ((await use.digests.find(due.name))?.doneAt !== undefined) return;
  const report = await use.recounts.report();
  if (!report || (!isWhole(due.week, report.asOf) && now < addSeconds(due.at, waitsForFigures))) return;
  const claimed = await use.digests.claim(due.name, now, addSeconds(now, leaseSeconds));
  if (!claimed) return;
  await sendToAll(use, { due, claimed, live, rules, mail: renderDigest({ ...report, week: due.week, live }) });
};

type Sending = {
  readonly due: DueDigest;
  readonly claimed: DigestState;
  readonly live: LiveConfig;
  readonly rules: DigestRules;
  readonly mail: ReturnType<typeof renderDigest>;
};

const sendToAll = async (use: Handler, { due, claimed, live, rules, mail }: Sending): Promise<void> => {
  const { sender } = live.brand;
  let state = claimed;
  for (const to of await addressesOf(use, rules, live)) {
    const mark = markOf(to);
    if (state.sentTo.includes(mark)) continue;
    const from = { name: sender.name, address: sender.address };
    const sent = await use.mail.send({ from, to, ...mail, headers: [], tags: { kind: 'digest', week: due.name } });
    // The next tick goes on where this one could not.
    if (sent.result === 'throttled' || sent.result === 'circuit') return use.log.warn('digest waits', { week: due.name, why: sent.result });
    if (sent.result === 'rejected') use.log.error('digest refused', { week: due.name });
    const saved = await use.digests.save(due.name, state, { ...state, sentTo: [...state.sentTo, mark] });
    if (!saved) return;
    state = saved;
  }
  await use.digests.save(due.name, state, { ...state, doneAt: use.clock.now() });
  use.log.info('digest sent', { week: due.name, to: state.sentTo.length });
};

const addressesOf = async (use: Handler, { to }: DigestRules, { sales }: LiveConfig): Promise<readonly string[]> => {
  const owners = to.includes('owners') ? (await use.artifacts.current()).map((it) => it.owner) : [];
  const all = to.flatMap((it) => (it === 'sales' ? sales.team.map((rep) => rep.email) : it === 'owners' ? owners : [it]));
  return [...new Set(all.map((it) => it.toLowerCase()))].sort();
};

export const handler = onTick(digest);
