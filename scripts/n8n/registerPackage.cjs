/*
 * node registerPackage.cjs <package folder> <n8n's database.sqlite>
 * Enters an unpacked community package into n8n's tables, as n8n's installer does, and prints its node types as JSON.
 * Run with n8n's Node and with n8n's node_modules in NODE_PATH: it uses n8n's own database driver.
 */
const { basename, join } = require('node:path');
const { Database } = require('sqlite3');

const [, , folder, databaseFile] = process.argv;
const { name, version, author, n8n } = require(join(folder, 'package.json'));

const nodes = n8n.nodes.map((file) => {
	const loaded = new (require(join(folder, file))[basename(file).split('.')[0]])();
	const { displayName, name: nodeName, version: nodeVersion, defaultVersion } = loaded.description;
	return {
		displayName,
		type: `${name}.${nodeName}`,
		version: [nodeVersion ?? defaultVersion ?? 1].flat().at(-1),
	};
});

const now = new Date().toISOString().replace('T', ' ').replace('Z', '');
const database = new Database(databaseFile);
const run = (sql, values = []) =>
	new Promise((resolve, reject) =>
		database.run(sql, values, (error) => (error ? reject(error) : resolve())),
	);

async function main() {
	await run('BEGIN');
	await run('DELETE FROM installed_nodes WHERE package = ?', [name]);
	await run('DELETE FROM installed_packages WHERE packageName = ?', [name]);
	await run(
		'INSERT INTO installed_packages (packageName, installedVersion, authorName, authorEmail, createdAt, updatedAt) VALUES (?, ?, ?, ?, ?, ?)',
		[name, version, author?.name, author?.email, now, now],
	);
	for (const node of nodes) {
		await run(
			'INSERT INTO installed_nodes (name, type, latestVersion, package) VALUES (?, ?, ?, ?)',
			[node.displayName, node.type, node.version, name],
		);
	}
	await run('COMMIT');
	console.log(JSON.stringify(nodes.map((node) => node.type)));
}

main().then(
	() => database.close(),
	(error) => {
		console.error(error);
		process.exitCode = 1;
		database.close();
	},
);
