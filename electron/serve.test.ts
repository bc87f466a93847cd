import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOptions } from './serve.ts';

describe('readOptions', () => {
  it('takes files, folder and port, and defaults', () => {
    expect(
      readOptions(['--config', '/etc/ops.yaml', '--data=/var/ops', '--port', '0', '--browser']),
    ).toMatchObject({
      ok: true,
      value: { configurationPath: '/etc/ops.yaml', dataDirectory: '/var/ops', port: 0 },
    });
    expect(readOptions([])).toMatchObject({
      value: { port: undefined, configurationPath: expect.stringMatching(/opssight\.yaml$/u) as string },
    });
    expect(readOptions(['--help'])).toEqual({ ok: true, value: 'help' });
  });

  it('reads a relative path from where npm was called', () => {
    const called = process.env['INIT_CWD'];
    process.env['INIT_CWD'] = '/home/ops';
    try {
      expect(readOptions(['--data', 'here'])).toMatchObject({
        value: { dataDirectory: resolve('/home/ops/here') },
      });
    } finally {
      if (called === undefined) delete process.env['INIT_CWD'];
      else process.env['INIT_CWD'] = called;
    }
  });

  it.each([
    [['--cofnig', 'x'], '--cofnig is not an option. Did you mean --config?'],
    [['--zzzzzz'], '--zzzzzz is not an option.'],
    [['-p', '1'], '-p is not an option.'],
    [['file.yaml'], '"file.yaml" is not expected here.'],
    [['--config'], '--config needs a value.'],
    [['--config='], '--config needs a value.'],
    [['--config', '--data', 'x'], '--config needs a value.'],
    [['--browser=yes'], '--browser takes no value.'],
    [['--port', 'x'], '--port takes a number from 0 to 65535.'],
    [['--port', '65536'], '--port takes a number from 0 to 65535.'],
    [['--port', '-1'], '--port needs a value.'],
    [['--__proto__'], '--__proto__ is not an option.'],
  ])('refuses %j', (argv, failure) => {
    expect(readOptions(argv)).toEqual({ ok: false, failure });
  });
});
