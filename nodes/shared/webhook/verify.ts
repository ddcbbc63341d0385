import type { IWebhookFunctions } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../api/client';
import { systemClock } from '../clock';
import { unsigned, type Refusal } from './refusal';
import { CachedRead } from './cachedRead';
import { verifySignature } from './signature';
import {
	checkWithSecrets,
	needsSignature,
	type Secrets,
	type SecretSource,
	type Verification,
} from './verification';

// A secret taken out of the credential is still accepted for this long; a new one is accepted at once.
const SECRETS_KEPT_MS = 5_000;

// Under a flood of forgeries the secret is read anew this often at most, and nobody waits for the next time.
const READ_ANEW_GAP_MS = 500;

const secretReads = new CachedRead<Secrets>(systemClock, 1_000, READ_ANEW_GAP_MS);

async function readSecrets(context: IWebhookFunctions): Promise<Secrets> {
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	return {
		secret: credential.webhookSecret as string | undefined,
		previousSecret: credential.previousWebhookSecret as string | undefined,
	};
}

function secretsOf(context: IWebhookFunctions): SecretSource | undefined {
	const node = context.getNode();
	const credential = node.credentials?.[CREDENTIAL_TYPE];
	if (credential === undefined) return undefined;
	const key = JSON.stringify([context.getWorkflow().id, node.id, credential.id]);
	const read = async () => await readSecrets(context);
	return {
		recent: async () => await secretReads.recent(key, SECRETS_KEPT_MS, read),
		anew: async () => await secretReads.anew(key, read),
	};
}

/** Whether the sender has to be taken for somebody else than HiAPI, and why. Rejects when the secrets cannot be read. */
export async function whyUnverified(
	context: IWebhookFunctions,
	body: Buffer,
	{ verification, windowSeconds }: { verification: Verification; windowSeconds: number },
): Promise<Refusal | undefined> {
	const { headers } = context.getRequestObject();
	if (!needsSignature(verification, headers)) return undefined;
	const nowSeconds = Math.floor(systemClock.now() / 1000);
	const check = (secrets: Secrets) =>
		verifySignature(headers, body, { ...secrets, windowSeconds, nowSeconds });
	const source = secretsOf(context);
	const verdict = source === undefined ? check({}) : await checkWithSecrets(source, check);
	if (!verdict.valid) return unsigned(verdict.problem);
	if (verdict.signedWith === 'previous')
		context.logger.debug('HiAPI: a callback is signed with the previous secret');
	return undefined;
}
