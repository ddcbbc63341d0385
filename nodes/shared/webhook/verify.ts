import type { IWebhookFunctions } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../api/client';
import { systemClock } from '../clock';
import { unsigned, type Refusal } from './answer';
import { CachedRead } from './cachedRead';
import { claimsSignature, verifySignature, type Headers, type SignatureVerdict } from './signature';

/** `signature`: only signed requests count. `readBack`: the task is fetched before it is believed. `none`: no check. */
export type Verification = 'signature' | 'readBack' | 'none';

/** Anything but the two words that let unsigned requests in means the safe choice. */
export function readVerification(value: unknown): Verification {
	return value === 'readBack' || value === 'none' ? value : 'signature';
}

/** A request that says it is signed must be signed well, whatever the user chose for unsigned ones. */
export function needsSignature(verification: Verification, headers: Headers): boolean {
	return verification === 'signature' || claimsSignature(headers);
}

/** HiAPI's signing keys as they are stored. */
export interface Secrets {
	secret?: string;
	previousSecret?: string;
}

/** Where the secrets come from. Reading them is slow, so they are kept for a while. */
export interface SecretSource {
	/** The secrets as they were not long ago, and whether their reading started with this call. */
	recent(): Promise<{ value: Secrets; isNew: boolean }>;
	/** The secrets as they are now, or were half a second ago under a flood. */
	anew(): Promise<Secrets>;
}

/**
 * Checks a signature against the secrets at hand, and against new ones where a change of them would explain the
 * verdict. Rejects with what the source rejects with.
 */
export async function checkWithSecrets(
	source: SecretSource,
	check: (secrets: Secrets) => SignatureVerdict,
): Promise<SignatureVerdict> {
	const { value, isNew } = await source.recent();
	const verdict = check(value);
	if (isNew || verdict.valid || !['mismatch', 'noSecret'].includes(verdict.problem)) return verdict;
	return check(await source.anew());
}

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
	{ verification, toleranceSeconds }: { verification: Verification; toleranceSeconds: number },
): Promise<Refusal | undefined> {
	const { headers } = context.getRequestObject();
	if (!needsSignature(verification, headers)) return undefined;
	const nowSeconds = Math.floor(systemClock.now() / 1000);
	const check = (secrets: Secrets) =>
		verifySignature(headers, body, { ...secrets, toleranceSeconds, nowSeconds });
	const source = secretsOf(context);
	const verdict = source === undefined ? check({}) : await checkWithSecrets(source, check);
	if (!verdict.valid) return unsigned(verdict.problem);
	if (verdict.signedWith === 'previous')
		context.logger.debug('HiAPI: a callback is signed with the previous secret');
	return undefined;
}
