import { createInterface } from 'node:readline/promises';

/** Asks at the terminal; true only when exactly that was typed. Throws where nobody sits there, with what to say instead. */
export const typesAgain = async (wanted: string, question: string, instead: string): Promise<boolean> => {
  if (!process.stdin.isTTY) throw new Error(`there is nobody to ask: ${instead}`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(question);
  asking.close();
  return answer.trim() === wanted;
};
