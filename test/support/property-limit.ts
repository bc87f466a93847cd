import fc from 'fast-check';
import { patience } from '../../scripts/suites/patience.ts';

/**
 * Every property has an end: one that fails and finds ever smaller cases holds its thread, where no
 * timeout of the runner reaches it, and would be killed with the suite instead of telling its seed.
 */
const minuteMs = 60_000;

fc.configureGlobal({ interruptAfterTimeLimit: minuteMs * patience, markInterruptAsFailure: true });
