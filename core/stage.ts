/**
 * Everything of stage `prod` is called `baton-prod-…`, and roles are held to such names. Were there a stage `prod-eu`, its queues would
 * begin so too, and its sequence `trial` would be the sequence `eu-trial` of `prod`.
 */
export const stagePattern = /^[a-z][a-z0-9]{0,15}$/;

export const stageRule =
  'lower-case letters and digits, a letter first, at most 16; no dash, for names of stage "prod" begin with baton-prod-';

/** What is wrong with the name of a stage, in words; undefined: nothing. */
export const wrongStage = (stage: string): string | undefined =>
  stagePattern.test(stage) ? undefined : `no stage is called "${stage}": ${stageRule}`;
