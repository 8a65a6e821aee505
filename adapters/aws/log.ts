import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '#core/ports';

export const lambdaLog = (): Log => {
  const logger = new Logger({ serviceName: 'baton' });
  return {
    info: (message, keys = {}) => logger.info(message, keys),
    warn: (message, keys = {}) => logger.warn(message, keys),
    error: (message, keys = {}) => logger.error(message, keys),
  };
};
