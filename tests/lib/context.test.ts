import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refuseUnread } from '#lib/context';
import { readSettings } from '#lib/settings';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { readonly context: object };
const asking = (said: object) => () => refuseUnread({ ...context, ...said }, Object.keys(context));

describe('what is said with -c', () => {
  it('is taken when Baton reads it, or it is CDK’s, or stands in cdk.json', () => {
    const cdks = {
      'aws:cdk:bundling-stacks': ['**'],
      '@aws-cdk/core:x': true,
      'availability-zones:account=1:region=r': [],
      'cli-telemetry': false,
    };
    expect(asking({ stage: 'dev', console: 'true', 'delete-data-of': 'dev', marketing: 'm', ...cdks })).not.toThrow();
    expect(() => refuseUnread({ mine: 'x' }, ['mine'])).not.toThrow();
  });

  it('is refused when nobody reads it: a typo would deploy production', () => {
    expect(asking({ stge: 'dev' })).toThrow('-c stge=dev: nobody reads "stge"; did you mean stage?');
    expect(asking({ env: 'dev' })).toThrow('-c env=dev: nobody reads "env"; with -c there are stage,');
    expect(asking({ webAcl: 'arn' })).toThrow('-c webAcl=arn: settings stand in cdk.json');
    expect(asking({ stge: 'dev', budget: '3' })).toThrow(/stge=dev(.|\n)*budget=3/);
  });

  it('says what was meant of a setting, and takes no yes for true', () => {
    expect(() => readSettings({ webacl: {} })).toThrow('webacl: did you mean webAcl?');
    expect(() => readSettings({}, { console: 'yes' })).toThrow('console');
    expect(readSettings({ console: true }, { console: 'false' }).console).toBe(false);
  });
});
