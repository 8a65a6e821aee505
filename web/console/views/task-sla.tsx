import { useEffect, useState } from 'preact/hooks';
import type { TaskRow } from '../contract.ts';
import { dateTime, span } from '../lib/format.ts';

const beatMilliseconds = 30_000;
const soonSeconds = 3600;

/** So much working time is left to answer; it runs on while it is working time. */
export const Sla = ({ task }: { task: TaskRow }) => {
  const left = useRunning(task.secondsLeft, task.isWorkTime);
  if (left === undefined) return null;
  const words = left < 0 ? `${span(-left)} over` : `${span(left)} left`;
  return (
    <span
      class={`sla ${toneOf(left, task)}`}
      title={task.acceptBy && `by ${dateTime(task.acceptBy)}${task.isWorkTime ? '' : '; outside working hours the clock stands'}`}
    >
      {words}
      {!task.isWorkTime && left >= 0 && <span class="unseen">; the clock stands outside working hours</span>}
    </span>
  );
};

const toneOf = (left: number, { isWorkTime }: TaskRow): string => {
  if (left < 0) return 'bad';
  if (left < soonSeconds) return 'warn';
  return isWorkTime ? 'good' : 'rest';
};

const useRunning = (seconds: number | undefined, runs: boolean): number | undefined => {
  const [since, setSince] = useState(0);
  useEffect(() => {
    setSince(0);
    if (!runs || seconds === undefined) return;
    const began = performance.now();
    const timer = setInterval(() => setSince((performance.now() - began) / 1000), beatMilliseconds);
    return () => clearInterval(timer);
  }, [seconds, runs]);
  return seconds === undefined ? undefined : seconds - (runs ? since : 0);
};
