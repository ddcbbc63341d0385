import type { IWebhookFunctions } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../shared/api/client';
import { systemTiming } from '../shared/timing';
import { SharedRead } from '../shared/webhook/sharedRead';
import { claimsSignature, verifySignature, type SignatureVerdict } from '../shared/webhook/signature';
import { unsigned, type Refusal } from './refusal';
import type { TriggerSettings } from './settings';

interface Secrets {
	secret?: string;
	previousSecret?: string;
}

// A secret taken out of the credential is still accepted for this long; a new one is accepted at once.
const SECRETS_KEPT_MS = 5_000;

// Under a flood of forgeries the secret is read anew this often at most, and nobody waits for the next time.
const READ_ANEW_GAP_MS = 500;

const secretReads = new SharedRead<Secrets>(systemTiming, 1_000, READ_ANEW_GAP_MS);

async function readSecrets(context: IWebhookFunctions): Promise<Secrets> {
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	return {
		secret: credential.webhookSecret as string | undefined,
		previousSecret: credential.previousWebhookSecret as string | undefined,
	};
}

async function checkSignature(context: IWebhookFunctions, body: Buffer, windowSeconds: number): Promise<SignatureVerdict> {
	const { headers } = context.getRequestObject();
	const nowSeconds = Math.floor(systemTiming.now() / 1000);
	const check = (secrets: Secrets) => verifySignature(headers, body, { ...secrets, windowSeconds, nowSeconds });

	const node = context.getNode();
	const credential = node.credentials?.[CREDENTIAL_TYPE];
	if (credential === undefined) return check({});
	const key = JSON.stringify([context.getWorkflow().id, node.id, credential.id]);
	const read = async () => await readSecrets(context);
	const { value: secrets, isNew } = await secretReads.recent(key, SECRETS_KEPT_MS, read);
	const verdict = check(secrets);
	if (isNew || verdict.valid || !['mismatch', 'noSecret'].includes(verdict.problem)) return verdict;
	// The secret may have been changed after it was read.
	return check(await secretReads.anew(key, read));
}

/** Whether the sender has to be taken for somebody else than HiAPI, and why. */
export async function whyUnverified(
	context: IWebhookFunctions,
	body: Buffer,
	{ verification, windowSeconds }: Pick<TriggerSettings, 'verification' | 'windowSeconds'>,
): Promise<Refusal | undefined> {
	// A request that says it is signed must be signed well, whatever the user chose for unsigned ones.
	if (verification !== 'signature' && !claimsSignature(context.getRequestObject().headers)) return undefined;
	const verdict = await checkSignature(context, body, windowSeconds);
	if (!verdict.valid) return unsigned(verdict.problem);
	if (verdict.signedWith === 'previous') context.logger.debug('HiAPI Trigger: signed with the previous secret');
	return undefined;
}
