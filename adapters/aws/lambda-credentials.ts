import { readRuntime } from './env.ts';

/** Stands in for `@aws-sdk/credential-provider-node` in bundles (lib/bundle.ts): the same export, from Lambda's environment. */
export const defaultProvider = () => async () => readRuntime().credentials;
