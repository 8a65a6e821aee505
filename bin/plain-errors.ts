/**
 * Imported first by what is run by hand: an error that is meant for whoever runs it is said in its words alone, and the exit code is 1.
 * What is a bug (a TypeError, say) keeps its stack.
 */
process.on('uncaughtException', (error: unknown) => {
  console.error(error instanceof Error && error.name === 'Error' ? error.message : error);
  process.exit(1);
});
