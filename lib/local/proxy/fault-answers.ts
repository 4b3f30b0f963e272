import type { DatabaseAnswer, DatabaseCall, TransactWriteInput } from '../meter/wire.ts';
import { parseJson } from '../meter/wire.ts';

const NAMESPACE = 'com.amazonaws.dynamodb.v20120810#';

function errorAnswer(status: number, name: string, details: object): DatabaseAnswer {
  return { status, body: Buffer.from(JSON.stringify({ __type: `${NAMESPACE}${name}`, ...details })) };
}

/** One item of the transaction, any, is being written by another transaction. */
function cancelledByConflict(call: DatabaseCall): DatabaseAnswer {
  const items = parseJson<TransactWriteInput>(call.body).TransactItems ?? [];
  const conflicted = Math.floor(Math.random() * items.length);
  const CancellationReasons = items.map((_, index) =>
    index === conflicted
      ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }
      : { Code: 'None' },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return errorAnswer(400, 'TransactionCanceledException', { Message, CancellationReasons });
}

/** What DynamoDB answers when it has not performed the call, in the form of its wire protocol. */
export function faultAnswer(kind: 'throttle' | 'error_500' | 'conflict', call: DatabaseCall): DatabaseAnswer {
  switch (kind) {
    case 'throttle':
      return errorAnswer(400, 'ProvisionedThroughputExceededException', {
        message:
          'The level of configured provisioned throughput for the table was exceeded. ' +
          'Consider increasing your provisioning level with the UpdateTable API.',
      });
    case 'error_500':
      return errorAnswer(500, 'InternalServerError', { message: 'Internal server error' });
    case 'conflict':
      if (call.operation === 'TransactWriteItems') return cancelledByConflict(call);
      return errorAnswer(400, 'TransactionConflictException', {
        message: 'Transaction is ongoing for the item',
      });
  }
}
