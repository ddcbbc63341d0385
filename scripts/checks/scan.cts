/** The part of n8n's scanner that is used; the package has no types. */
interface Scanner {
	SOURCE_FILE_PATTERNS: string[];
	analyzePackage: (
		folder: string,
		patterns?: string[],
	) => Promise<{ passed: boolean; message?: string; details?: string }>;
}

/** Kept out of the import below so that the compiler does not look for types. */
const SCANNER: string = '@n8n/scan-community-package/scanner/scanner.mjs';

/**
 * Runs n8n's own scan for community packages offline: on the source as verification reads it from GitHub, and on the unpacked
 * tarball. Returns what it objects to, one text per leg; empty when both passed. (Its exit code is 0 either way.)
 */
export async function scanProblems(source: string, unpackedTarball: string): Promise<string[]> {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = (await import(SCANNER)) as Scanner;
	const problems: string[] = [];
	for (const [leg, result] of [
		['source', await analyzePackage(source, SOURCE_FILE_PATTERNS)],
		['tarball', await analyzePackage(unpackedTarball)],
	] as const) {
		// a scan that found nothing to read passes, too
		if (!result.passed || result.message) {
			problems.push(
				`n8n's scan of the ${leg} did not pass: ${result.message ?? ''}\n${result.details ?? ''}`,
			);
		}
	}
	return problems;
}
