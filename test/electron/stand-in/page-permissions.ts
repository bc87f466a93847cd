import { addresses } from './addresses.ts';
import type { PageDriver } from './page/page-driver.ts';
import { setPermission, settablePermissions } from './page/permission-settings.ts';
import { standInSessionOf, type CheckedPermission, type Permission } from './session.ts';
import type { StandInWebContents } from './web-contents.ts';

/** What the application's handlers decide of a page becomes what Chromium lets it. */

/** Chromium is told before the page hears, and refuses by itself what the application refused. */
export async function decidePermission(
  contents: StandInWebContents,
  permission: Permission,
  href: string,
): Promise<boolean> {
  const isGranted = await contents.asksPermission(permission, {});
  const context = contents.driver?.page.context();
  if (context !== undefined) await setPermission(context, new URL(href).origin, permission, isGranted);
  return isGranted;
}

/** Before a page can look what it may: without asking it may what the check handler says. */
export async function checkPermissions(
  contents: StandInWebContents,
  driver: PageDriver,
  url: string,
): Promise<void> {
  const session = standInSessionOf(contents.session);
  const { origin } = new URL(addresses.inBrowser(url));
  if (origin === 'null') return;
  const asking = addresses.originInElectron(url);
  await Promise.all(
    settablePermissions.map((name) => {
      const isGranted = session.checksPermission(contents.wrapped, name as CheckedPermission, asking);
      return setPermission(driver.page.context(), origin, name, isGranted);
    }),
  );
}
