/** Why no model comes of it, in words for whoever asked. */
export class TrainingRefused extends Error {
  override readonly name = 'TrainingRefused';
}

export const refuse = (because: string): never => {
  throw new TrainingRefused(because);
};
