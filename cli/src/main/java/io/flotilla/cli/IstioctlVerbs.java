package io.flotilla.cli;

import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What users of istioctl type and what is not here under that name: what to type instead. */
final class IstioctlVerbs {
    private static final String INSTALL =
            "on Kubernetes \"kubectl apply -k deploy/kustomize/overlays/demo\" (deploy/kustomize/README.md), on this machine"
                    + " \"flotilla up\"";

    private static final String CLUSTERS =
            "each Galley reads one cluster, by its settings flotilla.kubernetes.kubeconfig and .context (galley/README.md)";

    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("install", INSTALL),
            Map.entry("upgrade", INSTALL),
            Map.entry(
                    "manifest", "\"kubectl kustomize deploy/kustomize/overlays/demo\" prints what would be installed"),
            Map.entry(
                    "uninstall",
                    "on Kubernetes \"kubectl delete -k deploy/kustomize/overlays/demo\", on this machine \"flotilla down\""),
            Map.entry("verify-install", "\"flotilla status\", or \"kubectl -n istio-system get pods\""),
            Map.entry(
                    "describe",
                    "\"flotilla explain --from POD --to URL\", \"flotilla authz check POD\", \"flotilla proxy-config route POD\""),
            Map.entry("metrics", "\"flotilla dashboard metrics\" prints the address of the mesh's metrics"),
            Map.entry("wait", "\"flotilla proxy-status\" ends with 0 once every proxy has the newest configuration"),
            Map.entry("bug-report", "\"flotilla status -o json\" and \"flotilla logs NAME\""),
            Map.entry("profile", "\"kubectl kustomize deploy/kustomize/overlays/NAME\" for minimal, default and demo"),
            Map.entry("operator", INSTALL),
            Map.entry(
                    "tag",
                    "revisions are settings of each service (flotilla.injector.revision: sidecar-injector/README.md)"),
            Map.entry("completion", "\"flotilla --help\" lists the commands"),
            Map.entry("create-remote-secret", CLUSTERS),
            Map.entry("remote-clusters", CLUSTERS),
            Map.entry("remove-from-mesh", "apply the manifest as it was before \"flotilla kube-inject\""),
            Map.entry("add-to-mesh", "\"flotilla kube-inject -f FILE | kubectl apply -f -\""));

    private IstioctlVerbs() {}

    /** The answer to a line that begins with such a verb. */
    static Optional<String> answer(ParameterException problem) {
        return problem instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getUnmatched().isEmpty()
                ? Optional.ofNullable(INSTEAD.get(unmatched.getUnmatched().getFirst()))
                        .map(instead ->
                                "there is no \"" + unmatched.getUnmatched().getFirst() + "\" here: " + instead)
                : Optional.empty();
    }
}
