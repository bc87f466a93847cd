import { app, session } from 'electron';
import { drop } from '#shared/result.ts';
import type { DesktopPart, DesktopShell } from './desktop-parts.ts';
import { ProxyAnswers } from './proxy-answers.ts';

/**
 * What the core takes from the system through this process: the way to its servers, which Chromium knows
 * from the desktop's settings. Certificates the core reads itself; only what a packaged app cannot do is
 * said here.
 */
export function systemTrust(shell: DesktopShell): DesktopPart {
  if (app.isPackaged && (process.env['NODE_EXTRA_CA_CERTS'] ?? '') !== '')
    shell.log('certificates.extra-ignored', {
      reason: 'NODE_EXTRA_CA_CERTS has no effect in the packaged desktop app, whose fuses switch it off',
      next: 'Put the authority into the system’s store, or name its file as tls.caFile of the source.',
    });
  const answers = new ProxyAnswers({
    resolve: (url) => session.defaultSession.resolveProxy(url),
    onChanged: () => shell.core.answer({ kind: 'services-changed' }),
    log: shell.log,
  });
  const answer = async (id: number, url: string): Promise<void> =>
    shell.core.answer({ kind: 'proxy', id, proxy: await answers.ask(url) });
  return {
    coreSaid: (message) => {
      if (message.kind === 'proxy-wanted') drop(answer(message.id, message.url), 'it never rejects');
    },
    close: () => answers.close(),
  };
}
