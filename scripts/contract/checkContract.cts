import { EXPECTATIONS, type Ask } from './expectations.cts';
import { sendFree, type FreeRequest } from './freeRequest.cts';

/** Where HiAPI is, and with what key to look at the parts that need one. */
export interface ContractTarget {
	/** Ends in `/v1`. */
	baseUrl: string;
	/** Without a trailing slash. */
	catalogueUrl: string;
	apiKey?: string;
	timeoutMs: number;
}

/** What became of one expectation. */
export interface Finding {
	what: string;
	result: 'ok' | 'differs' | 'skipped';
	/** The differences, or why it was not looked at. */
	why: string[];
}

function askerFor({ baseUrl, catalogueUrl, apiKey, timeoutMs }: ContractTarget): Ask {
	const targets = {
		'api with key': { base: baseUrl, apiKey, timeoutMs },
		'api without key': { base: baseUrl, timeoutMs },
		catalogue: { base: catalogueUrl, timeoutMs },
	};
	return async (from, request: FreeRequest) => await sendFree(request, targets[from]);
}

/** Looks at every expectation in turn and hands each finding on as soon as it is known. Buys nothing, see `freeRequest.cts`. */
export async function checkContract(
	target: ContractTarget,
	tell: (finding: Finding) => void,
): Promise<Finding[]> {
	const ask = askerFor(target);
	const findings: Finding[] = [];
	for (const { what, needsKey, check } of EXPECTATIONS) {
		let finding: Finding;
		if (needsKey && target.apiKey === undefined)
			finding = { what, result: 'skipped', why: ['needs a key'] };
		else {
			try {
				const found = await check(ask);
				if ('skipped' in found) finding = { what, result: 'skipped', why: [found.skipped] };
				else finding = { what, result: found.length === 0 ? 'ok' : 'differs', why: found };
			} catch (error) {
				const { message, cause } = error as Error & { cause?: Error };
				finding = {
					what,
					result: 'differs',
					why: [`no answer: ${message}${cause ? ` (${cause.message})` : ''}`],
				};
			}
		}
		findings.push(finding);
		tell(finding);
	}
	return findings;
}
