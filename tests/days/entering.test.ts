import { describe, expect, it } from 'vitest';
import type { Condition } from '#core/condition';
import type { LiveConfig } from '#core/config';
import { factsRead } from '#core/entry-facts';
import type { Enter, Step } from '#core/sequences/model';
import { enrolEveryone, planEveryone } from '#lambdas/enrol-everyone';
import { testKeys } from '#local/settings';
import { mailAt, noPause, versionOf, waitOf } from '#tests/helpers/legs';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld } from '#tests/helpers/world';

const entering = async (
  enter: Enter,
  options: { readonly live?: LiveConfig; readonly steps?: readonly Step[]; readonly others?: object[] } = {},
) => {
  const compiled = versionOf(options.steps ?? [mailAt('hello'), waitOf('settle', 2), mailAt('bye')], { enter });
  const world = await aWorld({
    compiled: [compiled, ...((options.others ?? []) as (typeof compiled)[])],
    ...(options.live && { live: options.live }),
  });
  const { ports, leadId } = world;
  const post = async (path: string, body: unknown) => {
    const answer = await world.app.request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${testKeys.api.local}` },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return {
    ...world,
    post,
    /** A list says this of the lead, and all that follows at once follows. */
    says: async (fields: Readonly<Record<string, string | number>>) => {
      await post('/leads', { list: 'crm', leads: [{ email: world.email, ...fields }] });
      await world.advance('1 minute');
    },
    runs: async () => (await ports.enrolments.ofLead(leadId)).map((it) => it.trigger).sort(),
    refusals: async () => (await ports.decisions.ofLead(leadId)).filter((it) => it.outcome === 'not-enrolled').map((it) => it.reason),
    artifact: compiled.artifact,
  };
};

const becoming = (when: Condition): Enter['on'] => ({ when, reads: factsRead(when) });
const plan = (value: string): Condition => ({ kind: 'field', field: 'plan', test: { is: value } });

describe('a condition that begins to hold', () => {
  it('lets a lead in each time it does, and not for another reason', async () => {
    const world = await entering({ on: becoming(plan('pro')), again: 'always' });
    await world.says({ plan: 'free' });
    expect(await world.runs()).toEqual([]);
    await world.says({ plan: 'pro' });
    await world.says({ plan: 'pro', employees: 200 });
    expect(await world.runs()).toEqual(['became:1']);
    await world.advance('3 days');
    expect(world.sent()).toEqual(['hello', 'bye']);
    await world.says({ plan: 'free' });
    await world.says({ plan: 'pro' });
    expect(await world.runs()).toEqual(['became:1', 'became:2']);
  });

  it('may be about what the lead did, whenever it did it, and about points that were earned anew', async () => {
    const loves: Condition = {
      kind: 'all',
      of: [
        { kind: 'event', key: 'did:report.made' },
        { kind: 'engagement', atLeast: 30 },
      ],
    };
    const live = {
      ...liveConfig,
      scoring: { ...liveConfig.scoring, qualified: { ...liveConfig.scoring.qualified, if: { kind: 'fit', atLeast: 99 } as const } },
    };
    const world = await entering({ on: becoming(loves), again: 'always' }, { live });
    await world.did('visited', '/pricing');
    expect(await world.runs()).toEqual([]);
    await world.did('report.made');
    expect(await world.runs()).toEqual(['became:1']);
    // Engagement of 40 fades below 30 within nine days, and nobody looks.
    await world.advance('20 days');
    await world.did('visited', '/pricing');
    await world.advance('1 minute');
    expect(await world.runs()).toEqual(['became:1', 'became:2']);
  });

  it('may be a change that another sequence made', async () => {
    const mark = versionOf([{ id: 'mark', kind: 'update', fields: { 'tag-fair': true }, stage: 'engaged' }], { id: 'marks' });
    const tagged: Condition = {
      kind: 'all',
      of: [
        { kind: 'field', field: 'tag-fair', test: { is: true } },
        { kind: 'stage', in: ['engaged'] },
      ],
    };
    const world = await entering({ on: becoming(tagged), again: 'never' }, { others: [mark] });
    await world.did('trial.started');
    await world.advance('5 minutes');
    expect(await world.runs()).toContain('became:1');
  });

  it('must still hold when the lead comes in, and what refuses it is on record', async () => {
    const world = await entering({ on: becoming(plan('pro')), again: 'never' });
    await world.ports.enrolQueue.push({ leadId: world.leadId, sequence: 'nurture', trigger: 'became:1' });
    await world.advance('1 minute');
    expect(await world.refusals()).toEqual(['holds-no-more']);
  });
});

describe('a day that a field names', () => {
  const renewal: Enter['on'] = { date: { field: 'renewal-date', plusDays: -3, atMinute: 9 * 60, yearly: false } };

  it('lets the lead in on that day, in its own time, and goes along when the field changes', async () => {
    const world = await entering({ on: renewal, again: 'always' });
    await world.says({ 'renewal-date': '2026-04-10' });
    await world.says({ 'renewal-date': '2026-04-02' });
    await world.runUntil('2026-03-30T06:59:00.000Z');
    expect(await world.runs()).toEqual([]);
    // 09:00 in Berlin, a day after the clocks went forward.
    await world.runUntil('2026-03-30T07:16:00.000Z');
    expect(await world.runs()).toEqual(['date:2026-04-02']);
    await world.advance('5 days');
    await world.says({ 'renewal-date': '2026-04-20' });
    expect(await world.runs()).toEqual(['date:2026-04-02']);
  });

  it('comes every year: the next is planned when this one is entered by', async () => {
    const world = await entering({ on: { date: { field: 'born', plusDays: 0, atMinute: 540, yearly: true } }, again: 'always' });
    await world.says({ born: '1984-03-25' });
    await world.advance('4 days');
    expect(await world.runs()).toEqual(['date:2026-03-25']);
    const lead = await world.ports.leads.find(world.leadId);
    expect(lead?.entries?.nurture).toEqual({ entered: '2026-03-25', day: '2027-03-25', due: '2027-03-25T08:00:00.000Z' });
  });
});

describe('POST /enrol', () => {
  it('answers each item, and the same id is the same enrolment', async () => {
    const world = await entering({ on: { api: true }, again: 'always' }, { others: [versionOf([mailAt('x')], { id: 'closed' })] });
    const enrolments = [
      { id: 'deal-7', sequence: 'nurture', email: 'Kim@Example.com' },
      { id: 'deal-8', sequence: 'nurture', email: 'nobody@example.com' },
      { id: 'deal-9', sequence: 'closed', 'lead-id': world.leadId },
      { id: 'deal-10', sequence: 'nowhere', 'lead-id': world.leadId },
      { id: 'deal-11', sequence: 'nurture' },
      { id: 'deal-12', sequence: 'nurture', email: 'kim@example.com', more: 1 },
    ];
    const answer = await world.post('/enrol', { enrolments });
    expect(answer.status).toBe(207);
    expect((answer.body.results as { code?: string }[]).map((it) => it.code)).toEqual([
      undefined,
      'unknown-lead',
      'not-open',
      'unknown-sequence',
      'no-lead',
      'invalid',
    ]);
    expect(JSON.stringify(answer.body)).not.toContain('example.com');
    await world.post('/enrol', { enrolments: enrolments.slice(0, 1) });
    await world.advance('4 days');
    await world.post('/enrol', { enrolments: enrolments.slice(0, 1) });
    await world.advance('1 minute');
    expect(await world.runs()).toEqual(['api:local:deal-7']);
    expect(world.sent()).toEqual(['hello', 'bye']);
    expect((await world.post('/enrol', {})).status).toBe(400);
  });

  it('asks for consent like every way in', async () => {
    const world = await entering({ on: { api: true }, again: 'never' });
    await world.ports.leads.setConsents(world.leadId, { tips: { given: false, at: world.clock.now(), source: 'page' } });
    await world.post('/enrol', { enrolments: [{ id: '1', sequence: 'nurture', email: world.email }] });
    await world.advance('1 minute');
    expect([await world.runs(), await world.refusals()]).toEqual([[], ['unsubscribed']]);
  });
});

describe('an exit of brand.yaml', () => {
  const withExits = (exits: NonNullable<LiveConfig['brand']['exits']>): LiveConfig => ({
    ...liveConfig,
    brand: { ...liveConfig.brand, exits },
  });

  it('ends the run on its event', async () => {
    const world = await entering(
      { on: { event: 'trial.started' }, again: 'never' },
      { live: withExits([{ on: 'contract.signed', as: 'goal' }]) },
    );
    await world.did('trial.started');
    await world.did('contract.signed');
    await world.advance('3 days');
    expect(world.sent()).toEqual(['hello']);
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'goal' } });
  });

  it('ends the run when the lead becomes what it names, at once', async () => {
    const world = await entering(
      { on: { event: 'trial.started' }, again: 'never' },
      { live: withExits([{ when: plan('gone'), as: 'exit' }]) },
    );
    await world.did('trial.started');
    await world.says({ plan: 'gone' });
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'exit' } });
    await world.advance('3 days');
    expect(world.sent()).toEqual(['hello']);
  });
});

describe('a sequence that is switched off', () => {
  const off = (inside: 'hold' | 'finish' | 'exit'): LiveConfig => ({
    ...liveConfig,
    brand: { ...liveConfig.brand, off: { nurture: inside } },
  });
  /** The rules as they are; a test changes them as a deployment would. */
  const switching = async (inside: 'hold' | 'finish' | 'exit', steps?: readonly Step[]) => {
    const brand = { ...liveConfig.brand } as { off?: LiveConfig['brand']['off'] } & LiveConfig['brand'];
    const world = await entering(
      { on: { event: 'trial.started' }, again: 'always' },
      { live: { ...liveConfig, brand }, ...(steps && { steps }) },
    );
    await world.did('trial.started');
    const turnOff = () => {
      brand.off = off(inside).brand.off ?? {};
    };
    if (!steps) turnOff();
    return { ...world, on: () => delete brand.off, off: turnOff };
  };

  it('takes nobody in, and says so', async () => {
    const world = await entering({ on: { event: 'trial.started' }, again: 'always' }, { live: off('finish') });
    await world.did('trial.started');
    expect([await world.runs(), await world.refusals()]).toEqual([[], ['sequence-off']]);
  });

  it('holds who is inside until it is on again', async () => {
    const world = await switching('hold');
    await world.advance('20 days');
    expect(world.sent()).toEqual(['hello']);
    world.on();
    await world.advance('1 day');
    expect(world.sent()).toEqual(['hello', 'bye']);
  });

  it('or lets them go on to the end', async () => {
    const world = await switching('finish');
    await world.advance('3 days');
    expect(world.sent()).toEqual(['hello', 'bye']);
  });

  it('or ends their runs, within half an hour, however long they would have waited', async () => {
    const world = await switching('exit', [mailAt('hello'), waitOf('settle', 300), mailAt('bye')]);
    await world.advance('2 days');
    expect((await world.run())?.endedAt).toBeUndefined();
    world.off();
    await world.advance('31 minutes');
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'exit' } });
    expect(world.sent()).toEqual(['hello']);
    expect(world.runner.list().map((it) => it.status)).toEqual(['SUCCEEDED']);
  });

  it('or ends their runs when they move next', async () => {
    const world = await switching('exit');
    await world.advance('3 days');
    expect(world.sent()).toEqual(['hello']);
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'exit' } });
  });
});

describe('letting in everyone who is there already', () => {
  it('counts first, lets each in once, and goes on where it broke off', async () => {
    const world = await entering({ on: { event: 'never.happens' }, if: plan('pro'), again: 'always' });
    const lead = (n: number, given: string) => ({
      email: `lead${n}@example.com`,
      plan: given,
      'consent-topics': 'tips',
      'consent-at': '2026-02-01',
      'consent-source': 'form',
    });
    await world.post('/leads', { list: 'crm', leads: [1, 2, 3, 4, 5].map((n) => lead(n, n < 4 ? 'pro' : 'free')) });
    const everyone = { artifact: world.artifact, run: 'first' };
    expect(await planEveryone(world.ports, everyone)).toEqual({
      sequence: 'nurture',
      leads: 6,
      enter: 3,
      later: 0,
      inside: 0,
      refused: { 'entry-condition-false': 3 },
    });
    let left = 2;
    const breaking = { perSecond: 1000, sleep: () => (--left === 0 ? Promise.reject(new Error('broken off')) : Promise.resolve()) };
    await expect(enrolEveryone(world.ports, everyone, breaking)).rejects.toThrow('broken off');
    await world.advance('1 minute');
    await enrolEveryone(world.ports, everyone, noPause);
    await world.advance('4 days');
    expect(await planEveryone(world.ports, everyone)).toMatchObject({ enter: 0, inside: 3 });
    await enrolEveryone(world.ports, everyone, noPause);
    await world.advance('1 day');
    expect(world.sent().filter((it) => it === 'hello')).toHaveLength(3);
    expect(await planEveryone(world.ports, { ...everyone, run: 'second' })).toMatchObject({ enter: 3, inside: 0 });
  });

  it('also by a condition, and by days that are ahead', async () => {
    const renewal: Enter['on'] = { date: { field: 'renewal-date', plusDays: 0, atMinute: 0, yearly: false } };
    const world = await entering({ on: becoming(plan('pro')), also: [renewal], again: 'always' });
    // As though the lead had been there before the sequence: nobody told of it.
    await world.ports.leads.edit(world.leadId, { fields: { 'renewal-date': '2026-04-02' }, consents: {} }, world.clock.now());
    const everyone = { artifact: world.artifact, run: 'first' };
    expect(await planEveryone(world.ports, everyone)).toMatchObject({ leads: 1, enter: 0, later: 1 });
    await enrolEveryone(world.ports, everyone, noPause);
    await world.advance('1 minute');
    expect(await planEveryone(world.ports, everyone)).toMatchObject({ later: 0, inside: 1 });
    await world.ports.leads.edit(world.leadId, { fields: { plan: 'pro' }, consents: {} }, world.clock.now());
    expect(await planEveryone(world.ports, everyone)).toMatchObject({ enter: 1 });
    await enrolEveryone(world.ports, everyone, noPause);
    await world.advance('12 days');
    expect(await world.runs()).toEqual(['became:1', 'date:2026-04-02']);
  });
});
