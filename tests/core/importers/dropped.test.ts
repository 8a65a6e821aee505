import { describe, expect, it } from 'vitest';
import { readForeign } from '#core/importers/recognise';
import { structured } from '#core/importers/structure';

const leftOut = (data: unknown, format: Parameters<typeof readForeign>[1]) => {
  const { names, notes } = structured(readForeign(data, format));
  return { names, notes: notes.filter((it) => it.fate === 'left-out').map(({ activity, why }) => `${activity}: ${why}`) };
};

describe('what follows something that is not known here', () => {
  const journey = (inApp: object) => ({
    Name: 'x',
    StartActivity: 'a',
    Activities: {
      a: { Description: 'First', EMAIL: { NextActivity: 'b' } },
      b: { Description: 'Banner', IN_APP: inApp },
      c: { Description: 'Second', EMAIL: {} },
    },
  });

  it('comes over where the unknown names its one way on', () => {
    expect(leftOut(journey({ NextActivity: 'c', TemplateName: 't' }), 'pinpoint')).toEqual({
      names: ['first', 'second'],
      notes: ['Banner: “IN_APP” is not known here; leads go past it'],
    });
  });

  it('is named where nobody can tell which way leads went on', () => {
    expect(leftOut(journey({ Branches: [{ NextActivity: 'c' }] }), 'pinpoint')).toEqual({
      names: ['first'],
      notes: [
        'Banner: “IN_APP” is not known here, nor which way leads go on from it; what only follows it did not come over',
        'Second: nothing that came over leads to it',
      ],
    });
  });

  it('is named behind a decision of Mautic that has no like', () => {
    const event = (id: string, name: string, more: object) => ({ id, name, type: 'email.send', event_type: 'action', ...more });
    const events = [
      event('1', 'First', {}),
      event('2', 'Came by?', { parent_id: '1', type: 'plugin.door', event_type: 'decision' }),
      event('3', 'Thanks', { parent_id: '2', decisionPath: 'yes' }),
      event('4', 'Later', { parent_id: '3' }),
      event('5', 'Missed you', { parent_id: '2', decisionPath: 'no' }),
    ];
    expect(leftOut({ campaign: [{ id: '1', name: 'x' }], campaign_event: events }, 'mautic')).toEqual({
      names: ['first', 'missed-you'],
      notes: [
        'Came by?: the decision “plugin.door” has no like here; its no-way is taken',
        'Thanks: it stands behind something that did not come over',
        'Later: it stands behind something that did not come over',
      ],
    });
  });

  it('is named with a condition of mailshot that has no like', () => {
    const steps = [
      { type: 'send', templateKey: 'mail/one' },
      {
        type: 'condition',
        check: 'has_been_sent',
        templateKey: 'mail/one',
        // biome-ignore lint/suspicious/noThenProperty: a word of the other tool's format, never awaited.
        then: [
          { type: 'wait', days: 2 },
          { type: 'send', templateKey: 'mail/two' },
        ],
      },
      { type: 'send', templateKey: 'mail/three' },
    ];
    expect(leftOut({ id: 'x', trigger: { detailType: 'a' }, steps }, 'mailshot')).toEqual({
      names: ['one', 'three'],
      notes: [expect.stringContaining('Its else-way is taken; left out with it: wait, two')],
    });
  });
});
