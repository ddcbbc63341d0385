import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

/** What the fake network does with one request. */
export type Reaction =
	| { status: number; body?: unknown; headers?: Record<string, string> }
	| { error: Error }
	| ((options: IHttpRequestOptions) => Promise<unknown> | unknown);

/** An n8n context whose network answers as told: the reactions in order, the last one for ever. */
export class FakeHiApi {
	readonly requests: IHttpRequestOptions[] = [];
	credential: Record<string, unknown> = {
		apiKey: 'sk-secret-key-0001',
		baseUrl: 'https://api.hiapi.ai',
	};
	/** Called with the number of the request, from 1. */
	onRequest?: (count: number) => void;

	constructor(private readonly reactions: Reaction[]) {}

	get context(): IExecuteFunctions {
		return {
			getCredentials: async () => this.credential,
			helpers: {
				httpRequestWithAuthentication: async (
					credentialType: string,
					options: IHttpRequestOptions,
				) => {
					if (credentialType !== 'hiApiApi')
						throw new Error(`unexpected credential ${credentialType}`);
					const { abortSignal, ...rest } = options;
					this.requests.push({ ...structuredClone(rest), abortSignal });
					this.onRequest?.(this.requests.length);
					const reaction =
						this.reactions[Math.min(this.requests.length, this.reactions.length) - 1];
					if (typeof reaction === 'function') return await reaction(options);
					if ('error' in reaction) throw reaction.error;
					const { status, body, headers = {} } = reaction;
					return {
						statusCode: status,
						headers,
						body: typeof body === 'string' ? body : JSON.stringify(body ?? null),
					};
				},
			},
		} as unknown as IExecuteFunctions;
	}

	/** Header values of all requests, in order. */
	header(name: string): unknown[] {
		return this.requests.map(({ headers }) => (headers as Record<string, unknown>)[name]);
	}
}

/** A network error as n8n hands it over: its own error around the one of the HTTP library around the system's. */
export function networkError(code: string | undefined, message = 'the connection was lost'): Error {
	const inner = Object.assign(new Error(message), code === undefined ? {} : { code });
	const middle = Object.assign(new Error(message, { cause: inner }), { name: 'AxiosError' });
	return Object.assign(new Error('The service could not be reached', { cause: middle }), {
		name: 'NodeApiError',
		httpCode: null,
	});
}

export const CREATED = {
	status: 200,
	body: { code: 200, message: 'success', data: { taskId: 'tk-1' } },
};

/** An error body as the task API sends it. */
export function refusal(
	status: number,
	errorCode?: string,
	headers?: Record<string, string>,
): Reaction {
	return {
		status,
		headers,
		body: {
			code: status,
			message: 'nope',
			data: null,
			...(errorCode && { error_code: errorCode }),
		},
	};
}
