import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { makeCertificate } from '#support/certificates.ts';
import type { Cleanup } from '#support/cleanup.ts';
import { startProxy } from '#support/proxy-server.ts';
import { newCanary } from './canaries.ts';
import { startEchoServer } from './echo-server.ts';

/**
 * Twenty secrets where a console can hold them, and servers that repeat whatever they are sent. Number 99
 * is no secret: it is in an alert, and has to be found in every output, or the search there proves nothing.
 */
export interface CanaryWorld {
  readonly configurationPath: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What the host's keychain holds. */
  readonly kept: ReadonlyMap<string, string>;
  /** Typed into the form for a test of a connection. */
  readonly typed: string;
  /** Files with mistakes about a secret, to be written over the good one. */
  readonly broken: readonly string[];
  /** What the servers and the proxy were sent. */
  readonly heard: () => string;
}

export async function makeCanaryWorld(folder: string, cleanup: Cleanup): Promise<CanaryWorld> {
  const c = Array.from({ length: 20 }, (_none, number) => newCanary(number));
  const at = (number: number): string => c[number] ?? '';
  const echo = await startEchoServer(cleanup);
  const proxy = await startProxy({ credentials: `proxy-user:${at(11)}` }, cleanup);
  const alertmanager = await startAlertmanagerDouble(cleanup);
  alertmanager.setAlerts([
    { labels: { alertname: 'Planted', service: newCanary(99) }, annotations: { summary: newCanary(99) } },
  ]);
  const files = { token: at(1), password: at(4), header: at(7) };
  for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), `${value}\n`);
  const pair = await makeCertificate();
  // What follows the key in its file is not of the key, and as secret.
  writeFileSync(join(folder, 'key.pem'), `${pair.key}\n${at(13)}\n`);
  writeFileSync(join(folder, 'cert.pem'), pair.certificate);
  const source = (name: string, kind: string, way: string, ...lines: readonly string[]): string[] => [
    `  - name: ${name}`,
    `    kind: ${kind}`,
    `    url: ${way.startsWith('http') ? way : `${echo.url}/${way}`}`,
    '    poll: 1s',
    ...lines.map((line) => `    ${line}`),
  ];
  const bearer = (value: string): string => `authentication: { kind: bearer, token: "${value}" }`;
  const basic = (value: string): string =>
    `authentication: { kind: basic, username: person, password: "${value}" }`;
  // Of the proxied ones no name has to be known: the proxy refuses or asks the echo.
  const proxied = ['timeout: 3s', `proxy: "http://proxy-user:\${env:C11}@${proxy.host}"`];
  const lines = [
    'environment: canaries',
    'sources:',
    ...source('well', 'alertmanager', alertmanager.url, bearer('${file:token}')),
    ...source('s00', 'prometheus', 'json', bearer('${env:C00}')),
    ...source('s02', 'loki', 'text', bearer('${keychain:c02}')),
    ...source('s03', 'jaeger', 'page', basic('${env:C03}')),
    ...source('s04', 'prometheus', 'refused', basic('${file:password}')),
    ...source('s05', 'alertmanager', 'cut', basic('${keychain:c05}')),
    ...source('s06', 'prometheus', 'login', 'headers: { X-Key: "${env:C06}" }'),
    ...source('s07', 'loki', 'words', 'headers: { X-Key: "Token ${file:header}" }'),
    ...source('s08', 'prometheus', 'damaged', 'headers: { X-Team: "${keychain:c08}" }'),
    ...source('s09', 'prometheus', 'encoded', 'tenant: "${env:C09}"'),
    ...source('s10', 'prometheus', 'cut', bearer(at(10))),
    ...source('s11', 'prometheus', 'http://nowhere.invalid', ...proxied),
    ...source('s12', 'prometheus', 'https://nowhere.invalid', 'proxy: "${env:C12}"', 'timeout: 3s'),
    ...source('s13', 'prometheus', 'https://127.0.0.1:1', 'tls: { certFile: cert.pem, keyFile: key.pem }'),
    ...source('s14', 'prometheus', 'json', 'headers: { X-Key: "${env:C14}" }'),
    ...source('s15', 'prometheus', 'json', `headers: { X-Key: "${at(15)}" }`),
    ...source('s16', 'jaeger', 'redirect', basic(at(16))),
    ...source('s17', 'prometheus', 'https://also.invalid', 'timeout: 3s'),
  ];
  const configurationPath = join(folder, 'opssight.yaml');
  writeFileSync(configurationPath, `${lines.join('\n')}\n`);
  const mistaken = 'sources:\n  - name: x\n    kind: prometheus\n';
  return {
    configurationPath,
    environment: {
      C00: at(0),
      C03: at(3),
      C06: at(6),
      C09: at(9),
      C11: at(11),
      C12: `http://someone:${at(12)}@${proxy.host}`,
      // A secret that is refused: it has a line break inside.
      C14: `${at(14)}\nX-Other: 1`,
      HTTPS_PROXY: `http://env-user:${at(17)}@${proxy.host}`,
    },
    kept: new Map([
      ['c02', at(2)],
      ['c05', at(5)],
      ['c08', at(8)],
    ]),
    typed: at(18),
    broken: [
      `${mistaken}    url: http://me:${at(19)}@127.0.0.1\n`,
      `${mistaken}    url: http://127.0.0.1\n    authentication: { kind: bearer, token: "${at(19)}\n`,
      `${mistaken}    url: http://127.0.0.1\n    authentication: { kind: bearer, token: ["${at(19)}"] }\n`,
      `${mistaken}    url: http://127.0.0.1\n    proxy: http://me:${at(19)}@127.0.0.1\n`,
    ],
    heard: () => `${echo.heard()} ${proxy.credentials.join(' ')}`,
  };
}
