import { startCore } from '#core/main.ts';
import { runCore } from './run-core.ts';

/** The entry of the core's process under the browser host, which forks it. */
runCore(startCore);
