import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { SeenQueue } from '#lib/seen-data';
import type { Names } from '#lib/settings';

export type DropEventsProps = { readonly names: Names; readonly queue: SeenQueue; readonly deadLetters: SeenQueue };

/** The drop bucket tells the default bus of every list; one rule puts its name, its ETag and which time it is into the queue. */
export class DropEvents extends Construct {
  constructor(scope: Construct, id: string, { names, queue, deadLetters }: DropEventsProps) {
    super(scope, id);
    new CfnRule(this, 'Dropped', {
      name: names.ruleName('drop'),
      description: 'Baton: a list of leads was put into the drop bucket',
      eventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [names.dropBucket] }, object: { key: [{ prefix: 'leads/' }] } },
      },
      targets: [
        {
          id: 'imports',
          arn: queue.queueArn,
          inputTransformer: {
            inputPathsMap: { key: '$.detail.object.key', etag: '$.detail.object.etag', sequencer: '$.detail.object.sequencer' },
            inputTemplate: '{"key":<key>,"etag":<etag>,"sequencer":<sequencer>}',
          },
          deadLetterConfig: { arn: deadLetters.queueArn },
        },
      ],
    });
  }
}
