import { startCore } from '#core/main.ts';
import { runUtilityCore } from './run-utility-core.ts';

/** The entry of the core's process under the desktop host, which forks it. */
runUtilityCore(startCore);
