// npm run bench [-- name…] [--json]: measures what the README says about speed, each against a peer in the same run.
const benches = {
  'start-up': './start-up.mjs',
  decoder: './decoder.mjs',
  'data-plane': './data-plane.mjs',
  fleet: './fleet.mjs',
};

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
const unknown = names.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`there is no benchmark ${unknown}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(1);
}
const results = {};
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  const { run, format } = await import(benches[name]);
  results[name] = await run();
  // Most print as they go; what gives a table instead is printed here.
  if (format !== undefined) console.log(format(results[name]));
}
if (words.includes('--json')) console.log(JSON.stringify(results, null, 2));
