import { paths } from '../contract.ts';
import { lookAs, send } from '../lib/ask.ts';
import { usePulse } from '../lib/data.ts';
import { useMe } from '../lib/me.ts';
import { Icon } from '../ui/icons.tsx';
import { ThemeChoice } from './theme-choice.tsx';

export const Whoami = ({ showHelp, askMe }: { showHelp: () => void; askMe: () => void }) => {
  const me = useMe();
  return (
    <div class="whoami">
      <p class="who">
        <b>{me.rep ?? me.name}</b>
        <small>{me.groups.join(', ')}</small>
        <small title="Your zone, by sales.yaml or by brand.yaml">Times in {me.zone}</small>
      </p>
      {me.isDev && me.reps && me.reps.length > 0 && <LookAs reps={me.reps} askMe={askMe} />}
      <div class="who-acts">
        <ThemeChoice />
        <button type="button" class="quiet" onClick={showHelp} title="Keyboard (?)">
          <Icon name="keyboard" />
          <span>Keys</span>
        </button>
        {!me.isDev && (
          <button type="button" class="quiet" onClick={() => void signOut()}>
            Sign out
          </button>
        )}
      </div>
    </div>
  );
};

const signOut = async (): Promise<void> => {
  const answer = await send<{ to?: string }>(paths.signOut, {});
  location.assign('data' in answer ? (answer.data.to ?? '/console') : '/console');
};

/** Only in `baton dev`, where nobody signs in. */
const LookAs = ({ reps, askMe }: { reps: readonly string[]; askMe: () => void }) => {
  const me = useMe();
  const { refresh } = usePulse();
  const choose = (rep: string) => {
    lookAs(rep);
    askMe();
    refresh();
  };
  return (
    <label class="look-as">
      Look as{' '}
      <select value={me.rep ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
        {reps.map((it) => (
          <option key={it} value={it}>
            {it}
          </option>
        ))}
      </select>
    </label>
  );
};
