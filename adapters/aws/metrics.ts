import { Metrics as Powertools } from '@aws-lambda-powertools/metrics';
import { type MetricName, metricService, metricUnits } from '#core/metrics';
import type { Metrics } from '#core/ports';

/** Lines in CloudWatch's embedded format, one for what a call has counted; `namespace`: as the alarms of the stage look for it. */
export const emfMetrics = (namespace: string): Metrics => {
  const powertools = new Powertools({ namespace, serviceName: metricService });
  let counts = new Map<MetricName, number>();
  return {
    add: (name, value = 1) => void counts.set(name, (counts.get(name) ?? 0) + value),
    set: (name, value) => void counts.set(name, value),
    publish: () => {
      const all = counts;
      counts = new Map();
      if (all.size === 0) return;
      for (const [name, value] of all) powertools.addMetric(name, metricUnits[name], value);
      powertools.publishStoredMetrics();
    },
  };
};
