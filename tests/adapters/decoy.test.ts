import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { judge } from '#core/humans';
import { pages } from '#lambdas/api/pages';
import { anEvent } from '#tests/core/rules/examples';
import { aWorld } from '#tests/helpers/world';

const compiledWith = async (humans: string) => {
  const dir = await mkdtemp(join(tmpdir(), 'decoy-'));
  try {
    await cp('marketing', dir, { recursive: true });
    await writeFile(join(dir, 'scoring.yaml'), `${await readFile(join(dir, 'scoring.yaml'), 'utf8')}\n${humans}\n`);
    const marketing = await loadMarketing(dir);
    const { compiled, problems } = await compileMarketing(marketing);
    const emails = compiled.flatMap((it) => Object.values(it.compiled.artifact.emails).map((email) => email.content));
    return { emails, errors: problems.filter((it) => it.severity === 'error'), live: marketing.live };
  } finally {
    await rm(dir, { recursive: true });
  }
};

describe('the link that no reader sees', () => {
  it('is in no mail unless asked for', async () => {
    const { emails, live } = await compiledWith('');
    expect(emails.length).toBeGreaterThan(3);
    expect(emails.filter((it) => it.html.includes(`${live?.brand.links}/x"`))).toEqual([]);
    expect(live?.scoring.humans.decoy).toBeUndefined();
  });

  it('is once in every mail’s HTML, tracked and out of reach, and not in its text; who follows it is a machine', async () => {
    const { emails, errors, live } = await compiledWith('humans:\n  decoy-link: true');
    expect(errors).toEqual([]);
    const address = `${live?.brand.links}/x`;
    for (const { html, text, locales = {} } of emails) {
      for (const it of [html, ...Object.values(locales).map((locale) => locale.html)]) {
        const links = it.match(/<a\b[^>]*>/g)?.filter((link) => link.includes(`href="${address}"`)) ?? [];
        expect(links).toHaveLength(1);
        expect(links[0]).toContain('tabindex="-1"');
        expect(links[0]).not.toContain('no-track');
        expect(it).toMatch(/<div aria-hidden="true" style="display:none;[^>]*><a href="[^"]*\/x"[^>]*>&#8203;<\/a><\/div><\/body>/);
      }
      expect(text).not.toContain(address);
    }
    if (!live) throw new Error('no rules');
    const click = anEvent({ name: 'clicked', link: address, agent: 'browser' });
    expect(judge([click], [], live.scoring.humans).get(click.eventId)).toEqual({ by: 'machine', machine: 1, because: ['decoy'] });
  });

  it('leads to a page with the sender’s name, which changes nothing', async () => {
    const { ports, leadId } = await aWorld();
    const before = JSON.stringify(await ports.histories.ofLead(leadId));
    const answer = await pages(ports).request('/x');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain((await ports.config.live()).brand.company);
    expect((await pages(ports).request('/x', { method: 'HEAD' })).status).toBe(200);
    expect((await pages(ports).request('/x', { method: 'POST' })).status).toBe(404);
    expect(JSON.stringify(await ports.histories.ofLead(leadId))).toBe(before);
  });
});
