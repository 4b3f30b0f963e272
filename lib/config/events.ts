/** Names of the event bus and of the analytics log, as constructs create them and adapters call them. */

/** `source` of every event on the bus. Partners write rules by it. */
export const EVENT_SOURCE = 'holdfast';

/** Physical names: the same in every region of a stage. */
export const eventBusName = (stage: string): string => `holdfast-${stage}`;
export const logStreamName = (stage: string): string => `holdfast-${stage}-log`;
