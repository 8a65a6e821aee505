import { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { describe, expect, it } from 'vitest';
import { whyNoAnswer } from '#cli/no-answer';

const ask = async (config: object): Promise<Error> => {
  try {
    await new SESv2Client({ maxAttempts: 1, ...config }).send(new GetAccountCommand({}));
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it answered');
};
const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
const refusing = (type: string) => ({
  metadata: { handlerProtocol: 'http/1.1' },
  handle: async () => ({
    response: { statusCode: 403, headers: { 'x-amzn-errortype': type }, body: new TextEncoder().encode(JSON.stringify({ message: 'no' })) },
  }),
});

describe('why AWS does not answer', () => {
  it('is told in words of what the SDK throws: nobody there, keys that are not taken', async () => {
    const nobody = await ask({ region: 'eu-west-1', credentials, endpoint: 'http://127.0.0.1:9' });
    expect(whyNoAnswer(nobody)?.says).toMatch(/cannot be reached from here \(.*ECONNREFUSED/);
    const expired = await ask({ region: 'eu-west-1', credentials, requestHandler: refusing('ExpiredTokenException') });
    expect(whyNoAnswer(expired)).toMatchObject({
      says: 'AWS does not take the credentials of this shell (ExpiredTokenException)',
      hasNone: false,
    });
  });

  it('is that this shell has nothing to ask with, or keeps the words of a profile that does not work', async () => {
    const none = async () => {
      throw Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' });
    };
    expect(whyNoAnswer(await ask({ region: 'eu-west-1', credentials: none }))).toMatchObject({
      says: 'this shell has no credentials',
      hasNone: true,
    });
    expect(whyNoAnswer(new Error('Region is missing'))).toMatchObject({ says: 'this shell has no Region' });
    const profile = Object.assign(new Error('Could not resolve credentials using profile: [x]'), { name: 'CredentialsProviderError' });
    expect(whyNoAnswer(profile)?.says).toContain('profile: [x]');
  });

  it('is no matter where AWS answered, or another was asked', async () => {
    const denied = await ask({ region: 'eu-west-1', credentials, requestHandler: refusing('AccessDeniedException') });
    expect(whyNoAnswer(denied)).toBeUndefined();
    expect(whyNoAnswer(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))).toBeUndefined();
  });
});
