// Parses each file named on the command line and prints them as one JSON document: {file: contents}.
const fs = require('fs');
const { parse } = require('@cdktf/hcl2json');

(async () => {
  const all = {};
  for (const file of process.argv.slice(2)) all[file] = await parse('file.tf', fs.readFileSync(file, 'utf8'));
  console.log(JSON.stringify(all));
})().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
