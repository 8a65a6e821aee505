import { defineConfig } from 'vitest/config';

/** `npm run conformance`: deploys to BATON_E2E_ENDPOINT; docs/conformance.md. */
export default defineConfig({
  test: {
    include: ['tests/conformance/**/*.e2e.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
