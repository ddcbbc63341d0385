import type { Core } from './core.cts';
import { errorInEnvelope, type Reply } from './reply.cts';
import type { LoggedRequest } from './requestLog.cts';

/**
 * Finds the account of a request, or says why it has none. `Authorization: Bearer <key>` with exactly one space
 * (docs.hiapi.ai/authentication). Each key of `switches.otherApiKeys` is an account of its own.
 */
export function authenticate(
	core: Core,
	request: LoggedRequest,
): { account: string } | { refused: Reply } {
	const { switches } = core;
	const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
	if (key !== undefined && (key === core.apiKey || switches.otherApiKeys.includes(key)))
		return { account: key };
	const message =
		key === undefined ? 'missing or malformed Authorization header' : 'invalid API key';
	return {
		refused: errorInEnvelope(switches.authEnvelope, {
			status: switches.authStatus,
			code: 'permission_denied',
			message,
		}),
	};
}
