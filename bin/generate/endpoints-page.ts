import { readFileSync } from 'node:fs';
import { endpointNames, endpoints } from '#core/endpoints';
import { withResults } from '../bench/write.ts';

/** docs/endpoints.md with the table of routes; the figures of the fuzz test stay as they are. */
export const endpointsPage = (): string => withResults(readFileSync('docs/endpoints.md', 'utf8'), 'endpoints', table());

const table = (): string =>
  [
    '| endpoint | who may ask | body at most | what is checked | rate | what changes |',
    '|---|---|---|---|---|---|',
    ...endpointNames.map((name) => {
      const { who, maxBytes, checks, rate, changes } = endpoints[name];
      return `| \`${name}\` | ${who} | ${maxBytes === 0 ? 'none read' : `${maxBytes / 1024} KB`} | ${checks} | ${rate} | ${changes} |`;
    }),
  ].join('\n');
