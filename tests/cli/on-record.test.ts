import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { askCaller } from '#adapters/aws/caller';
import { memoryTable } from '#adapters/memory/memory-table';
import { actStore } from '#adapters/stores/acts';
import { onRecord, recordingIn } from '#cli/on-record';
import { now } from '#tests/helpers/builders';

const config = {
  region: async () => 'eu-central-1',
  credentials: async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'session' }),
};
const sts = (arn: string, status = 200) => {
  const asked: { url: string; headers: Record<string, string>; body: string }[] = [];
  const send = async (url: unknown, init: RequestInit) => {
    asked.push({ url: String(url), headers: init.headers as Record<string, string>, body: String(init.body) });
    return new Response(`<GetCallerIdentityResult><Arn>${arn}</Arn></GetCallerIdentityResult>`, { status });
  };
  return { asked, send: send as typeof fetch };
};

describe('what is done on the command line', () => {
  it.each([
    ['arn:aws:iam::111111111111:user/team/maeve', 'maeve'],
    ['arn:aws:sts::111111111111:assumed-role/Deploy/maeve', 'maeve'],
    ['arn:aws:iam::111111111111:root', 'root'],
  ])('is done by whom AWS knows by %s', async (arn, name) => {
    const { asked, send } = sts(arn);
    expect(await askCaller(config, send, undefined)).toEqual({ id: arn, name });
    expect(asked[0]).toMatchObject({ url: 'https://sts.eu-central-1.amazonaws.com/', body: expect.stringContaining('GetCallerIdentity') });
    expect(asked[0]?.headers.authorization).toContain('/eu-central-1/sts/aws4_request');
    expect(JSON.stringify(asked)).not.toContain('"secret"');
  });

  it('has nobody’s name where STS refuses', async () => {
    await expect(askCaller(config, sts('arn:x', 403).send, undefined)).rejects.toThrow('status 403');
  });

  it('stands among what people did, with its lead by id and the name of whoever is logged in here', async () => {
    const table = memoryTable();
    await onRecord(recordingIn(table, now), 'erase-lead', { leadId: 'lead-1' });
    const who = userInfo().username;
    expect(await actStore(table).lately(5)).toEqual([
      { at: now, by: `os:${who}`, who, act: 'erase-lead', leadId: 'lead-1', via: 'command-line' },
    ]);
  });

  it('is done although it cannot be put on record, and says so', async () => {
    const said: string[] = [];
    await onRecord(
      () => Promise.reject(new Error('there is no table')),
      'redrive',
      { what: 'send' },
      (words) => said.push(words),
    );
    expect(said).toEqual([expect.stringContaining('there is no table')]);
  });
});
