const { existsSync, realpathSync } = require('node:fs');
const { basename, delimiter, dirname, join } = require('node:path');

/**
 * The JavaScript file behind the `npm` command, so that it can be run with a chosen Node and without a shell.
 * Throws an Error when there is no npm.
 */
function npmCommand() {
	const onPath = (process.env.PATH ?? '')
		.split(delimiter)
		.flatMap((folder) => [
			join(folder, 'npm'),
			join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		])
		.filter((file) => existsSync(file))
		.map((file) => realpathSync(file));
	const besideNode = dirname(process.execPath);
	const candidates = [
		process.env.npm_execpath ?? '',
		join(besideNode, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		join(besideNode, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		...onPath,
	];
	const found = candidates.find((file) => basename(file) === 'npm-cli.js' && existsSync(file));
	if (!found)
		throw new Error(
			'npm was not found. It comes with Node.js: install Node.js 20.19 or newer with npm.',
		);
	return found;
}

module.exports = { npmCommand };
