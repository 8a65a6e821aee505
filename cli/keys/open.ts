import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** The secrets of a stage that hold keys, as text. */
export type KeySecrets = {
  read(name: 'api-keys' | 'links'): Promise<string>;
  write(name: 'api-keys' | 'links', text: string): Promise<void>;
};

/** With the credentials and the Region of the shell. The version before stays in Secrets Manager as AWSPREVIOUS. */
export const openKeySecrets = (stage: string, client = new SecretsManagerClient({})): KeySecrets => {
  const idOf = (name: string) => `baton-${stage}/${name}`;
  return {
    read: async (name) => {
      const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: idOf(name) }));
      if (text === undefined) throw new Error(`the secret ${idOf(name)} has no text`);
      return text;
    },
    write: async (name, text) => void (await client.send(new PutSecretValueCommand({ SecretId: idOf(name), SecretString: text }))),
  };
};
