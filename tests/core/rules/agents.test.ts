import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentOf } from '#core/agents';
import { type AgentKind, agentKinds } from '#core/events';
import { bare, bots, browsers, imageProxies, mailPrograms, scanners } from '#tests/helpers/user-agents';

const all = (kind: AgentKind, agents: Readonly<Record<string, string>>) => Object.values(agents).map((it) => [kind, it] as const);

describe('the program that asks', () => {
  it.each<readonly [AgentKind, string | undefined]>([
    ['none', undefined],
    ['none', ''],
    ['none', ' - '],
    ['bare', bare],
    ['bare', ` ${bare} `],
    ...all('browser', browsers),
    ...all('mail-program', mailPrograms),
    ...all('image-proxy', imageProxies),
    ...all('scanner', scanners),
    ...all('bot', bots),
    ['browser', `${browsers.chrome.replace('Chrome/130.0.0.0 Safari/537.36', 'Teams/1.7 Chrome/108.0 Electron/22 Safari/537.36')}`],
    ['browser', browsers.android.replace('Pixel 8', 'Sparkle V1; wv')],
    ['bot', 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)'],
    ['bot', 'Slack-ImgProxy (+https://api.slack.com/robots)'],
  ])('is %s: %j', (kind, agent) => {
    expect(agentOf(agent)).toBe(kind);
  });

  it('is told of any text at all, however long, in no time', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[M/5.0 (;a-z)]*$/)), (text) => {
        expect(agentKinds).toContain(agentOf(text));
      }),
      { numRuns: 500 },
    );
    const before = performance.now();
    for (const piece of ['Mozilla/5.0 (', 'microsoft', 'cisco ', 'Chrome/1.0 ', '((((', 'bot bot ']) agentOf(piece.repeat(200_000));
    expect(performance.now() - before).toBeLessThan(500);
  });
});
