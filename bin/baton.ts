import { Command } from 'commander';
import { register as check } from '#cli/check';
import { register as compile } from '#cli/compile';
import { register as cost } from '#cli/cost';
import { register as dev } from '#cli/dev';
import { register as doctor } from '#cli/doctor';
import { register as enrol } from '#cli/enrol';
import { register as erase } from '#cli/erase';
import { register as explain } from '#cli/explain';
import { register as exportLead } from '#cli/export';
import { register as forget } from '#cli/forget';
import { register as form } from '#cli/form';
import { register as bring } from '#cli/import';
import { register as importSequence } from '#cli/import-sequence';
import { register as keys } from '#cli/keys';
import { register as migrate } from '#cli/migrate';
import { whyNoAnswer } from '#cli/no-answer';
import { register as pause } from '#cli/pause';
import { register as plan } from '#cli/plan';
import { register as preview } from '#cli/preview';
import { register as prove } from '#cli/prove';
import { register as recover } from '#cli/recover';
import { register as redrive } from '#cli/redrive';
import { register as report } from '#cli/report';
import { register as resume } from '#cli/resume';
import { register as score } from '#cli/score';
import { register as sendTest } from '#cli/send-test';
import { register as simulate } from '#cli/simulate';
import { register as stats } from '#cli/stats';
import { register as stopList } from '#cli/stop-list';
import { register as test } from '#cli/test';
import { register as winner } from '#cli/winner';
import { wrongStage } from '#core/stage';

const commands = [
  check,
  compile,
  cost,
  dev,
  doctor,
  enrol,
  erase,
  explain,
  exportLead,
  forget,
  stopList,
  form,
  bring,
  importSequence,
  keys,
  migrate,
  pause,
  plan,
  preview,
  prove,
  recover,
  redrive,
  report,
  resume,
  score,
  sendTest,
  simulate,
  stats,
  test,
  winner,
];

export const main = async (argv: readonly string[]): Promise<void> => {
  // The SDK asks for Node 22 from 2027 on; on AWS the handlers run on 24, here on what the user has.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const program = batonProgram();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    console.error(inWords(error, program));
    process.exitCode = 1;
  }
};

export const batonProgram = (): Command => {
  const program = new Command('baton').description('Lead nurturing as code').showHelpAfterError();
  program.hook('preAction', (_, command) => refuseStage(command.opts().stage));
  for (const register of commands) register(program);
  return program;
};

/** Of every command that names one. */
const refuseStage = (stage: unknown): void => {
  const wrong = typeof stage === 'string' ? wrongStage(stage) : undefined;
  if (wrong !== undefined) throw new Error(wrong);
};

/** Names every command that can do without. */
export const withoutAws = ({ commands: all }: Command): string => {
  const names = all.filter((it) => it.options.some(({ long }) => long === '--dev')).map((it) => it.name());
  const able = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `Without an account, npx baton dev runs everything on this machine, and ${able} take --dev`;
};

const inWords = (error: unknown, program: Command): string => {
  if (!(error instanceof Error)) return String(error);
  const none = whyNoAnswer(error);
  if (!none) return error.message;
  return [`this command asks AWS, and ${none.says}: ${none.todo}`, ...(none.hasNone ? [withoutAws(program)] : [])].join('. ');
};
