import { addSeconds, type Instant } from '#core/instant';
import type { FusedWait } from './model.ts';

const day = 86_400;

/** Whether an end may be left to the state that was entered then: not when its time-out could come first. */
export const isWithin = ({ timeOutSeconds }: FusedWait, enteredAt: Instant, due: Instant): boolean =>
  due < addSeconds(enteredAt, timeOutSeconds - day);
