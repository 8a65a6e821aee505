import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'tests/node24/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The SDK asks for Node 22 from 2027 on; the product runs on 24, tests also on 20.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
