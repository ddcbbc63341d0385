import { claimsSignature, type Headers, type SignatureVerdict } from './signature';

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
