package io.flotilla.cli;

import io.flotilla.telemetry.readiness.PlaintextClients;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "readiness",
        description = {
            "Who would break if mutual TLS became STRICT: clients whose plaintext the servers' proxies saw, by recorded",
            "telemetry. Exit 0 where nobody would, 1 where somebody would, 2 where no telemetry tells."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla mtls readiness",
            "  flotilla mtls readiness -n shop --since 3d -o json",
            "  flotilla mtls readiness --kafka kafka.example:9092"
        })
final class MtlsReadinessCommand implements Callable<Integer> {
    @Mixin
    private TelemetryOption telemetry;

    @Mixin
    private OutputOption output;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "",
            description = "Of the servers (default: all).")
    private String namespace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        output.allow("json");
        Instant since = telemetry.since();
        PlaintextClients clients = new PlaintextClients(namespace, since);
        TelemetryOption.Looked looked = telemetry.read(TelemetryOption.Topic.REQUESTS, since, clients::take);
        PlaintextClients.Found found = clients.found();
        if (found.records() == 0) {
            throw CommandFailure.couldNotRun("no proxy of a server"
                    + (namespace.isEmpty() ? "" : " in namespace " + namespace)
                    + " has reported anything since " + seconds(since)
                    + ": nothing can be said (a longer --since looks further back)");
        }
        if (output.json()) {
            output.printJson(spec, tree(found, looked, since));
        } else {
            print(found, looked);
        }
        return isReady(found) ? ExitCode.DONE : ExitCode.NO;
    }

    private static boolean isReady(PlaintextClients.Found found) {
        return found.clients().isEmpty() && found.others() == 0;
    }

    private void print(PlaintextClients.Found found, TelemetryOption.Looked looked) {
        PrintWriter out = spec.commandLine().getOut();
        if (!found.clients().isEmpty()) {
            Table table = new Table("WORKLOAD", "PORT", "CLIENT", "PROTOCOL", "TIMES", "LAST SEEN");
            for (PlaintextClients.Seen seen : found.clients()) {
                table.row(
                        seen.client().workload(),
                        seen.client().port(),
                        seen.client().client(),
                        seen.client().protocol(),
                        Long.toString(seen.times()),
                        seconds(seen.last()));
            }
            out.print(table);
        }
        if (found.others() > 0) {
            out.println("and " + found.others() + " records of more clients");
        }
        out.println(
                isReady(found) ? "nobody came in plaintext" : found.clients().size() + " would break under STRICT");
        out.println("by " + found.records() + " records of " + found.workloads() + " workloads since "
                + seconds(found.first()) + ", " + found.secured() + " of them with mutual TLS; of other workloads"
                + " nothing is known");
        if (looked.cut()) {
            out.println("there are more records than --limit: this is about the oldest " + looked.records());
        }
        out.flush();
    }

    /** Fields are only ever added. */
    private Map<String, Object> tree(PlaintextClients.Found found, TelemetryOption.Looked looked, Instant since) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("ready", isReady(found));
        tree.put("namespace", namespace);
        tree.put("since", since.toString());
        tree.put("firstRecord", found.first().toString());
        tree.put("records", found.records());
        tree.put("mutualTls", found.secured());
        tree.put("workloads", found.workloads());
        tree.put("complete", !looked.cut());
        tree.put("others", found.others());
        tree.put(
                "clients",
                found.clients().stream().map(MtlsReadinessCommand::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(PlaintextClients.Seen seen) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("workload", seen.client().workload());
        tree.put("port", seen.client().port());
        tree.put("client", seen.client().client());
        tree.put("protocol", seen.client().protocol());
        tree.put("times", seen.times());
        tree.put("lastSeen", seen.last().toString());
        return tree;
    }

    static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
