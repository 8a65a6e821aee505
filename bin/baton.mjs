#!/usr/bin/env node
// The `baton` command without a build step: TypeScript is read as it is.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./baton.ts');
await main(process.argv);
