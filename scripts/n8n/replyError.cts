/** n8n answered a call with an error status. */
export class N8nReplyError extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
		call: string,
		text: string,
	) {
		super(`${call}: n8n answered ${status} ${text.slice(0, 600)}`);
	}
}
