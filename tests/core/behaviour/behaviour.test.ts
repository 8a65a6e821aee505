import { describe, expect, it } from 'vitest';
import { drawsOf, openChance, openedAt, personaOf } from '#core/behaviour/draws';
import { usualBehaviour } from '#core/behaviour/model';
import { BehaviourShape, readBehaviour } from '#core/behaviour/schema';

const read = (given: unknown) => {
  const problems: { path: readonly (string | number)[]; code: string }[] = [];
  const behaviour = readBehaviour(BehaviourShape.parse(given), (path, problem) => void problems.push({ path, code: problem.code }));
  return { behaviour, problems };
};
const keen = { share: 1, opens: 0.8, clicks: 0.5 };
const usual = usualBehaviour(['trial.started']);
const draw = drawsOf('seed');
const leads = Array.from({ length: 4000 }, (_, at) => `lead-${at}`);

describe('behaviour.yaml', () => {
  it('takes what is not written from the usual people', () => {
    const { behaviour, problems } = read({ personas: { keen } });
    expect(problems).toEqual([]);
    expect(behaviour).toMatchObject({ byPosition: usual.byPosition, scanners: usual.scanners, confirms: usual.confirms });
    expect(behaviour.personas).toEqual([
      { name: 'keen', share: 1, opens: 0.8, clicks: 0.5, replies: 0, unsubscribes: 0, complains: 0, visits: [], events: [] },
    ]);
  });

  it('says what is wrong: nobody, no hour, no length of time, an event that follows nothing', () => {
    const event = { event: 'project.created', on: 'trial.begun', chance: 0.5, within: 'soon' };
    expect(read({ personas: {} }).problems.map((it) => it.code)).toEqual(['no-persona']);
    expect(read({ personas: { keen }, 'by-hour': Array(24).fill(0) }).problems.map((it) => it.code)).toEqual(['no-hour']);
    expect(read({ personas: { keen: { ...keen, events: [event] } } }).problems).toEqual([
      { path: ['personas', 'keen', 'events', 0, 'on'], code: 'unknown-event' },
      { path: ['personas', 'keen', 'events', 0, 'within'], code: 'no-duration' },
    ]);
    expect(BehaviourShape.safeParse({ personas: { keen: { ...keen, opens: 1.2 } } }).success).toBe(false);
    expect(BehaviourShape.safeParse({ personas: { keen }, 'by-houre': [] }).success).toBe(false);
  });
});

describe('draws', () => {
  it('are the same for the same lead and occasion, and others for another seed', () => {
    expect(draw('lead-1', 'opens tips/one')).toBe(drawsOf('seed')('lead-1', 'opens tips/one'));
    expect(draw('lead-1', 'opens tips/one')).not.toBe(drawsOf('other')('lead-1', 'opens tips/one'));
  });

  it('give personas by their shares', () => {
    const share = leads.filter((it) => personaOf(usual, draw, it).name === 'keen').length / leads.length;
    expect(share).toBeGreaterThan(0.14);
    expect(share).toBeLessThan(0.18);
  });

  it('make later mails less likely to be opened, down to the last factor', () => {
    const persona = { ...(usual.personas[0] as (typeof usual.personas)[number]), opens: 0.5 };
    const by = { byPosition: [1, 0.8, 0.4] };
    expect([1, 2, 3, 9].map((it) => openChance(by, persona, it))).toEqual([0.5, 0.4, 0.2, 0.2]);
    expect(openChance(by, { ...persona, byPosition: [0.5] }, 1)).toBe(0.25);
  });

  it('have mail read at hours when people read, in their own zone, and soon', () => {
    const byHour = Array.from({ length: 24 }, (_, hour) => (hour >= 9 && hour < 17 ? 1 : 0));
    const at = '2026-03-02T12:00:00.000Z';
    const opened = leads
      .slice(0, 500)
      .map((lead) => openedAt({ byHour, readsWithinSeconds: 2 * 86_400 }, (what) => draw(lead, what), at, 'America/New_York'));
    const inHours = opened.filter((it) => {
      const hour = (Number(it.slice(11, 13)) + 19) % 24;
      return hour >= 9 && hour < 17;
    });
    expect(inHours.length).toBeGreaterThan(480);
    expect(opened.every((it) => it > at && it < '2026-03-04T12:02:00.000Z')).toBe(true);
  });
});
