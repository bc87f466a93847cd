import { ensureDesktop, ensureRenderer } from './build.ts';
import { findElectron, fetchCommand, hereAndNow } from './electron-binary.ts';
import { measurePackage, packageApp, skippedOnStub, targetHere } from './packaging.ts';
import { inProject } from './project.ts';

/**
 * `npm run package`: the app as a folder, for this platform. Where Electron's binary is not here, the
 * folder holds a stub in its place, and says so; nothing is fetched.
 */
export async function main(): Promise<number> {
  const target = targetHere();
  if (target.status !== 'ready') {
    console.error(target.reason);
    return 1;
  }
  await ensureRenderer();
  await ensureDesktop();
  const electron = findElectron(hereAndNow());
  if (electron === undefined) {
    console.log(`Electron's binary is not here (\`${fetchCommand}\` fetches it): a stub takes its place.`);
    console.log('The packed app does not start. Skipped on the stub:');
    for (const skipped of skippedOnStub) console.log(`  ${skipped}`);
  }
  const folder = await packageApp({
    ...target.thing,
    outDirectory: inProject('dist/packages'),
    electron: electron?.folder ?? 'stub',
    result: 'directory',
  });
  console.log(`Packed into ${folder}.`);
  console.log(`RESULT ${JSON.stringify(measurePackage(folder, target.thing.platform))}`);
  return 0;
}
