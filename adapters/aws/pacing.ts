import { setTimeout as sleep } from 'node:timers/promises';
import type { Mail } from '#core/ports';

/** Calls at least so far apart that this process makes no more than `perSecond` of them; one after the other. */
export const pacedMail = (mail: Mail, perSecond: number): Mail => {
  const apart = 1000 / perSecond;
  let free = 0;
  return {
    send: async (email) => {
      const now = performance.now();
      const at = Math.max(now, free);
      free = at + apart;
      if (at > now) await sleep(at - now);
      return mail.send(email);
    },
  };
};
