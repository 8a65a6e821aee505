import type { MetricName } from '#core/metrics';
import type { Metrics } from '#core/ports';

/** What was counted so far, to look at. */
export type CountedMetrics = Metrics & { readonly counted: ReadonlyMap<MetricName, number> };

export const memoryMetrics = (onPublish: (names: readonly MetricName[]) => void = () => undefined): CountedMetrics => {
  const counted = new Map<MetricName, number>();
  let since = new Set<MetricName>();
  return {
    counted,
    add: (name, value = 1) => {
      since.add(name);
      counted.set(name, (counted.get(name) ?? 0) + value);
    },
    set: (name, value) => {
      since.add(name);
      counted.set(name, value);
    },
    publish: () => {
      const names = [...since];
      since = new Set();
      if (names.length > 0) onPublish(names);
    },
  };
};
