import { readFileSync } from 'node:fs';

/**
 * The wall clock of this process is ahead by as many milliseconds as a file says, from the moment that the file
 * says so: as on a machine whose clock was set, or that slept. To be imported before everything else.
 */
const path = process.env['OPSSIGHT_TEST_CLOCK'];
if (path === undefined) throw new Error('OPSSIGHT_TEST_CLOCK names no file');
const file = path;

const RealDate = Date;
let aheadMs = 0;

function look(): void {
  const said = Number(readFileSync(file, 'utf8'));
  if (Number.isFinite(said)) aheadMs = said;
}
look();
setInterval(look, 50).unref();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[], made) =>
    Reflect.construct(target, given.length === 0 ? [RealDate.now() + aheadMs] : given, made) as object,
  get: (target, name, receiver) =>
    name === 'now' ? () => RealDate.now() + aheadMs : (Reflect.get(target, name, receiver) as unknown),
});
