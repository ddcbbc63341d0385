/* `npm run demo`, in a fresh clone, too. */
const { startWithPackages } = require('./startWithPackages.js');

void startWithPackages(async () => await require('./demo.cts').main(process.argv.slice(2)));
