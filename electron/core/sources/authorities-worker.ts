import tls from 'node:tls';
import { parentPort } from 'node:worker_threads';

/** Reads the certificate authorities of this system, which may take long and may ask the person. */
parentPort?.postMessage([...tls.getCACertificates('system'), ...tls.getCACertificates('extra')]);
