import { stringify } from 'yaml';
import type { Labels } from '#shared/model/labels.ts';
import { defaultOptions } from '#shared/promql/evaluate/options.ts';
import { writtenDuration } from '#shared/promql/syntax/durations.ts';
import type { HttpResponse } from '../http-server.ts';
import { evaluationIntervalMs } from '../rules/rule-manager.ts';
import { formatTime, succeed } from './envelope.ts';
import { queryLimits } from './parameters.ts';

/** What the server tells of itself: build, runtime, configuration and flags. */

const storageRetention = '3h';

export function answerBuildInfo(): HttpResponse {
  return succeed({
    version: '3.5.0',
    revision: '8be3a9560fbdd18a94dedec4b747c35178177202',
    branch: 'HEAD',
    buildUser: 'demo@opssight',
    buildDate: '20250714-16:15:23',
    goVersion: 'go1.24.5',
  });
}

export function answerRuntimeInfo(startedAtMs: number, nowMs: number, series: number): HttpResponse {
  return succeed({
    startTime: formatTime(startedAtMs),
    CWD: '/prometheus',
    hostname: 'demo',
    serverTime: formatTime(nowMs),
    reloadConfigSuccess: true,
    lastConfigTime: formatTime(startedAtMs),
    corruptionCount: 0,
    goroutineCount: series,
    GOMAXPROCS: 1,
    GOMEMLIMIT: 2 ** 53 - 1,
    GOGC: '75',
    GODEBUG: '',
    storageRetention,
  });
}

/** As much of the configuration as is about all targets and rules alike. */
export function answerConfig(externalLabels: Labels): HttpResponse {
  const global = {
    scrape_interval: '15s',
    scrape_timeout: '10s',
    evaluation_interval: writtenDuration(evaluationIntervalMs),
    external_labels: externalLabels,
  };
  return succeed({ yaml: stringify({ global }) });
}

/** The flags by which an answer can be told; all others are as they come. */
export function answerFlags(): HttpResponse {
  return succeed({
    'query.lookback-delta': writtenDuration(defaultOptions.lookbackMs),
    'query.max-samples': String(queryLimits.maxSamples),
    'query.timeout': writtenDuration(queryLimits.longestMs),
    'storage.tsdb.retention.time': storageRetention,
  });
}
