import { app } from 'electron';
import { deepLinkScheme, incidentOfTexts } from './deep-link.ts';
import type { MakeDesktopPart } from './desktop-parts.ts';

/** Opens the incident that another program linked to. One that does not exist the window says so itself. */
export const deepLinks: MakeDesktopPart = (shell) => {
  // From a checkout the system would start the bare Electron with the link as its app.
  if (app.isPackaged) app.setAsDefaultProtocolClient(deepLinkScheme);
  return {
    givenFromOutside(texts) {
      const incidentId = incidentOfTexts(texts);
      if (incidentId !== undefined) return shell.window.openIncident(incidentId);
      // What else it says is not repeated: a link may be long and mean.
      const isLink = texts.some((text) => text.toLowerCase().startsWith(`${deepLinkScheme}:`));
      if (isLink) shell.log('link.refused', { reason: 'no link to an incident' });
    },
  };
};
