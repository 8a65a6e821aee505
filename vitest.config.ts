import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'tests/node24/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
