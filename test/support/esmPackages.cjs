const { existsSync, readFileSync } = require('node:fs');
const { dirname, join, relative, sep } = require('node:path');

const ROOT = join(__dirname, '..', '..');

/** The folder that `require(name)` in a file of `folder` would find, as Node looks it up. */
function folderOf(name, folder) {
	for (let at = folder; ; at = dirname(at)) {
		const candidate = join(at, 'node_modules', name);
		if (existsSync(join(candidate, 'package.json'))) return candidate;
		if (at === dirname(at)) throw new Error(`${name} is not installed. Run npm ci.`);
	}
}

/** Folders below node_modules, with /, of the packages `names` and of all they need that are ES modules only. */
function esmPackagesBehind(names) {
	const found = new Set();
	const visit = (name, from) => {
		const folder = folderOf(name, from);
		if (found.has(folder)) return;
		const { type, dependencies = {} } = JSON.parse(
			readFileSync(join(folder, 'package.json'), 'utf8'),
		);
		if (type !== 'module') return;
		found.add(folder);
		for (const dependency of Object.keys(dependencies)) visit(dependency, folder);
	};
	for (const name of names) visit(name, ROOT);
	return [...found].map((folder) =>
		relative(join(ROOT, 'node_modules'), folder).split(sep).join('/'),
	);
}

module.exports = { esmPackagesBehind };
