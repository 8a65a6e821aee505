import { describe, expect, it, vi } from 'vitest';
import { batonProgram, main, withoutAws } from '../../bin/baton.ts';

describe('the command line', () => {
  it('names every command that can do without AWS to whoever has no Region', () => {
    const words = withoutAws(batonProgram());
    for (const name of ['explain', 'report', 'score', 'stats', 'redrive', 'cost', 'export', 'erase'])
      expect(words).toMatch(new RegExp(`[ ,]${name}[ ,]`));
    for (const it of batonProgram().commands.filter((it) => it.options.some(({ long }) => long === '--dev')))
      expect(words).toContain(it.name());
  });

  it('proves nothing by no run', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const ended = vi.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('ended');
    });
    await main(['node', 'baton', 'prove', '--seeds', '0']);
    process.exitCode = 0;
    expect(ended).toHaveBeenCalledWith(1);
    expect(written.mock.calls.join('')).toContain('at least 1');
    vi.restoreAllMocks();
  });
});
