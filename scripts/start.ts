import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { main as serve, readOptions } from '../electron/serve.ts';
import { ensureDesktop, ensureRenderer } from './build.ts';
import { desktopReadiness, fetchCommand, hereAndNow } from './electron-binary.ts';
import { projectRoot } from './project.ts';

/**
 * `npm start`: opens the desktop where Electron is here already and there is a display, else the browser
 * host, with one line that says why. Nothing is ever fetched here.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  const wantsBrowser = argv.includes('--browser') || !options.ok || options.value === 'help';
  if (!wantsBrowser) {
    const desktop = desktopReadiness(hereAndNow());
    if (desktop.kind === 'ready') return await openDesktop(desktop.binary, argv);
    console.log(
      desktop.kind === 'no-binary'
        ? `The browser host opens. For the desktop window, \`${fetchCommand}\` fetches Electron.`
        : 'The browser host opens: there is no display for the desktop window.',
    );
  }
  await ensureRenderer();
  return await serve(argv);
}

async function openDesktop(binary: string, argv: readonly string[]): Promise<number> {
  await ensureRenderer();
  await ensureDesktop();
  const child = spawn(binary, [projectRoot, ...argv], { stdio: 'inherit' });
  // Ctrl-C reaches the app as well, which ends in order; this process only waits for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  return exitCode ?? 1;
}
