package io.flotilla.cli;

import io.flotilla.api.events.v1.AuditEvent;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "audit",
        description = {
            "Who did what and when: verdicts of policies, certificates, changes of configuration, as Kafka has them.",
            "Exit 1 where nothing of that kind is on record."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla audit --since 10m",
            "  flotilla audit --actor sa/bookinfo-reviews --action denied -o wide",
            "  flotilla audit --object VirtualService -o json"
        })
final class AuditCommand implements Callable<Integer> {
    @Mixin
    private TelemetryOption recorded;

    @Mixin
    private OutputOption output;

    @Option(
            names = "--actor",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only of whose name this is a part.")
    private String actor;

    @Option(
            names = "--action",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only of which this is a part: config, certificate.issued, denied, ...")
    private String action;

    @Option(names = "--object", paramLabel = "TEXT", defaultValue = "", description = "Only to what this is a part of.")
    private String object;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        output.allow("json", "wide");
        Instant since = recorded.since();
        AuditTrail trail = new AuditTrail(since, new AuditTrail.Wanted(actor, action, object));
        TelemetryOption.Looked looked = recorded.read(TelemetryOption.Topic.AUDIT, since, trail::take);
        List<AuditEvent> events = trail.events();
        if (output.json()) {
            output.printJson(spec, tree(events, looked, since));
        } else {
            print(events, looked, since);
        }
        return events.isEmpty() ? ExitCode.NO : ExitCode.DONE;
    }

    private void print(List<AuditEvent> events, TelemetryOption.Looked looked, Instant since) {
        PrintWriter out = spec.commandLine().getOut();
        if (events.isEmpty()) {
            out.println("nothing of that kind is on record since " + MtlsReadinessCommand.seconds(since));
        } else if (output.wide()) {
            Table table = new Table("WHEN", "ACTOR", "ACTION", "OBJECT", "DETAILS");
            events.forEach(event ->
                    table.row(when(event), event.getActor(), event.getAction(), event.getObject(), details(event)));
            out.print(table);
        } else {
            Table table = new Table("WHEN", "ACTOR", "ACTION", "OBJECT");
            events.forEach(event -> table.row(when(event), event.getActor(), event.getAction(), event.getObject()));
            out.print(table);
        }
        if (looked.cut()) {
            out.println("there are more records than --limit: this is of the first " + looked.records());
        }
        out.flush();
    }

    private static String when(AuditEvent event) {
        return MtlsReadinessCommand.seconds(AuditTrail.when(event));
    }

    private static String details(AuditEvent event) {
        return String.join(
                " ",
                new TreeMap<>(event.getDetailsMap())
                        .entrySet().stream()
                                .map(detail -> detail.getKey() + "=" + detail.getValue())
                                .toList());
    }

    /** Fields are only ever added. */
    private static Map<String, Object> tree(List<AuditEvent> events, TelemetryOption.Looked looked, Instant since) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("since", since.toString());
        tree.put("complete", !looked.cut());
        tree.put("events", events.stream().map(AuditCommand::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(AuditEvent event) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("when", AuditTrail.when(event).toString());
        tree.put("actor", event.getActor());
        tree.put("component", event.getComponent());
        tree.put("action", event.getAction());
        tree.put("object", event.getObject());
        tree.put("details", new TreeMap<>(event.getDetailsMap()));
        return tree;
    }
}
