/**
 * Runs a function as Lambda's Node.js runtime does: loads it, then asks the Runtime API for one invocation after another.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 *
 * An event `{"calls": n, "event": …}` is given to the handler n times, and answered with the CPU time of each call.
 */
const http = require("node:http");
const { pathToFileURL } = require("node:url");

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true });

function request(method, path, body) {
  return new Promise((resolve, reject) => {
    const sent = http.request(
      { host, port, method, path: `/2018-06-01/runtime/${path}`, agent },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ headers: response.headers, text }));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

async function measure(handler, calls, event, context) {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call++) await handler(event, context);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

async function main() {
  const file = process.argv[2];
  const { handler } = file.endsWith(".mjs") ? await import(pathToFileURL(file).href) : require(file);
  for (;;) {
    const { headers, text } = await request("GET", "invocation/next");
    process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
    const id = headers["lambda-runtime-aws-request-id"];
    const deadline = Number(headers["lambda-runtime-deadline-ms"]);
    const context = {
      awsRequestId: id,
      functionName: "bench",
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    const { calls, event } = JSON.parse(text);
    const answer = calls ? await measure(handler, calls, event, context) : await handler(event, context);
    await request("POST", `invocation/${id}/response`, JSON.stringify(answer ?? null));
  }
}

main();
