import type { LiveConfig } from '#core/config';
import { holidaysOf } from '#core/holidays';
import type { Instant } from '#core/instant';
import { budgetOf } from '#core/sequences/budget';
import type { Compiled } from '#core/sequences/compile';
import { localDay, zoneOf } from '#core/time-zone';
import type { StoredMail } from '#local/ses/mail-service';
import type { LeadRows } from './lead-rows.ts';
import type { Trace } from './traces.ts';

/** The promises, counted again from what lies in the inbox and the histories: not by the code that keeps them. */
export const sendKeyOf = ({ tags }: StoredMail) => [tags.lead, tags.sequence, tags.enrolment, tags.step, tags.round].join(' ');

/** Against every fact that should have kept it back: stops on the row, suppressions, consent. */
export const isAfterStop = (mail: StoredMail, rows: LeadRows | undefined): boolean => {
  if (!rows) return true;
  const run = rows.enrolments.find((it) => it.enrolmentId === mail.tags.enrolment);
  if (!run || (run.stop && mail.at > run.stop.at)) return true;
  return rows.suppressions.some((it) => it.scope === 'GLOBAL' && mail.at > it.at);
};

/** By Intl and the lead's own fields, not by the code that planned it. */
export const isOutsideWindow = (mail: StoredMail, rows: LeadRows | undefined, compiled: readonly Compiled[], live: LiveConfig): boolean => {
  const { sequence = '', step = '' } = mail.tags;
  const email = compiled.find((it) => it.artifact.sequence === sequence)?.artifact.emails[step]?.step;
  if (!rows || !email) return true;
  if (email.atOnce) return false;
  const { window } = email;
  const { day, minute } = localTime(mail.at, window && window.zone !== 'lead' ? window.zone : zoneOf(rows.lead, live.brand).zone);
  const holidays = holidaysOf(rows.lead, live.brand);
  const zone = window && window.zone !== 'lead' ? window.zone : zoneOf(rows.lead, live.brand).zone;
  if (window && holidays?.has(localDay(Date.parse(mail.at), zone))) return true;
  if (window) return !window.days.includes(day) || minute < window.fromMinute || minute >= window.toMinute;
  return isQuiet(minute, live);
};

/** E-mails that came too close to another one to the same person, or were one too many within the period. */
export const overCap = (mails: readonly StoredMail[], compiled: readonly Compiled[], { brand: { caps } }: LiveConfig): number => {
  const counts = ({ tags }: StoredMail) => {
    const artifact = compiled.find((it) => it.artifact.sequence === tags.sequence)?.artifact;
    const step = artifact?.emails[tags.step ?? '']?.step;
    return artifact?.lawfulBasis !== 'confirmation' && artifact?.lawfulBasis !== 'contract' && step?.transactional !== true;
  };
  const times = new Map<string, number[]>();
  for (const mail of mails.filter(counts)) {
    const lead = mail.tags.lead ?? '';
    times.set(lead, [...(times.get(lead) ?? []), Date.parse(mail.at)]);
  }
  const { cap, gapSeconds = 0 } = caps ?? {};
  const isOver = (all: readonly number[], at: number) => {
    const [now = 0, before] = [all[at], all[at - 1]];
    const isTooClose = before !== undefined && now - before < gapSeconds * 1000;
    return isTooClose || (cap !== undefined && all.filter((it) => it <= now && now - it < cap.perSeconds * 1000).length > cap.emails);
  };
  return [...times.values()].reduce((sum, all) => {
    const sorted = all.toSorted((one, other) => one - other);
    return sum + sorted.filter((_, at) => isOver(sorted, at)).length;
  }, 0);
};

const isQuiet = (minute: number, live: LiveConfig): boolean => {
  const quiet = live.brand.quietHours;
  if (!quiet) return false;
  return quiet.fromMinute < quiet.toMinute
    ? minute >= quiet.fromMinute && minute < quiet.toMinute
    : minute >= quiet.fromMinute || minute < quiet.toMinute;
};

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const localTime = (at: Instant, timeZone: string): { readonly day: number; readonly minute: number } => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(Date.parse(at));
  const part = (type: string) => parts.find((it) => it.type === type)?.value ?? '';
  return { day: weekdays.indexOf(part('weekday')) + 1, minute: Number(part('hour')) * 60 + Number(part('minute')) };
};

export const overBudget = (traces: readonly Trace[], compiled: readonly Compiled[]): number =>
  traces.reduce((sum, { machine, states }) => {
    const asl = compiled.find((it) => it.artifact.sequence === machine)?.asl;
    return asl ? sum + Math.max(0, states.length - budgetOf(states, asl)) : sum;
  }, 0);

export const perEmailStep = (traces: readonly Trace[], compiled: readonly Compiled[]): number => {
  let emails = 0;
  let states = 0;
  for (const trace of traces) {
    const one = compiled.find((it) => it.artifact.sequence === trace.machine);
    if (!one) continue;
    const isEmail = (name: string) => one.artifact.emails[name] !== undefined;
    trace.states.forEach((name, at) => {
      if (!isEmail(name)) return;
      emails++;
      states += isWait(before(trace.states, at, one), one) ? 2 : 1;
    });
  }
  return emails === 0 ? 0 : Math.round((states / emails) * 1000) / 1000;
};

/** What led to a state; splits take no time. */
const before = (states: readonly string[], at: number, { asl }: Compiled): string =>
  states.slice(0, at).findLast((name) => asl.States[name]?.Type !== 'Choice' || name === asl.StartAt) ?? '';

const isWait = (name: string, { asl }: Compiled): boolean => {
  const state = asl.States[name];
  return state?.Type === 'Task' && state.Resource.endsWith('updateItem.waitForTaskToken');
};
