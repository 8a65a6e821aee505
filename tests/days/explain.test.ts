import { describe, it } from 'vitest';
import { email, wait } from '#tests/core/sequences/sequences';
import { aSequence, aStory } from '#tests/helpers/stories';

describe('print', () => {
  it('x', async () => {
    const story = await aStory(
      aSequence([
        email('welcome', { atOnce: true }),
        wait('settle', 4),
        email('proof'),
        {
          kind: 'wait-for',
          id: 'first-project',
          awaits: 'did:project.created',
          atMostSeconds: 3 * 86400,
          since: 'enrolment',
          happened: [email('power-tips')],
          timedOut: [email('getting-started', { onlyIf: { kind: 'engagement', atLeast: 10 } })],
        },
      ]),
    );
    await story.did('trial.started');
    await story.advance('5 days');
    console.log(await story.tell());
    console.log(await story.tell({ day: '2026-03-28' }));
    await story.advance('3 days');
    console.log(await story.tell());
    await story.advance('9 days');
    console.log(await story.tell());
  });
});
