import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { comparedWith } from '#cli/check';
import { compileMarketing } from '#cli/compile';
import { makePlan } from '#cli/plan';
import { readFolder } from '#cli/plan/sides';
import { planAsMarkdown, planInWords } from '#cli/plan-text';
import { addSeconds } from '#core/instant';
import { createWorld } from '#local/world';

const sequence = 'sequences/webinar-follow-up/sequence.yaml';
const startAt = '2026-03-23T13:00:00.000Z';
const options = { against: 'deployed', stage: 'prod' };
let root: string;
let copies = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-plan-'));
});
afterAll(() => rm(root, { recursive: true }));

/** The shipped folder with one sequence, changed. */
const edited = async (...edits: readonly (readonly [file: string, from: string, to: string])[]): Promise<string> => {
  const dir = join(root, String(copies++));
  await cp('marketing', dir, { recursive: true });
  await rm(join(dir, 'baton.lock.json'));
  await rm(join(dir, 'sequences/trial-nurture'), { recursive: true });
  await edit(dir, 'sales.yaml', 'into: trial-nurture', 'into: webinar-follow-up');
  for (const [file, from, to] of edits) await edit(dir, file, from, to);
  return dir;
};
const edit = async (dir: string, file: string, from: string, to: string) => {
  const before = await readFile(join(dir, file), 'utf8');
  expect(before, `${file} has ${from}`).toContain(from);
  await writeFile(join(dir, file), before.replace(from, to));
};
const git = (dir: string, ...args: readonly string[]) =>
  execFileSync('git', ['-C', dir, '-c', 'user.email=a@acme.example', '-c', 'user.name=Ann', ...args], { stdio: 'ignore' });

describe('baton plan against a git ref', () => {
  it('reads the folder as it was there, and says what changes in words', async () => {
    const dir = await edited();
    git(dir, 'init', '--quiet');
    git(dir, 'add', '.');
    git(dir, 'commit', '--quiet', '-m', 'one');
    await edit(dir, sequence, 'a-week: { wait: 6 days }', 'a-week: { wait: 7 days }');
    await edit(dir, 'scoring.yaml', 'hold: 30 minutes', 'hold: 3 hours');
    await edit(dir, sequence, 'send:', 'enabled: false\nsend:');
    const plan = await makePlan({ ...options, dir, against: 'HEAD' });
    const words = planInWords(plan);
    expect(words).toContain('“a-week” changes: length: 7 days, was 6 days');
    expect(words).toContain('qualified hold: 3 hours, was 30 minutes');
    expect(words).toContain('is switched off: nobody enters, and those in it get no mail until it is on again');
    expect(words).not.toContain('brand.yaml');
    expect(words).toContain('A git ref knows no leads');
    expect(planAsMarkdown(plan)).toContain('\n- “a-week” changes: length: 7 days, was 6 days\n');
    await expect(makePlan({ ...options, dir, against: 'nowhere' })).rejects.toThrow('no such git ref');
  });

  it('says nothing changes when nothing does', async () => {
    const dir = await edited();
    expect(planInWords(await makePlan({ ...options, dir, against: dir }))).toContain('Nothing would change.');
  });

  it('tells the problems of a folder with errors', async () => {
    const dir = await edited([sequence, 'topic: events', 'topic: evenst']);
    await expect(makePlan({ ...options, dir, against: 'HEAD' })).rejects.toThrow('there is no such topic in brand.yaml');
  });
});

describe('baton check against another folder or git ref', () => {
  it('warns at the step whose new words a change beside them keeps from leads in flight, and of nothing else', async () => {
    const before = await edited([sequence, 'send:', 'content: latest\nsend:']);
    const after = await edited([sequence, 'send:', 'content: latest\nsend:']);
    const emails = 'sequences/webinar-follow-up/emails';
    await edit(after, `${emails}/your-questions.md`, 'subject: ', 'subject: Now — ');
    await edit(after, `${emails}/checklist.md`, '---\n', '---\nfrom: { name: Ann, address: ann@mail.lintel.example }\n');
    const warnings = async (against: string) => {
      const marketing = await loadMarketing(after);
      return comparedWith(marketing, (await compileMarketing(marketing)).compiled, against, after);
    };
    expect(await warnings(before)).toMatchObject([
      {
        severity: 'warning',
        file: sequence,
        code: 'words-do-not-reach',
        what: expect.stringContaining('“checklist”: this version has another sender there'),
      },
    ]);
    const [{ line = 0 } = {}] = await warnings(before);
    expect((await readFile(join(after, sequence), 'utf8')).split('\n')[line - 1]).toContain('checklist');
    expect(await warnings(after)).toEqual([]);
  });
});

describe('baton plan against what is deployed', () => {
  it('without AWS, says how to name a git ref', async () => {
    const { AWS_REGION, AWS_PROFILE, AWS_CONFIG_FILE } = process.env;
    Object.assign(process.env, { AWS_CONFIG_FILE: '/dev/null' });
    delete process.env.AWS_REGION;
    delete process.env.AWS_PROFILE;
    try {
      await expect(makePlan({ ...options, dir: await edited() })).rejects.toThrow('npx baton plan --against HEAD');
    } finally {
      Object.assign(process.env, AWS_REGION === undefined ? {} : { AWS_REGION }, AWS_PROFILE === undefined ? {} : { AWS_PROFILE });
      if (AWS_CONFIG_FILE === undefined) delete process.env.AWS_CONFIG_FILE;
      else process.env.AWS_CONFIG_FILE = AWS_CONFIG_FILE;
    }
  });

  it('says who is on which version and step, and what the change does to them', async () => {
    const dir = await edited([sequence, 'send:', 'content: latest\nsend:']);
    const folder = join(root, 'dev');
    const first = await readFolder(dir);
    await world(first, folder);

    await edit(dir, sequence, '- watched:', '- seen:\n      was: watched');
    await edit(dir, 'sequences/webinar-follow-up/emails/your-questions.md', 'subject: ', 'subject: Now — ');
    await edit(
      dir,
      'sequences/webinar-follow-up/emails/checklist.md',
      '---\n',
      '---\nfrom: { name: Ann, address: ann@mail.lintel.example }\n',
    );
    const plan = await makePlan({ ...options, dir, dev: folder });
    const [version] = first.artifacts.filter((it) => it.sequence === 'webinar-follow-up').map((it) => it.version);
    const found = plan.sequences.find((it) => it.sequence === 'webinar-follow-up');
    expect(plan.leads).toBe(3);
    expect(found?.versions.map(({ reaches: _reaches, ...it }) => it)).toEqual([{ version, leads: 3, steps: { watched: 3 } }]);
    expect(found?.versions[0]?.reaches).toEqual(
      expect.arrayContaining([{ step: 'your-questions' }, { step: 'checklist', kept: 'sender' }]),
    );
    const words = planInWords(plan);
    expect(words).toContain('“seen” has another name: was “watched”');
    expect(words).toContain(`3 leads on version ${version}: 3 at watched`);
    expect(words).toContain('leads inside finish on the version they entered');
    expect(words).toContain('does not reach leads with “checklist”: the new version has another sender there');

    await edit(dir, sequence, 'send:', 'enabled: false\ninside: exit\nsend:');
    const leaving = planInWords(await makePlan({ ...options, dir, dev: folder }));
    expect(leaving).toContain('3 leads in it get no more mail and leave, within half an hour of the deployment');
    expect(leaving).not.toContain('leads inside finish');
    await edit(dir, sequence, 'enabled: false\ninside: exit\n', '');

    await edit(dir, sequence, 'send:', 'migrate: { from: all }\nsend:');
    const moving = planInWords(await makePlan({ ...options, dir, dev: folder }));
    expect(moving).toContain('npx baton migrate webinar-follow-up moves 3 leads');
    expect(moving).toContain('3 from watched to seen');

    await rm(join(dir, 'sequences/webinar-follow-up'), { recursive: true });
    const retiring = planInWords(await makePlan({ ...options, dir, dev: folder }));
    expect(retiring).toContain('webinar-follow-up  retired: takes no new leads; those inside go through to its end');
    expect(retiring).toContain(`3 leads on version ${version}: 3 at watched`);
  });
});

/** Three leads who got the recording and are waited for. */
const world = async ({ artifacts, live }: Awaited<ReturnType<typeof readFolder>>, folder: string) => {
  const { compileMarketing } = await import('#cli/compile');
  const { loadMarketing } = await import('#adapters/files/load-marketing');
  const { compiled } = await compileMarketing(await loadMarketing(join(root, String(copies - 1))));
  expect(compiled.map((it) => it.compiled.artifact)).toEqual(artifacts);
  const options = { stack: 'embedded', live, startAt, seed: 'plan', folder, ticksSlowedBy: () => 96 } as const;
  const { ports, runUntil, stop } = await createWorld({ ...options, compiled: compiled.map((it) => it.compiled) });
  for (const name of ['ann', 'bo', 'cy']) {
    const leadId = ports.ids.leadId(`${name}@acme.example`);
    const consents = { events: { given: true, at: startAt, source: 'form' } };
    await ports.leads.upsert({ leadId, email: `${name}@acme.example`, fields: { country: 'IE' }, consents }, startAt);
    await ports.enrolQueue.push({ leadId, sequence: 'webinar-follow-up', trigger: 'imported:webinar' });
  }
  await runUntil(addSeconds(startAt, 86_400));
  await stop();
};
