import { describe, expect, it } from 'vitest';
import { storyOf } from '#core/explain/story';
import { compileSequence } from '#core/sequences/compile';
import type { Step } from '#core/sequences/model';
import { digest } from '#tests/helpers/chaos';
import { waitOf } from '#tests/helpers/legs';
import { liveConfig, nurtureSequence } from '#tests/helpers/protocol-sequence';
import { aWorld } from '#tests/helpers/world';

const mail = (id: string): Step => ({ id, kind: 'email', email: id, atOnce: true, contentLatest: true });
const published = (words: string, more: { readonly topic?: string } = {}) => {
  const content = (id: string) => ({ subject: `${words}, ${id}`, preheader: '', html: `<p>${words}</p>`, text: words });
  const steps = [mail('welcome'), waitOf('settle', 5), mail('more')];
  return compileSequence({ ...nurtureSequence, ...more, steps }, { welcome: content('welcome'), more: content('more') }, digest);
};
const [first, second, moved] = [published('Hallo'), published('Hello'), published('Hello', { topic: 'offers' })];

const inFlight = async () => {
  const world = await aWorld({ compiled: [first] });
  await world.did('trial.started');
  await world.advance('1 day');
  return world;
};

describe('words published with content: latest', () => {
  it('reach a lead in flight, who stays on its version', async () => {
    const world = await inFlight();
    world.deploy([second]);
    await world.advance('6 days');
    expect(world.mail.mails().map((it) => it.subject)).toEqual(['Hallo, welcome', 'Hello, more']);
    const [run] = await world.ports.enrolments.ofLead(world.leadId);
    expect(run).toMatchObject({ version: first.artifact.version, leg: 1, ending: 'completed' });
    const sends = await world.ports.sends.ofLead(world.leadId);
    expect(sends.map((it) => [it.step, it.version, it.contentVersion])).toEqual(
      expect.arrayContaining([
        ['welcome', first.artifact.version, undefined],
        ['more', first.artifact.version, second.artifact.version],
      ]),
    );
  });

  it('are told by `baton explain`, and so is why others were kept away', async () => {
    const whyOf = async (next: typeof second) => {
      const world = await inFlight();
      world.deploy([next]);
      await world.advance('6 days');
      const lead = await world.ports.leads.find(world.leadId);
      if (!lead) throw new Error('there is no lead');
      const history = await world.ports.histories.ofLead(world.leadId);
      const story = storyOf({ lead, history, suppressions: [], tasks: [], live: liveConfig });
      return story.find((it) => it.kind === 'mail' && it.step === 'more')?.why;
    };
    expect(await whyOf(second)).toBe(`in the words of version ${second.artifact.version}, published since it entered`);
    expect(await whyOf(moved)).toBe('in the words of the version it entered: the newest is about another topic');
  });
});
