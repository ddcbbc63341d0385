import { isRecord, nonEmptyText } from '../values';
import type { RequestFailure } from './envelope';

/**
 * n8n wraps a network error once or twice; the innermost code is the system's own. A host that n8n's protection
 * against requests into private networks refuses comes without a code.
 */
export function networkFailure(error: unknown): RequestFailure {
	const layers: unknown[] = [error];
	for (let layer: unknown = error; isRecord(layer) && layers.length < 5; ) {
		layer = layer.cause;
		layers.push(layer);
	}
	const records = layers.filter(isRecord);
	const code = records
		.flatMap((layer) => [layer.code, layer.httpCode])
		.find((value) => typeof value === 'string' && /^E[A-Z_]+$/.test(value)) as string | undefined;
	if (code !== undefined) return { kind: 'network', networkCode: code };
	const blocked = records.some((layer) =>
		/restricted IP address|not allowed|blocked/i.test(nonEmptyText(layer.message) ?? ''),
	);
	return { kind: 'network', networkCode: blocked ? 'BLOCKED' : 'NO_ANSWER' };
}
