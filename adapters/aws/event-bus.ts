import { erasedType } from '#core/erased-event';
import type { SalesEvents } from '#core/ports';
import { eventSource, typeOf } from '#core/sales-events';
import type { SignedFetch } from './signed-fetch.ts';

/** The bus of the stack. EventBridge may deliver an event twice; so may we. The id in its detail is the same then. */
export const busEvents = (signed: () => SignedFetch, bus: string): SalesEvents => ({
  emit: (event) => signed().putEvent({ bus, source: eventSource, type: typeOf(event.kind), detail: JSON.stringify(event), at: event.at }),
  erased: (event) => signed().putEvent({ bus, source: eventSource, type: erasedType, detail: JSON.stringify(event), at: event.at }),
});
