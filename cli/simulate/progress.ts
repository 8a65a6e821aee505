import { Presets, SingleBar } from 'cli-progress';
import { count } from '#local/report/words';

/** A bar on a terminal; a line for each tenth elsewhere. Rate and time left go by what was done so far. */
export const startProgress = (total: number) => {
  const begun = performance.now();
  const isTerminal = process.stderr.isTTY;
  const bar = new SingleBar(
    {
      format: '{bar} {percentage} % · {value} of {total} leads{again} · {rate} leads a second · {left} left',
      stream: process.stderr,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let [lastTenth, passBegun, lastPass] = [0, begun, 1];
  if (isTerminal) bar.start(total, 0, { rate: '-', left: '-', again: '' });
  return {
    at: (leads: number, pass: number): void => {
      if (pass !== lastPass) [passBegun, lastPass, lastTenth] = [performance.now(), pass, 0];
      const seconds = (performance.now() - passBegun) / 1000;
      const rate = leads / Math.max(seconds, 0.001);
      const left = spanText((total - leads) / rate);
      const again = pass > 1 ? ` (pass ${pass})` : '';
      const tenth = Math.floor((leads * 10) / total);
      if (isTerminal) bar.update(leads, { rate: count(Math.round(rate)), left, again });
      else if (tenth > lastTenth)
        console.error(`${count(leads)} of ${count(total)} leads${again}, ${count(Math.round(rate))} a second, ${left} left`);
      lastTenth = tenth;
    },
    stop: (): void => {
      if (isTerminal) bar.stop();
    },
  };
};

const spanText = (seconds: number): string => {
  const whole = Math.round(seconds);
  return whole < 60
    ? `${whole} s`
    : whole < 3600
      ? `${Math.floor(whole / 60)} min ${whole % 60} s`
      : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
};

/** Ctrl-C: what is under way is finished and told of; a second one ends at once. */
export const ifStopped = () => {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    console.error('\nStopping after the blocks that are under way; once more ends at once.');
  };
  process.on('SIGINT', stop);
  return { signal: controller.signal, done: (): void => void process.off('SIGINT', stop) };
};
