import fc from 'fast-check';

/**
 * Every property has an end: one that fails and finds ever smaller cases holds its thread, where no
 * timeout of the runner reaches it, and would be killed with the suite instead of telling its seed.
 */
const minuteMs = 60_000;
const patience = process.env['OPSSIGHT_FULL'] === '1' ? 8 : 1;

fc.configureGlobal({ interruptAfterTimeLimit: minuteMs * patience, markInterruptAsFailure: true });
