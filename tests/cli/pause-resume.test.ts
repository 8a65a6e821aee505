import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { memoryTable } from '#adapters/memory/memory-table';
import { healthStore } from '#adapters/stores/health';
import { lineStore } from '#adapters/stores/line';
import { keyOf, pause } from '#cli/pause';
import { resume } from '#cli/resume';
import { mustBeKnown } from '#cli/sending-line';
import { findTable } from '#cli/table-name';
import { addSeconds } from '#core/instant';
import { lockText } from '#core/sequences/lock';
import { now } from '#tests/helpers/builders';

const aLine = () => {
  const table = memoryTable();
  return { line: lineStore(table), health: healthStore(table), now };
};

describe('baton pause and baton resume', () => {
  it('pause a sequence for the reason given, and end that pause', async () => {
    const line = aLine();
    const held = { at: now, by: 'hand', why: 'the price list is wrong' };
    expect(await pause('nurture', ' the price list is wrong ', line)).toEqual({ what: 'sequence nurture', outcome: 'paused', pause: held });
    expect((await line.line.state()).paused).toEqual({ nurture: held });
    expect(await resume('nurture', line)).toEqual({ what: 'sequence nurture', outcome: 'resumed', pause: held, still: [] });
    expect((await line.line.state()).paused).toEqual({});
    expect(await resume('nurture', line)).toEqual({ what: 'sequence nurture', outcome: 'was-running', still: [] });
  });

  it('leave a pause that stands as it is, and say why it stands', async () => {
    const line = aLine();
    const its = { at: now, by: 'stop-the-line' as const, why: 'too many bounced' };
    await line.line.pause('nurture', its);
    expect(await pause('nurture', undefined, { ...line, now: addSeconds(now, 60) })).toEqual({
      what: 'sequence nurture',
      outcome: 'was-paused',
      pause: its,
    });
  });

  it('pause everything and all sends beside it, say who, and name what stays paused', async () => {
    const line = aLine();
    expect(await pause(keyOf('everything', undefined), 'an incident', line, 'ana')).toEqual({
      what: 'everything',
      outcome: 'paused',
      pause: { at: now, by: 'hand', why: 'an incident', who: 'ana' },
    });
    await pause(keyOf('sends', undefined), undefined, line, 'bo');
    await pause(keyOf('sequence', 'everything'), undefined, line, 'bo');
    expect((await resume(keyOf('everything', undefined), line)).still).toEqual(['sends', 'sequence everything']);
    expect((await resume(keyOf('sequence', 'everything'), line)).still).toEqual(['sends']);
    expect(() => keyOf('sequence', undefined)).toThrow('which sequence');
    expect(() => keyOf('sends', 'nurture')).toThrow('sequence nurture');
  });

  it('start the figures over, but only of a sequence that was paused', async () => {
    const line = aLine();
    const today = { from: now.slice(0, 10), upTo: now.slice(0, 10) };
    await line.health.addTrouble('nurture', today.upTo, 'complained', 'a');
    await resume('nurture', line);
    expect(await line.health.sums('nurture', today)).toMatchObject({ complained: 1 });
    await pause('nurture', undefined, line);
    await resume('nurture', line);
    expect(await line.health.sums('nurture', today)).toMatchObject({ complained: 0 });
  });

  it('refuse a sequence that was never compiled, and name those that were', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'baton-pause-'));
    await expect(mustBeKnown('live', dir)).rejects.toThrow('--dir');
    const locked = { version: '0123456789abcdef', steps: [] };
    await writeFile(join(dir, 'baton.lock.json'), lockText({ format: 1, sequences: { live: locked }, retired: { old: locked } }));
    await mustBeKnown('live', dir);
    await mustBeKnown('old', dir);
    await expect(mustBeKnown('lvie', dir)).rejects.toThrow('knows no sequence "lvie"; there are: live, old');
  });

  it('find the table of a stage by its name', async () => {
    const tables = (...names: string[]) => {
      const handle = async () => {
        const body = new TextEncoder().encode(JSON.stringify({ TableNames: names }));
        return { response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body } };
      };
      const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
      return new DynamoDBClient({
        region: 'us-east-1',
        credentials,
        requestHandler: { handle, metadata: { handlerProtocol: 'http/1.1' } } as never,
      });
    };
    expect(await findTable('prod', tables('other', 'baton-dev-table', 'baton-prod-table'))).toBe('baton-prod-table');
    await expect(findTable('prod', tables('baton-dev-table', 'baton-prod-table-restored'))).rejects.toThrow('--table');
  });
});
