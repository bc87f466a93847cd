/**
 * Switches of Chromium that take away what the app's safety rests on. An installed app does not start with
 * one: an AppImage's launcher, for example, adds `--no-sandbox` by itself, and in silence, where the system
 * gives no user namespaces.
 */
const weakening = [
  'no-sandbox',
  'disable-setuid-sandbox',
  'disable-gpu-sandbox',
  'disable-seccomp-filter-sandbox',
  'disable-web-security',
  'disable-site-isolation-trials',
  'ignore-certificate-errors',
  'remote-debugging-port',
  'remote-debugging-pipe',
  'single-process',
  'js-flags',
] as const;

/** @returns why the app is not to start, in a sentence for the person; undefined where it may. */
export function refusalOfSwitches(argv: readonly string[]): string | undefined {
  const found = weakening.find((name) =>
    argv.some((argument) => {
      const lower = argument.toLowerCase();
      // Windows' Chromium takes them with a slash as well, and every Chromium with one dash.
      return [`--${name}`, `-${name}`, `/${name}`].some(
        (form) => lower === form || lower.startsWith(`${form}=`),
      );
    }),
  );
  if (found === undefined) return undefined;
  const advice = found.includes('sandbox')
    ? ' An AppImage gets it from its launcher where the system allows no user namespaces: install the package of the system (deb) there.'
    : '';
  return `OpsSight does not start with --${found}: it would take away what keeps servers’ texts from this machine.${advice}`;
}
