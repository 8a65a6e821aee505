import { beforeAll, describe, expect, it } from 'vitest';
import { emptyLock } from '#core/sequences/lock';
import { readSettings, recipientsOf } from '#lib/settings';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';
import { resourcesOf, synthesize, type Templates } from '#tests/helpers/synth';

describe('stages', () => {
  it('take what holds for all, and on top what holds for theirs', () => {
    const context = { stage: 'prod', sendsPerSecond: 14, stages: { dev: { sendsPerSecond: 1, allowedRecipients: ['x.example'] } } };
    expect(readSettings(context)).toMatchObject({ stage: 'prod', sendsPerSecond: 14 });
    expect(readSettings(context, { stage: 'dev' })).toMatchObject({ stage: 'dev', sendsPerSecond: 1, allowedRecipients: ['x.example'] });
    expect(readSettings(context, { stage: 'staging' })).toMatchObject({ stage: 'staging', sendsPerSecond: 14 });
  });

  it('mail to nobody outside production, unless somebody is named; from production to everybody', () => {
    expect(recipientsOf(readSettings({ stage: 'staging' }))).toEqual([]);
    expect(recipientsOf(readSettings({ stage: 'staging', allowedRecipients: ['a.example'], sandboxRecipients: ['me@b.example'] }))).toEqual(
      ['a.example', 'me@b.example'],
    );
    expect(recipientsOf(readSettings({ stage: 'prod', sandboxRecipients: ['me@b.example'] }))).toEqual(['*']);
  });

  it.each([
    [{ stage: 'prod', allowedRecipients: ['a.example'] }, 'allowedRecipients is not for stage prod'],
    [{ allowedRecipients: [] }, 'allowedRecipients is not for stage prod'],
    [{ stages: { prod: { allowedRecipients: [] } } }, 'allowedRecipients is not for stage prod'],
    [{ onDestroy: 'delete' }, 'onDestroy: delete is not for stage prod'],
    [{ onDestroy: 'delete', deleteDataOf: 'prod' }, 'deleteDataOf is not for stage prod'],
    [{ deleteDataOf: 'dev' }, 'delete-data-of names the stage "dev", and this is "prod": nothing was changed'],
    [{ stages: { prod: { onDestroy: 'delete' } } }, 'onDestroy: delete is not for stage prod'],
    [{ stages: { prod: { sendsPerSec: 3 } } }, 'sendsPerSec'],
    [{ stages: { prod: { stage: 'dev' } } }, 'cannot name another'],
    [{ stage: 'dev', allowedRecipients: ['nobody at all'] }, 'allowedRecipients'],
  ])('%j is refused', (context, words) => {
    expect(() => readSettings(context)).toThrow(words);
  });
});

describe('a stage beside production', () => {
  let templates: Templates;
  beforeAll(async () => {
    const settings = { stage: 'dev', allowedRecipients: ['x.example'], stages: {} };
    templates = await synthesize({ compiled: [nurture()], live: liveConfig, lock: emptyLock, settings });
  }, 60_000);

  it('is named after the stage throughout, and says whom its senders may mail', () => {
    const functions = resourcesOf(templates.Engine, 'AWS::Lambda::Function').filter((it) => it.Properties.FunctionName !== undefined);
    for (const { Properties } of functions) expect(Properties.FunctionName).toMatch(/^baton-dev-/);
    const sender = functions.find((it) => it.Properties.FunctionName === 'baton-dev-send-email');
    expect(sender?.Properties.Environment).toMatchObject({ Variables: { STAGE: 'dev', ALLOWED_RECIPIENTS: 'x.example' } });
  });
});
