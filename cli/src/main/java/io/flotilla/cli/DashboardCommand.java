package io.flotilla.cli;

import io.flotilla.mesh.component.Http;
import io.flotilla.mesh.pod.EnvoyAdmin;
import io.flotilla.mesh.status.MeshStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "dashboard",
        aliases = {"dash", "d"},
        description = {
            "Prints the addresses of a local mesh that a browser can open, and whether each answers; of \"envoy POD\" what",
            "its admin page says. Exit 1 where one that is named does not answer."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla dashboard",
            "  flotilla dashboard prometheus",
            "  flotilla dashboard envoy productpage-v1-0"
        })
final class DashboardCommand implements Callable<Integer> {
    private static final String ENVOY = "envoy";

    /** What istioctl opens and a local mesh does not start, to what there is of it. */
    private static final Map<String, String> INSTEAD = Map.of(
            "console", "\"flotilla status\", \"flotilla proxy-status\" and \"flotilla analyze\" say what it would show",
            "kiali", "\"flotilla analyze\" finds what its validations find (docs/analysis.md)",
            "prometheus", "let yours scrape %s",
            "grafana", "let its Prometheus scrape %s",
            "jaeger", "spans are on the Kafka topic flotilla.spans",
            "zipkin", "spans are on the Kafka topic flotilla.spans",
            "controlz", "log levels are settings of each service");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "One of them: ingress, productpage, metrics, SERVICE (pilot, ...), or envoy.")
    private @Nullable String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "POD", description = "Of envoy: NAME or NAME.NAMESPACE.")
    private @Nullable String pod;

    @Mixin
    private MeshOption mesh;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    /** Where something is, and whether it answers. */
    private record Page(String name, String url, boolean answers) {}

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        if (ENVOY.equals(name)) {
            return envoy();
        }
        MeshStatus status = StatusCommand.read(mesh);
        if (status.urls().isEmpty()) {
            throw CommandFailure.couldNotRun("the mesh is not running; \"flotilla up\" starts it");
        }
        List<Page> pages = pages(status);
        if (name == null) {
            print(pages);
            return ExitCode.DONE;
        }
        List<Page> named =
                pages.stream().filter(page -> page.name().equals(name)).toList();
        if (named.isEmpty()) {
            String instead = INSTEAD.get(name);
            throw CommandFailure.no(
                    instead == null
                            ? "there is no \"" + name + "\"; there are "
                                    + String.join(
                                            ", ", pages.stream().map(Page::name).toList()) + ", " + ENVOY
                            : "a local mesh has no " + name + ": "
                                    + instead.formatted(status.urls().getOrDefault("metrics", "")));
        }
        print(named);
        return named.getFirst().answers() ? ExitCode.DONE : ExitCode.NO;
    }

    private int envoy() throws IOException {
        if (pod == null) {
            throw CommandFailure.couldNotRun("say of which pod: flotilla dashboard envoy POD");
        }
        // The port is on the pod's own loopback, which no browser of the host reaches.
        spec.commandLine().getOut().println(new EnvoyAdmin(mesh.existing()).get(pod, "/server_info"));
        return ExitCode.DONE;
    }

    private static List<Page> pages(MeshStatus status) {
        List<Page> pages = new ArrayList<>();
        status.urls().forEach((name, url) -> pages.add(new Page(name, url, answers(url))));
        status.ports().forEach((key, port) -> {
            if (key.endsWith("-management")) {
                String url = "http://127.0.0.1:" + port + "/metrics";
                pages.add(new Page(key.substring(0, key.length() - "-management".length()), url, answers(url)));
            }
        });
        return pages;
    }

    // An edge without a rule for "/" answers 404, and that is an answer.
    private static boolean answers(String url) {
        URI uri = URI.create(url);
        return Http.status(uri.getHost(), uri.getPort(), uri.getPath()).isPresent();
    }

    private void print(List<Page> pages) {
        if (output.json()) {
            output.printJson(
                    spec,
                    pages.stream()
                            .map(page -> Map.of("name", page.name(), "url", page.url(), "answers", page.answers()))
                            .toList());
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        Table table = new Table("NAME", "ADDRESS", "ANSWERS");
        pages.forEach(page -> table.row(page.name(), page.url(), Boolean.toString(page.answers())));
        out.print(table);
        out.flush();
    }
}
