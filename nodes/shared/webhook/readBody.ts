import type { IWebhookFunctions } from 'n8n-workflow';

/**
 * The bytes of a request as they came. n8n leaves content types it does not know unread, and uses multipart up without
 * keeping its bytes; what cannot be read counts as empty, which no signature fits. Never rejects.
 */
export async function readBody(context: IWebhookFunctions): Promise<Buffer> {
	const request = context.getRequestObject();
	try {
		await request.readRawBody();
	} catch (error) {
		context.logger.debug(
			`HiAPI: the body of a callback could not be read: ${(error as Error).message}`,
		);
	}
	return (request.rawBody as Buffer | undefined) ?? Buffer.alloc(0);
}
