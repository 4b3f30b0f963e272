import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two workers: the machines that run this have two cores, and a database process needs one of them.
    maxWorkers: 2,
  },
});
