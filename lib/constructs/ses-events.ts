import { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnConfigurationSet, CfnConfigurationSetEventDestination } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { inputPathsOf, inputTemplateOf, leadTagPath, type SesEventRule, sesEventRules } from '#core/ses-event-rules';
import type { SeenQueue } from '#lib/seen-data';
import type { Names, Settings } from '#lib/settings';

export type SesEventsProps = {
  readonly names: Names;
  readonly settings: Pick<Settings, 'trackingDomain' | 'trackingHttps'>;
  readonly queue: SeenQueue;
  readonly deadLetters: SeenQueue;
};

/** SES tells the default bus of every mail; one rule a kind takes over our tags and what happened, and leaves addresses behind. */
export class SesEvents extends Construct {
  constructor(scope: Construct, id: string, { names, settings, queue, deadLetters }: SesEventsProps) {
    super(scope, id);
    const set = new CfnConfigurationSet(this, 'ConfigurationSet', {
      name: names.configurationSet,
      suppressionOptions: { suppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      reputationOptions: { reputationMetricsEnabled: true },
      deliveryOptions: { tlsPolicy: 'REQUIRE' },
      ...(settings.trackingDomain !== undefined && {
        trackingOptions: { customRedirectDomain: settings.trackingDomain, httpsPolicy: settings.trackingHttps ? 'REQUIRE' : 'OPTIONAL' },
      }),
    });
    const destination = new CfnConfigurationSetEventDestination(this, 'Bus', {
      configurationSetName: names.configurationSet,
      eventDestination: {
        name: 'default-bus',
        enabled: true,
        matchingEventTypes: eventTypes,
        eventBridgeDestination: {
          eventBusArn: Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
        },
      },
    });
    destination.addResourceDependency(set);
    for (const rule of sesEventRules) this.addRule(rule, { names, queue, deadLetters });
  }

  private addRule(rule: SesEventRule, { names, queue, deadLetters }: Omit<SesEventsProps, 'settings'>): void {
    new CfnRule(this, rule.kind, {
      name: names.ruleName(`ses-${rule.kind}`),
      description: `Baton: "${rule.detailType}" of mail to leads, without personal data`,
      eventPattern: patternOf(rule, names.configurationSet),
      targets: [
        {
          id: 'events',
          arn: queue.queueArn,
          inputTransformer: { inputPathsMap: inputPathsOf(rule), inputTemplate: inputTemplateOf(rule) },
          deadLetterConfig: { arn: deadLetters.queueArn },
        },
      ],
    });
  }
}

const eventTypes = ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT', 'OPEN', 'CLICK', 'RENDERING_FAILURE', 'DELIVERY_DELAY', 'SUBSCRIPTION'];

/** Mail of this stage only, and only to leads. */
const patternOf = ({ detailType }: SesEventRule, configurationSet: string) => {
  const [, mail, tags, lead] = leadTagPath;
  return {
    source: ['aws.ses'],
    'detail-type': [detailType],
    detail: { [mail]: { [tags]: { [lead]: [{ exists: true }], 'ses:configuration-set': [configurationSet] } } },
  };
};
