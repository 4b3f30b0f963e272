import type { ChangeEvent } from '../../lib/application/streamed-record.ts';
import { formatReservationId } from '../../lib/domain/identifiers.ts';
import { LOG_MESSAGES, type LogMessage } from '../observability/log-messages.ts';
import type { LogFields, Logger } from '../observability/logger.ts';

/** What is said of an event, and with which fields. */
function entryOf(happened: ChangeEvent): readonly [LogMessage, LogFields] {
  switch (happened.event) {
    case 'noticed':
      return [
        LOG_MESSAGES.duplicateOrder,
        { reservationIds: happened.notice.reservations.map(formatReservationId) },
      ];
    case 'unreadable':
      return [LOG_MESSAGES.recordUnreadable, { recordKey: happened.recordKey }];
    case 'failed':
      return [LOG_MESSAGES.changeFailed, { recordKey: happened.recordKey }];
    case 'not_parked':
      return [LOG_MESSAGES.changeNotParked, { recordKey: happened.recordKey }];
    case 'kept':
      return [LOG_MESSAGES.messagesKept, { channel: happened.channel, count: happened.count }];
    case 'given_up':
      return [LOG_MESSAGES.changeGivenUp, { recordKey: happened.recordKey }];
    case 'postponed':
      return [LOG_MESSAGES.changesPostponed, { count: happened.count }];
    case 'demand_not_followed':
      return [LOG_MESSAGES.demandNotFollowed, {}];
  }
}

/** Logs what happens to the changes of a batch: as an error what has one. */
export const changeLog =
  (logger: Logger) =>
  (happened: ChangeEvent): void => {
    const [message, fields] = entryOf(happened);
    if ('error' in happened) logger.error(message, fields, happened.error);
    else if (happened.event === 'not_parked') logger.error(message, fields);
    else logger.info(message, fields);
  };
