// Checks the manifests on stdin (YAML documents) against Kubernetes' own schemas; a line per fault, exit code 1 when there is one.
// Runs from the folder that has the packages.
import fs from "node:fs";
import { parseAllDocuments } from "yaml";

// Kinds of operators without a published schema: their shape is not checked.
const unknown = new Set(["kmm.sigs.x-k8s.io/v1beta1 Module"]);
const operators = { "monitoring.coreos.com": "@kubernetes-models/prometheus-operator" };

let faults = 0;
for (const document of parseAllDocuments(fs.readFileSync(0, "utf8"))) {
    const manifest = document.toJSON();
    if (!manifest) continue;
    const { apiVersion, kind } = manifest;
    if (unknown.has(`${apiVersion} ${kind}`)) continue;
    const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
    const module = [operators[group] ? `${operators[group]}/${group}` : ["kubernetes-models", group].filter(Boolean).join("/"), version, kind].join("/");
    try {
        const kinds = await import(module);
        new kinds[kind](manifest).validate();
    } catch (error) {
        faults++;
        console.log(`${kind} ${manifest.metadata?.name}: ${error.message}`);
    }
}
process.exit(faults ? 1 : 0);
