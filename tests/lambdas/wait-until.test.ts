import { describe, expect, it } from 'vitest';
import { dateWaitAt } from '#core/date-wait';
import { addSeconds, type Instant } from '#core/instant';
import { compileSequence } from '#core/sequences/compile';
import { machineFaults } from '#core/sequences/limits';
import type { CompiledEmail, DateWait, Step } from '#core/sequences/model';
import { digest } from '#tests/helpers/chaos';
import { type Happening, runProtocol } from '#tests/helpers/protocol-run';
import { liveConfig, nurtureSequence } from '#tests/helpers/protocol-sequence';

const start = '2026-03-23T13:00:00.000Z';
const day = 86_400;
const content: CompiledEmail = {
  subject: 'Hello',
  preheader: '',
  html: '<a href="{{ unsubscribe-url }}">x</a>',
  text: '{{ unsubscribe-url }}',
};
const mail = (id: string): Step => ({ id, kind: 'email', email: id, atOnce: true });
const until: DateWait = { field: 'renewal', plusDays: -10, atMinute: 540, yearly: false, atMostSeconds: 90 * day, otherwise: 'exit' };

/** The lead lives in Berlin. `says`: what the field becomes, and when. */
const run = async (more: Partial<DateWait>, says: readonly (readonly [at: Instant, renewal: string])[]) => {
  const steps: readonly Step[] = [{ id: 'renewal-nears', kind: 'wait', length: { until: { ...until, ...more } } }, mail('remind')];
  const compiled = compileSequence({ ...nurtureSequence, steps }, { remind: content }, digest);
  expect(machineFaults(compiled)).toEqual([]);
  const { trace, ports, leadId } = await runProtocol({
    seed: 1,
    compiled,
    live: liveConfig,
    start: addSeconds(start, -60),
    happenings: [
      ...says.map(([at, renewal]): Happening => ({ at, do: 'import', cells: { renewal } })),
      { at: start, do: 'trigger', trigger: 't' },
    ],
    crashes: 0,
    crashRate: 0,
    mailTrouble: 0,
    isSwift: true,
  });
  const [enrolment] = await ports.enrolments.ofLead(leadId);
  const decisions = await ports.decisions.ofLead(leadId);
  // To the minute: a call that is tried again takes seconds.
  return { sent: trace.accepted.map((it) => it.at.slice(0, 16)), ending: enrolment?.ending, reasons: decisions.map((it) => it.reason) };
};
const before = addSeconds(start, -30);

describe('a wait until a day', () => {
  it('ends that many days before it, at the time of the lead', async () => {
    expect(await run({}, [[before, '2026-05-01']])).toEqual({ sent: ['2026-04-21T07:00'], ending: 'completed', reasons: [] });
  });

  it('follows a day that is put off meanwhile', async () => {
    const moved: Instant = '2026-04-20T00:00:00.000Z';
    const { sent } = await run({}, [
      [before, '2026-05-01'],
      [moved, '2026-05-11'],
    ]);
    expect(sent).toEqual(['2026-05-01T07:00']);
  });

  it('is over at once for who comes between that moment and the day', async () => {
    const { sent } = await run({}, [[before, '2026-03-29']]);
    expect(sent.map((it) => it.slice(0, 10))).toEqual(['2026-03-23']);
  });

  it.each([
    ['an empty field', []],
    ['a day that has passed', [[before, '2026-03-01']]],
    ['a day that is too far', [[before, '2027-03-01']]],
    ['no day at all', [[before, 'soon']]],
  ] as const)('ends the run, or goes on, with %s', async (_what, says) => {
    expect(await run({}, says)).toEqual({ sent: [], ending: 'exited', reasons: ['no-day'] });
    const goesOn = await run({ otherwise: 'go-on' }, says);
    expect([goesOn.sent.length, goesOn.ending]).toEqual([1, 'completed']);
  });

  it('of each year finds the next one; a leap day is the 28th in other years', () => {
    const yearly = { ...until, plusDays: 0, atMinute: 0, yearly: true, atMostSeconds: 330 * day };
    const at = (now: Instant, birthday: string) => dateWaitAt({ renewal: birthday }, yearly, now, 'Europe/Dublin');
    expect(at('2026-03-23T13:00:00.000Z', '1980-05-01')).toEqual({ is: 'wait', at: '2026-04-30T23:00:00.000Z' });
    expect(at('2026-12-20T13:00:00.000Z', '1980-01-05')).toEqual({ is: 'wait', at: '2027-01-05T00:00:00.000Z' });
    expect(at('2026-12-20T13:00:00.000Z', '1980-02-29')).toEqual({ is: 'wait', at: '2027-02-28T00:00:00.000Z' });
    expect(at('2027-12-20T13:00:00.000Z', '1980-02-29')).toEqual({ is: 'wait', at: '2028-02-29T00:00:00.000Z' });
    expect(at('2026-05-01T10:00:00.000Z', '1980-05-01')).toEqual({ is: 'reached' });
  });
});
