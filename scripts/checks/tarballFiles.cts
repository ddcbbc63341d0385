/** What a published package may hold besides `dist`. */
const TEXTS = ['package.json', 'README.md', 'LICENSE.md', 'CHANGELOG.md'];
/** What the build makes. Anything else in `dist` came there by accident. */
const BUILT = /^dist\/(nodes|credentials)\/.+\.(js|d\.ts|json|svg)$/;
/** Names that have no business in a published package even with an allowed ending. */
const ACCIDENTAL =
	/(^|\/)(test|tests|__tests__|fixtures|coverage|node_modules)\/|\.(test|spec|bak|backup)\.|\.env/;

/** The `n8n` part of package.json: paths of what n8n loads. */
export interface Entries {
	nodes: string[];
	credentials: string[];
}

/** What is wrong with the list of files of a packed package; empty when nothing is. One sentence per problem. */
export function tarballProblems(files: string[], entries: Entries): string[] {
	const unexpected = files.filter(
		(file) => !TEXTS.includes(file) && (!BUILT.test(file) || ACCIDENTAL.test(file)),
	);
	const codexes = entries.nodes.map((file) => file.replace(/\.js$/, '.json'));
	const needed = [
		'package.json',
		'README.md',
		'LICENSE.md',
		...entries.nodes,
		...codexes,
		...entries.credentials,
	];
	return [
		...unexpected.map((file) => `The tarball holds ${file}, which is not expected in it.`),
		...needed.filter((file) => !files.includes(file)).map((file) => `The tarball lacks ${file}.`),
	];
}
