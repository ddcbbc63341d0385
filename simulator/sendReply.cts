import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { bodyBytes, isStream, type Reply } from './reply.cts';

function defaultHeaders(reply: Reply): Record<string, string> {
	if (
		reply.headers?.['content-type'] !== undefined ||
		Buffer.isBuffer(reply.body) ||
		isStream(reply.body)
	)
		return {};
	if (typeof reply.body === 'string')
		return reply.body === '' ? {} : { 'content-type': 'text/plain; charset=utf-8' };
	return { 'content-type': 'application/json' };
}

/** Writes a reply to the connection, or ends the connection as the reply says. */
export function sendReply(response: ServerResponse, reply: Reply): void {
	if (response.destroyed || reply.noAnswer) return;
	if (reply.drop) {
		response.socket?.destroy();
		return;
	}
	const headers = { ...defaultHeaders(reply), ...reply.headers };
	const bytes = bodyBytes(reply);
	if (bytes) headers['content-length'] ??= String(bytes.length);
	response.writeHead(reply.status, headers);
	const withoutBody =
		response.req.method === 'HEAD' || reply.status === 204 || reply.status === 304;
	if (bytes) {
		if (reply.cutAfterBytes === undefined) {
			response.end(withoutBody ? undefined : bytes);
			return;
		}
		// The bytes must have left before the connection closes, or the client sees none of them.
		response.flushHeaders();
		response.write(bytes.subarray(0, reply.cutAfterBytes), () => response.socket?.destroy());
		return;
	}
	const stream = reply.body;
	if (!isStream(stream)) return;
	if (withoutBody) {
		stream.destroy();
		response.end();
		return;
	}
	if (reply.cutAfterBytes !== undefined) {
		let left = reply.cutAfterBytes;
		stream.on('data', (chunk: Buffer) => {
			if (left > 0) response.write(chunk.subarray(0, left));
			left -= chunk.length;
			if (left <= 0) {
				stream.destroy();
				setImmediate(() => response.socket?.destroy());
			}
		});
		stream.on('end', () => response.end());
		response.on('close', () => stream.destroy());
		return;
	}
	pipeline(stream, response, () => {
		// A client that goes away in the middle is its own business.
	});
}
