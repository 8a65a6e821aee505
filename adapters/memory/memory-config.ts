import type { LiveConfig } from '#core/config';
import type { Config } from '#core/ports';

export const memoryConfig = (live: LiveConfig): Config => ({ live: async () => live });
