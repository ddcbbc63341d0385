/* `npm run contract`: does HiAPI still answer as the package expects? Costs nothing; scripts/contract/freeRequest.cts says why. */
import { parseArgs } from 'node:util';

import { DEFAULT_BASE_URL, normaliseBaseUrl } from '../nodes/shared/api/baseUrl';
import { trimmedOrUndefined } from '../nodes/shared/values';
import { checkContract, type Finding } from './contract/checkContract.cts';

const HELP = `Compares HiAPI's answers with the contract this package relies on. Reads only, and buys nothing.

  npm run contract -- [flags]

  --base-url <url>   where the API is (default: ${DEFAULT_BASE_URL})
  --catalogue <url>  where the catalogue is (default: https://www.hiapi.ai, or the host of --base-url)
  --help             this text

With HIAPI_API_KEY set, lists and refusals of that account are looked at, too. Not looked at, because it would cost money or
change something: creating tasks, idempotency keys, callbacks, promoting and deleting stored outputs.
Prints a line per expectation and ends with code 1 when one differs.
`;

const LABELS: Record<Finding['result'], string> = {
	ok: 'ok      ',
	differs: 'DIFFERS ',
	skipped: 'skipped ',
};
const TIMEOUT_MS = 20_000;

function print({ what, result, why }: Finding): void {
	process.stdout.write(
		`${LABELS[result]} ${what}${result === 'skipped' ? `: ${why.join(', ')}` : ''}\n`,
	);
	if (result === 'differs')
		for (const difference of why) process.stdout.write(`          ${difference}\n`);
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			'base-url': { type: 'string' },
			catalogue: { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) {
		process.stdout.write(HELP);
		return;
	}
	// The same rules as for the credential: the key is not sent unprotected over the internet.
	const baseUrl = normaliseBaseUrl(values['base-url']);
	if (!baseUrl.ok) throw new Error(`--base-url ${baseUrl.problem}`);
	const catalogue =
		values.catalogue ??
		(values['base-url'] === undefined ? 'https://www.hiapi.ai' : new URL(baseUrl.url).origin);
	const findings = await checkContract(
		{
			baseUrl: baseUrl.url,
			catalogueUrl: catalogue.replace(/\/+$/, ''),
			apiKey: trimmedOrUndefined(process.env.HIAPI_API_KEY),
			timeoutMs: TIMEOUT_MS,
		},
		print,
	);
	const count = (result: Finding['result']) =>
		findings.filter((finding) => finding.result === result).length;
	process.stdout.write(
		`${count('ok')} as expected, ${count('differs')} different, ${count('skipped')} not looked at\n`,
	);
	if (count('differs') > 0) process.exitCode = 1;
}

main().catch((error: Error) => {
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
});
