// DynamoDB for the embedded runtime, in a process of its own. It ends with its parent, however that one ends.
import dynalite from 'dynalite';

const path = process.argv[2] || undefined;
const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, ...(path && { path }) });
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
