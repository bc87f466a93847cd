import { startDesktop } from './host/desktop/desktop-host.ts';

/** The desktop app's entry: Electron runs it. */
startDesktop();
