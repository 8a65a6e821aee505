import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Names } from '#lib/settings';

const key = (name: string) => ({ name, type: AttributeType.STRING });

/** The single table with both indexes, as core/keys.ts and adapters/aws/table-definition.ts have it (a test compares them). */
export class DataTable extends Construct {
  readonly table: TableV2;

  /** `isTold`: its changes can be read for a day. The console's counts need what was and what is; a function filters, and is the only reader. */
  constructor(scope: Construct, id: string, { names, isTold }: { readonly names: Names; readonly isTold: boolean }) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      tableName: names.table,
      partitionKey: key('pk'),
      sortKey: key('sk'),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...(isTold && { dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES }),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      globalSecondaryIndexes: ['gsi1', 'gsi2'].map((indexName) => ({
        indexName,
        partitionKey: key(`${indexName}pk`),
        sortKey: key(`${indexName}sk`),
        projectionType: ProjectionType.ALL,
      })),
    });
  }
}
