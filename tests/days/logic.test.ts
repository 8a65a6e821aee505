import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import type { WebhookCall } from '#core/ports';
import type { Step } from '#core/sequences/model';
import type { WorldOptions } from '#local/world';
import { day, mailAt, versionOf, waitOf } from '#tests/helpers/legs';
import { aWorld, start } from '#tests/helpers/world';

const entered = async (steps: readonly Step[], options: Partial<WorldOptions> = {}) => {
  const compiled = versionOf(steps);
  const world = await aWorld({ ...options, compiled: [compiled] });
  await world.did('trial.started');
  const lead = async () => {
    const found = await world.ports.leads.find(world.leadId);
    if (!found) throw new Error('the lead is gone');
    return found;
  };
  const decisions = async () =>
    (await world.ports.decisions.ofLead(world.leadId)).map((it) => `${it.step} ${it.round} ${it.outcome} ${it.reason ?? ''}`.trim());
  return { ...world, lead, decisions };
};

const first: Step = {
  id: 'sign',
  kind: 'wait-for',
  atMostSeconds: 5 * day,
  since: 'enrolment',
  arms: [
    { name: 'looked', awaits: 'visited:/docs*', steps: [mailAt('prices')] },
    { name: 'built', awaits: 'did:report.made', steps: [mailAt('tips')] },
  ],
  timedOut: [mailAt('help')],
};

describe('a wait for the first of several things', () => {
  it('goes the way of what came, and only that way', async () => {
    const world = await entered([first, mailAt('bye')]);
    await world.advance('1 day');
    await world.did('report.made');
    await world.did('visited', '/docs');
    await world.advance('1 day');
    expect(world.sent()).toEqual(['tips', 'bye']);
    expect(await world.decisions()).toEqual(['sign 1 arm:built']);
  });

  it('goes by when things happened, had they happened before it', async () => {
    const world = await entered([waitOf('settle', 2), first]);
    await world.did('visited', '/docs?from=mail');
    await world.advance('1 hour');
    await world.did('report.made');
    await world.advance('3 days');
    expect(world.sent()).toEqual(['prices']);
  });

  it('with since: here counts nothing from before', async () => {
    const world = await entered([waitOf('settle', 2), { ...first, since: 'here' } as Step]);
    await world.did('visited', '/docs');
    await world.advance('3 days');
    expect(world.sent()).toEqual([]);
    await world.did('visited', '/docs');
    await world.advance('1 hour');
    expect(world.sent()).toEqual(['prices']);
  });

  it('has a time-out', async () => {
    const world = await entered([first]);
    await world.advance('6 days');
    expect(world.sent()).toEqual(['help']);
  });
});

describe('a step for some leads only', () => {
  const never = { kind: 'field', field: 'country', test: { is: 'IE' } } as const;
  const always = { kind: 'field', field: 'country', test: { is: 'DE' } } as const;

  it('is gone past by the others, at once and with the reason on record', async () => {
    const steps: Step[] = [
      { ...waitOf('settle', 30), onlyIf: never },
      { ...first, onlyIf: never },
      { id: 'mark', kind: 'update', fields: { plan: 'pro' }, onlyIf: never },
      { id: 'way', kind: 'branch', arms: [{ name: 'all', steps: [mailAt('in-a-branch')] }], onlyIf: never },
      { id: 'again', kind: 'repeat', times: 3, steps: [mailAt('repeated')], onlyIf: never },
      { id: 'out', kind: 'exit', as: 'exit', onlyIf: never },
      mailAt('welcome'),
    ];
    const world = await entered(steps);
    await world.advance('1 hour');
    expect(world.sent()).toEqual(['welcome']);
    expect(await world.decisions()).toEqual(
      expect.arrayContaining(['settle', 'sign', 'mark', 'way', 'again', 'out'].map((it) => `${it} 1 skipped only-if-false`)),
    );
    expect((await world.lead()).fields.plan).toBeUndefined();
  });

  it('is done by those for whom it holds', async () => {
    const world = await entered([
      { ...waitOf('settle', 2), onlyIf: always },
      mailAt('welcome'),
      { id: 'out', kind: 'exit', as: 'goal', onlyIf: always },
      mailAt('no'),
    ]);
    await world.advance('1 day');
    expect(world.sent()).toEqual([]);
    await world.advance('2 days');
    expect(world.sent()).toEqual(['welcome']);
    expect(await world.run()).toMatchObject({ ending: 'exited', endedBy: 'out', endedAs: 'goal' });
  });
});

describe('a repeat', () => {
  const again = (more: object = {}): Step =>
    ({ id: 'nudge', kind: 'repeat', times: 3, steps: [mailAt('remind'), waitOf('pause', 2)], ...more }) as Step;

  it('sends its e-mails each time, each under its own round', async () => {
    const world = await entered([again(), mailAt('bye')]);
    await world.advance('7 days');
    expect(world.sent()).toEqual(['remind', 'remind', 'remind', 'bye']);
    const sends = await world.ports.sends.ofLead(world.leadId);
    expect(sends.map((it) => `${it.step} ${it.round}`).sort()).toEqual(['bye 1', 'remind 1', 'remind 2', 'remind 3']);
  });

  it('is enough once its condition holds', async () => {
    const world = await entered([again({ until: { kind: 'event', key: 'did:project.created' } }), mailAt('bye')]);
    await world.advance('3 days');
    await world.did('project.created');
    await world.advance('4 days');
    expect(world.sent()).toEqual(['remind', 'remind', 'bye']);
  });

  it('within a repeat counts through', async () => {
    const inner: Step = { id: 'inner', kind: 'repeat', times: 2, steps: [mailAt('remind'), waitOf('pause', 1)] };
    const world = await entered([{ id: 'outer', kind: 'repeat', times: 2, steps: [inner, mailAt('sum')] }]);
    await world.advance('7 days');
    expect(world.sent()).toEqual(['remind', 'remind', 'sum', 'remind', 'remind', 'sum']);
  });

  it('may last for years: the machine is cut between its rounds', async () => {
    const monthly = {
      id: 'monthly',
      kind: 'repeat',
      times: 24,
      until: { kind: 'event', key: 'did:project.created' },
      steps: [mailAt('news'), waitOf('month', 30)],
    };
    const world = await entered([monthly as Step, mailAt('bye')]);
    await world.runUntil(addSeconds(start, 725 * day));
    expect(world.sent()).toEqual([...Array.from({ length: 24 }, () => 'news'), 'bye']);
    expect((await world.run())?.leg).toBeGreaterThan(2);
  });
});

describe('steps that act', () => {
  it('change fields, tags, the stage and topics, and other steps see it', async () => {
    const tagged = { kind: 'field', field: 'tag-webinar', test: { is: true } } as const;
    const world = await entered([
      { id: 'mark', kind: 'update', stage: 'engaged', fields: { plan: 'pro', 'tag-webinar': true }, leave: ['tips'] },
      mailAt('never'),
    ]);
    await world.advance('1 day');
    const lead = await world.lead();
    expect(lead).toMatchObject({ stage: 'engaged', fields: { plan: 'pro', 'tag-webinar': true }, consents: { tips: { given: false } } });
    expect((await world.ports.consents.ofLead(world.leadId)).at(-1)).toMatchObject({
      topic: 'tips',
      given: false,
      source: 'sequence nurture, step mark',
    });
    expect(world.sent()).toEqual([]);
    const other = await entered([
      { id: 'mark', kind: 'update', fields: { 'tag-webinar': true } },
      {
        id: 'way',
        kind: 'branch',
        arms: [
          { name: 'tagged', if: tagged, steps: [mailAt('yes')] },
          { name: 'rest', steps: [mailAt('no')] },
        ],
      },
    ]);
    await other.advance('1 day');
    expect(other.sent()).toEqual(['yes']);
  });

  it('tell the team in its chat and by mail, with the words filled in', async () => {
    const told: string[] = [];
    const world = await entered(
      [{ id: 'tell', kind: 'notify', says: '{{ lead.first-name }} is back', slack: 'sales', email: ['owner', 'joy@northwind.example'] }],
      {
        onTold: (channel, text) => told.push(`${channel}: ${text}`),
      },
    );
    await world.advance('1 day');
    expect(told).toEqual(['sales: Kim is back\n_nurture, tell_']);
    expect(world.mail.mails().map((it) => [it.to, it.subject])).toEqual([
      ['ana@example.com', 'Kim is back'],
      ['joy@northwind.example', 'Kim is back'],
    ]);
    expect(JSON.stringify(world.lines)).not.toContain('Kim');
  });

  it('let a lead into another sequence, by that one’s own rules', async () => {
    const other = { ...versionOf([mailAt('hello')], { id: 'welcome-back', enter: { on: { event: 'nothing' }, again: 'never' } }) };
    const one = versionOf([
      { id: 'also', kind: 'repeat', times: 2, steps: [{ id: 'in', kind: 'enrol-in', sequence: 'welcome-back' }, waitOf('pause', 2)] },
    ]);
    const world = await aWorld({ compiled: [one, other] });
    await world.did('trial.started');
    await world.advance('6 days');
    expect(world.sent()).toEqual(['hello']);
    const why = (await world.ports.decisions.ofLead(world.leadId)).map((it) => `${it.outcome} ${it.sequence} ${it.reason}`);
    expect(why).toEqual(['not-enrolled welcome-back ran-before']);
  });
});

describe('a webhook', () => {
  const asks = (more: object = {}): Step =>
    ({
      id: 'enrich',
      kind: 'webhook',
      url: 'https://hooks.northwind.example/enrich',
      sends: ['country'],
      keeps: ['plan'],
      into: { headcount: 'seats' },
      timeOutSeconds: 10,
      ...more,
    }) as Step;
  const byPlan: Step = {
    id: 'way',
    kind: 'branch',
    arms: [
      { name: 'pro', if: { kind: 'answer', step: 'enrich', name: 'plan', test: { is: 'pro' } }, steps: [mailAt('pro')] },
      { name: 'rest', steps: [mailAt('rest')] },
    ],
  };

  it('is told what was named and no more; its answer decides a branch and fills a field', async () => {
    const calls: WebhookCall[] = [];
    const world = await entered([asks(), byPlan], {
      answerWebhook: (call) => {
        calls.push(call);
        return { status: 200, answer: { plan: 'pro', seats: 12, secret: 'x', list: [1] } };
      },
    });
    await world.advance('1 day');
    expect(world.sent()).toEqual(['pro']);
    const { fields } = await world.lead();
    expect(fields.headcount).toBe(12);
    expect((await world.run())?.answers).toEqual({ 'enrich.plan': 'pro' });
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({
      type: 'sequence.webhook',
      data: { lead: { id: world.leadId, fields: { country: 'DE' } }, sequence: 'nurture', step: 'enrich' },
    });
    expect(calls[0]?.body).not.toContain('kim@example.com');
    expect(await world.decisions()).toContain('enrich 1 answered');
  });

  it('is asked again under the same id while it is down, for hours, and no longer', async () => {
    const ids = new Set<string>();
    let count = 0;
    const down = await entered([asks(), byPlan], {
      answerWebhook: ({ id }) => {
        ids.add(id);
        count++;
        return count % 2 === 0 ? { status: 503 } : { failed: 'time-out' };
      },
    });
    await down.advance('5 hours');
    expect([ids.size, count]).toEqual([1, 7]);
    expect(down.sent()).toEqual(['rest']);
    expect(await down.decisions()).toContain('enrich 1 skipped webhook-silent');
    let calls = 0;
    const late = await entered([asks(), byPlan], {
      answerWebhook: () => (++calls < 4 ? { status: 429 } : { status: 200, answer: { plan: 'pro' } }),
    });
    await late.advance('5 hours');
    expect([calls, late.sent()]).toEqual([4, ['pro']]);
  });

  it('that refuses is not asked again, nor is one that leads nowhere public', async () => {
    for (const answer of [{ status: 404 }, { status: 302 }, { failed: 'not-public' }] as const) {
      let calls = 0;
      const world = await entered([asks(), byPlan], {
        answerWebhook: () => {
          calls++;
          return answer;
        },
      });
      await world.advance('1 day');
      expect([calls, world.sent()]).toEqual([1, ['rest']]);
      expect(await world.decisions()).toContain('enrich 1 skipped webhook-refused');
    }
  });
});
