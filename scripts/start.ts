import { main as serve } from '../electron/serve.ts';
import { ensureRenderer } from './build.ts';

/** `npm start`: builds the window's files where needed and hands over to the browser host. */
export async function main(argv: readonly string[]): Promise<number> {
  if (!argv.includes('--browser') && !argv.includes('--help'))
    console.log('The desktop window is not part of this version; the browser host opens instead.');
  await ensureRenderer();
  return await serve(argv);
}
