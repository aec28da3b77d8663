package io.flotilla.cli;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.explain.Explainer;
import io.flotilla.envoy.explain.Explanation;
import io.flotilla.envoy.explain.Step;
import io.flotilla.envoy.simulation.Call;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "explain",
        description = {
            "The way of one request, step by step, each with the object and line that decided it: through the caller's",
            "proxy, and what the servers' policies make of it. Offline from manifests (-f), else by the objects of the",
            "local mesh or of a running Galley. Exit 1 if the request is not served, or some server refuses it."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla explain -f samples/bookinfo --from productpage-v1 --to http://reviews:9080/reviews/0",
            "  flotilla explain --from reviews-v2 --to http://ratings:9080/ -X POST -H 'end-user: jason'",
            "  flotilla explain -f DIR --from istio-system/gw --labels istio=ingressgateway --to http://shop.example.com/ -o json"
        })
final class ExplainCommand implements Callable<Integer> {
    /** An address of which no mesh knows anything. */
    private static final String ELSEWHERE = "192.0.2.1";

    @Mixin
    private MeshSource source;

    @Mixin
    private OutputOption output;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "[NS/]POD",
            description = "Who calls: a pod, or the workload of which it is a replica; of an edge, where it comes in.")
    private String from;

    @Option(names = "--to", required = true, paramLabel = "URL", description = "http://HOST[:PORT]/PATH or https://...")
    private String to;

    @Option(
            names = {"-X", "--request"},
            paramLabel = "METHOD",
            defaultValue = "GET",
            description = "The method (default: ${DEFAULT-VALUE}).")
    private String method;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header. May be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = {"-0", "--http1.0"},
            description = "The request is one of HTTP/1.0; without it, of HTTP/1.1 or newer.")
    private boolean http10;

    @Option(
            names = "--labels",
            split = ",",
            paramLabel = "K=V",
            description = "The caller's labels, where the manifests have no such pod, as of an edge.")
    private Map<String, String> labels = new TreeMap<>();

    @Mixin
    private TokenOption token;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        MeshSource.Read mesh = source.read(spec);
        Workload workload = workload(new Workloads(mesh));
        Call request = request(mesh.snapshot(), workload);
        ProxyView view = view(workload, mesh.snapshot());
        Explanation way = Explainer.explain(mesh.snapshot(), view, mesh.objects(), mesh.positions(), request);
        ServerSide servers = ServerSide.of(mesh, workload, view.router(), request, way, token.given());
        print(workload, way, servers);
        return way.served() && servers.permitted() ? ExitCode.DONE : ExitCode.NO;
    }

    // A pod's name, or the beginning of it as a Deployment gives it.
    private Workload workload(Workloads workloads) {
        Workloads.Name name = Workloads.Name.parse(from, "default");
        return workloads
                .find(name)
                .or(() -> labelled(name.namespace(), name.name()))
                .orElseGet(() -> workloads.get("--from", name));
    }

    private Optional<Workload> labelled(String namespace, String name) {
        return labels.isEmpty()
                ? Optional.empty()
                : Optional.of(Workload.newBuilder()
                        .setNamespace(namespace)
                        .setName(name)
                        .putAllLabels(labels)
                        .build());
    }

    private static ProxyView view(Workload workload, MeshSnapshot snapshot) {
        boolean edge = !snapshot.gateways(workload.getLabelsMap()).isEmpty();
        Proxy.Pod pod = new Proxy.Pod(
                workload.getName(),
                workload.getNamespace(),
                workload.getServiceAccount(),
                Workloads.address(workload),
                workload.getNetwork(),
                workload.getLabelsMap());
        return ProxyView.of(
                new Proxy(
                        "explain",
                        edge ? Proxy.Role.ROUTER : Proxy.Role.SIDECAR,
                        pod,
                        workload.getLocality(),
                        new Capture.Redirect(),
                        "",
                        Map.of()),
                snapshot);
    }

    private Call request(MeshSnapshot snapshot, Workload workload) {
        URI url = url();
        boolean tls = url.getScheme().equals("https");
        int port = url.getPort() > 0 ? url.getPort() : tls ? 443 : 80;
        String path = (url.getRawPath().isEmpty() ? "/" : url.getRawPath())
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        Map<String, String> all = new TreeMap<>();
        // Of several lines of a header routes see one text.
        RequestArguments.headers(headers).forEach((name, values) -> all.put(name, String.join(",", values)));
        String authority = all.getOrDefault("host", url.getRawAuthority());
        all.remove("host");
        return new Call(
                new Call.To(
                        target(snapshot, workload, url.getHost()),
                        port,
                        tls ? url.getHost() : "",
                        Workloads.address(workload)),
                method,
                authority,
                path,
                all,
                http10);
    }

    private URI url() {
        try {
            URI url = new URI(to.contains("://") ? to : "http://" + to);
            if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (java.net.URISyntaxException e) {
            throw CommandFailure.couldNotRun("--to " + to + ": " + e.getMessage());
        }
        throw CommandFailure.couldNotRun("--to " + to + " must be http://HOST[:PORT]/PATH or https://...");
    }

    // As the name resolves in the caller's pod.
    private static String target(MeshSnapshot snapshot, Workload workload, String host) {
        String suffix = ".svc." + snapshot.settings().domainSuffix();
        String namespace = workload.getNamespace();
        return Stream.of(
                        host,
                        Hostnames.resolve(host, namespace, snapshot.settings().domainSuffix()),
                        host + suffix,
                        host.endsWith(".svc") ? host + suffix.substring(4) : host)
                .flatMap(name -> snapshot.service(name, namespace).stream())
                .map(MeshService::addresses)
                .flatMap(List::stream)
                .filter(address -> !address.contains("/"))
                .findFirst()
                .orElse(host.matches("[0-9.]+|\\[.*]") ? host.replaceAll("[\\[\\]]", "") : ELSEWHERE);
    }

    private void print(Workload workload, Explanation explanation, ServerSide servers) {
        String caller = workload.getNamespace() + "/" + workload.getName();
        if (output.json()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("from", caller);
            tree.put("to", to);
            tree.put("method", method);
            tree.put(
                    "steps",
                    servers.around(explanation.steps()).stream()
                            .map(ExplainCommand::json)
                            .toList());
            tree.put("served", explanation.served() && servers.permitted());
            tree.put("servers", servers.json());
            tree.put("summary", explanation.summary());
            tree.put("clusters", List.copyOf(explanation.prediction().clusters()));
            tree.put("route", explanation.prediction().route());
            tree.put("responseFlags", explanation.prediction().flags());
            output.printJson(spec, tree);
            return;
        }
        var out = spec.commandLine().getOut();
        out.println(method + " " + to + " from " + caller);
        for (Step step : servers.around(explanation.steps())) {
            out.printf("  %-14s  %s%n", step.stage(), step.what());
            because(step).ifPresent(text -> out.printf("  %-14s    by %s%n", "", text));
        }
        out.flush();
    }

    private static Optional<String> because(Step step) {
        return step.because().map(decision -> {
            String path = decision.path().isEmpty() ? "" : " " + decision.path();
            String origin = decision.origin().equals(Origin.NONE) ? "" : ", " + decision.origin();
            return decision.object() + path + origin;
        });
    }

    /** One step; fields are only ever added. */
    private static Map<String, Object> json(Step step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stage", step.stage());
        json.put("what", step.what());
        step.because().ifPresent(decision -> {
            Map<String, Object> because = new LinkedHashMap<>();
            because.put("object", decision.object());
            because.put("path", decision.path());
            because.put("file", decision.origin().file());
            because.put("line", decision.origin().line());
            json.put("because", because);
        });
        return json;
    }
}
