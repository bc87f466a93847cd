import type { WebContents } from 'electron';
import { isConsolePage } from './console-address.ts';
import type { DesktopShell } from './desktop-parts.ts';

/**
 * Keeps every page that this app ever makes where it is: nothing navigates away from the window's page, no
 * second window opens, no webview attaches. A link to the web goes to `openExternal`, which asks.
 */
export function confineContents(
  contents: WebContents,
  { openExternal, log }: Pick<DesktopShell, 'openExternal' | 'log'>,
): void {
  // SECURITY: exact comparison of the parsed address, for the main frame only; frames have nowhere to go.
  const guard = (event: { preventDefault(): void; url: string; isMainFrame: boolean }): void => {
    if (event.isMainFrame && isConsolePage(event.url)) return;
    event.preventDefault();
    log('navigation.refused', { to: schemeOf(event.url) });
  };
  contents.on('will-navigate', guard);
  contents.on('will-redirect', guard);
  contents.on('will-frame-navigate', guard);
  // SECURITY: whatever its parameters say, a webview is not made.
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log('webview.refused', {});
  });
  contents.setWindowOpenHandler(({ url }) => {
    openExternal(url);
    return { action: 'deny' };
  });
}

/** The rest of a hostile address is of no use in a log. */
function schemeOf(url: string): string {
  return /^[a-z][a-z0-9+.-]{0,30}:/iu.exec(url)?.[0] ?? 'no scheme';
}
