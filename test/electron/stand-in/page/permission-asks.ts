/**
 * Lets the application's permission handler decide before Chromium does: headless, Chromium asks nobody.
 * What was refused is then refused by Chromium itself, where it has such a permission. Its source is put
 * into the page's main frame.
 */
export function wrapAsks(ask: (permission: string) => Promise<boolean>): void {
  type Method = (this: unknown, ...args: unknown[]) => unknown;

  function wrap(
    owner: object | undefined,
    name: string,
    permissionOf: (...args: unknown[]) => string,
    isChromiums = true,
  ): void {
    const native = owner === undefined ? undefined : (Reflect.get(owner, name) as Method | undefined);
    if (owner === undefined || native === undefined) return;
    const wrapped: Method = async function wrapped(...args) {
      const isGranted = await ask(permissionOf(...args));
      if (!isGranted && !isChromiums) throw new DOMException('Permission denied', 'NotAllowedError');
      return Reflect.apply(native, this, args);
    };
    Object.defineProperty(owner, name, { value: wrapped, configurable: true, writable: true });
  }

  const { clipboard, mediaDevices, geolocation } = navigator as Partial<Navigator>;
  const idleDetector = Reflect.get(window, 'IdleDetector') as object | undefined;
  wrap(geolocation, 'getCurrentPosition', () => 'geolocation');
  wrap(window.Notification, 'requestPermission', () => 'notifications');
  wrap(clipboard, 'read', () => 'clipboard-read');
  wrap(clipboard, 'readText', () => 'clipboard-read');
  wrap(clipboard, 'write', () => 'clipboard-sanitized-write');
  wrap(clipboard, 'writeText', () => 'clipboard-sanitized-write');
  wrap(mediaDevices, 'getUserMedia', () => 'media');
  wrap(mediaDevices, 'getDisplayMedia', () => 'display-capture', false);
  wrap(navigator, 'requestMIDIAccess', (options) =>
    (options as { sysex?: boolean } | undefined)?.sysex === true ? 'midiSysex' : 'midi',
  );
  wrap(idleDetector, 'requestPermission', () => 'idle-detection');
  wrap(document, 'requestStorageAccess', () => 'storage-access');
  wrap(Element.prototype, 'requestFullscreen', () => 'fullscreen', false);
  wrap(Element.prototype, 'requestPointerLock', () => 'pointerLock', false);
}
