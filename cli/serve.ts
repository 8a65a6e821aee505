import type { serve } from '@hono/node-server';
import { InvalidArgumentError } from 'commander';

type Server = ReturnType<typeof serve>;

/** For commander: 0 takes any port that is free. */
export const portNumber = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('a port number, 0 to 65535');
  return port;
};

/** Runs until a signal asks to stop, or the port cannot be had; the exit code. `onReady` is told where it listens. */
export const untilStopped = (server: Server, port: number, onReady: (url: string) => void): Promise<number> =>
  new Promise((resolve) => {
    server.once('listening', () => {
      const address = server.address();
      onReady(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`);
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      console.error(error.code === 'EADDRINUSE' ? `port ${port} is taken; try --port 0` : `the page could not be served: ${error.message}`);
      resolve(1);
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        if ('closeAllConnections' in server) server.closeAllConnections();
        server.close(() => resolve(0));
      });
    }
  });
