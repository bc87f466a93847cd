import { expect, test } from 'vitest';
import { escapedLabelName } from './label-name.ts';

/** Mostly examples of prometheus/common model/metric_test.go, TestEscapeName, ValueEncodingEscaping. */
test.each([
  ['job', 'job'],
  ['mysystem.prod.west.cpu.load_total', 'U__mysystem_2e_prod_2e_west_2e_cpu_2e_load__total'],
  ['mysystem.prod.west.cpu.load', 'U__mysystem_2e_prod_2e_west_2e_cpu_2e_load'],
  ['http.status:sum', 'U__http_2e_status:sum'],
  ['label with 😱', 'U__label_20_with_20__1f631_'],
  ['花火', 'U___82b1__706b_'],
  ['../status', 'U___2e__2e__2f_status'],
  ['1a', 'U___31_a'],
])('%s is asked for as %s', (name, escaped) => {
  expect(escapedLabelName(name)).toBe(escaped);
});
