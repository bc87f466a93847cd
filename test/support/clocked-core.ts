import './moved-clock.ts';
import { startCore } from '#core/main.ts';
import { runCore } from '#host/browser/run-core.ts';

/** The core's process as it is, with a clock that the test sets. */
runCore(startCore);
