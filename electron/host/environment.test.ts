import { expect, it } from 'vitest';
import { coreEnvironment, demoEnvironment } from './environment.ts';

const environment = {
  PATH: '/usr/bin',
  XDG_CACHE_HOME: '/cache',
  PROMETHEUS_PASSWORD: 'secret',
  NODE_COMPILE_CACHE: '/tmp/evil',
  NODE_OPTIONS: '--require /tmp/evil.js',
  NODE_PATH: '/tmp',
  NODE_EXTRA_CA_CERTS: '/etc/company.pem',
  LD_PRELOAD: '/tmp/evil.so',
  ELECTRON_RUN_AS_NODE: '1',
  DEBUG: '*',
};

it('gives the core what the configuration may refer to, and nothing that changes how Node runs', () => {
  expect(coreEnvironment(environment)).toEqual({
    PATH: '/usr/bin',
    XDG_CACHE_HOME: '/cache',
    PROMETHEUS_PASSWORD: 'secret',
    NODE_EXTRA_CA_CERTS: '/etc/company.pem',
    NODE_COMPILE_CACHE: '/cache/opssight/compiled',
  });
});

it('gives the demo fleet no secret', () => {
  expect(demoEnvironment(environment)).toEqual({
    PATH: '/usr/bin',
    NODE_COMPILE_CACHE: '/cache/opssight/compiled',
  });
});
