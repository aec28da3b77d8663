package io.flotilla.cli;

import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Kind;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.policy.Replay;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        description = {
            "What a policy would have made of recorded requests: those whose verdict it would change, by source,",
            "destination, method and path. Exit 0 where it changes none, 1 where it does or that is not decided, 2 where",
            "no telemetry tells."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla authz replay -f deny-deletes.yaml",
            "  flotilla authz replay -f policies/ --since 3d -o json",
            "  flotilla authz replay -f new.yaml --kafka kafka.example:9092 --mesh-files manifests/"
        })
final class AuthzReplayCommand implements Callable<Integer> {
    private static final Set<Kind> KINDS = Set.of(
            Kind.AUTHORIZATION_POLICY,
            Kind.SERVICE_ROLE,
            Kind.SERVICE_ROLE_BINDING,
            Kind.RBAC_CONFIG,
            Kind.CLUSTER_RBAC_CONFIG);

    @Mixin
    private FileArguments files;

    @Mixin
    private TelemetryOption telemetry;

    @Mixin
    private OutputOption output;

    @Option(
            names = "--mesh-files",
            paramLabel = "FILE|DIR",
            description = "The mesh that it would be added to (default: the local mesh). May be repeated.")
    private List<String> meshFiles = new ArrayList<>();

    @Option(
            names = "--galley-port",
            paramLabel = "PORT",
            description = "The same from a running Galley, by its management port on this machine.")
    private int galleyPort;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        List<Config<?>> proposed = proposed();
        MeshSource.Read mesh = mesh();
        Instant since = telemetry.since();
        ReplayTotals totals = new ReplayTotals(
                new Replay(
                        mesh.snapshot(),
                        SnapshotBuilder.update(mesh.snapshot(), proposed, List.of()),
                        called -> workload(mesh, called)),
                since);
        TelemetryOption.Looked looked = telemetry.read(TelemetryOption.Topic.REQUESTS, since, totals::take);
        if (totals.judged() == 0) {
            throw CommandFailure.couldNotRun(
                    "no proxy of a server has reported anything since " + MtlsReadinessCommand.seconds(since)
                            + ": nothing can be said (a longer --since looks further back)");
        }
        if (output.json()) {
            output.printJson(spec, tree(totals, looked, since));
        } else {
            print(totals, looked);
        }
        return totals.changes().isEmpty() && totals.undecided().isEmpty() ? ExitCode.DONE : ExitCode.NO;
    }

    private List<Config<?>> proposed() {
        List<Config<?>> proposed = new ArrayList<>();
        for (FileArguments.Text text : files.read()) {
            ParsedFile parsed = new ObjectReader(ReadOptions.DEFAULT).read(text.name(), text.content());
            parsed.allProblems().stream()
                    .filter(problem -> problem.severity() == Diagnostic.Severity.ERROR)
                    .findFirst()
                    .ifPresent(problem -> {
                        throw CommandFailure.couldNotRun(problem.toString());
                    });
            parsed.objects().forEach(object -> proposed.add(object.config()));
        }
        proposed.stream()
                .filter(object -> !KINDS.contains(object.key().kind()))
                .findFirst()
                .ifPresent(object -> {
                    throw CommandFailure.couldNotRun(object.key() + " says nothing of who may call:"
                            + " AuthorizationPolicy and the roles of Istio 1.1 can be replayed");
                });
        if (proposed.isEmpty()) {
            throw CommandFailure.couldNotRun("-f: there is no policy in it");
        }
        return proposed;
    }

    private MeshSource.Read mesh() throws IOException {
        if (!meshFiles.isEmpty() && galleyPort != 0) {
            throw CommandFailure.couldNotRun("--mesh-files reads files, --galley-port asks a Galley: give one of them");
        }
        if (!meshFiles.isEmpty()) {
            FileArguments arguments = new FileArguments();
            arguments.add(meshFiles);
            return MeshSource.ofFiles(arguments, spec);
        }
        return galleyPort > 0
                ? MeshSource.ofGalley(new ManagementClient("galley", galleyPort))
                : MeshSource.ofState(telemetry.mesh(), spec);
    }

    /** The pod, or where that is gone another of its workload: policies see no difference. */
    private static Optional<Guarded> workload(MeshSource.Read mesh, Peer called) {
        List<Workload> all = new Workloads(mesh).in(called.getNamespace());
        return all.stream()
                .filter(each -> each.getName().equals(called.getPod()))
                .findFirst()
                .or(() -> all.stream()
                        .filter(each -> !called.getWorkload().isEmpty()
                                && each.getOwnerName().equals(called.getWorkload()))
                        .findFirst())
                .map(Workloads::guarded);
    }

    private void print(ReplayTotals totals, TelemetryOption.Looked looked) {
        PrintWriter out = spec.commandLine().getOut();
        List<ReplayTotals.Change> changes = totals.changes();
        if (!changes.isEmpty()) {
            Table table = new Table("WOULD BE", "SOURCE", "DESTINATION", "METHOD", "PATH", "TIMES", "LAST SEEN", "BY");
            for (ReplayTotals.Change change : changes) {
                table.row(
                        verdict(change),
                        change.group().source(),
                        change.group().destination(),
                        change.group().method(),
                        change.group().path(),
                        Long.toString(change.times()),
                        MtlsReadinessCommand.seconds(change.last()),
                        change.because()
                                .by()
                                .map(Object::toString)
                                .orElse(change.because().what()));
            }
            out.print(table);
        }
        if (totals.others() > 0) {
            out.println("and " + totals.others() + " records of more paths");
        }
        totals.undecided().forEach((why, times) -> out.println("undecided: " + times + " records, " + why));
        if (totals.drifted() > 0) {
            out.println(totals.drifted() + " records have another verdict by today's policies already");
        }
        long times = changes.stream().mapToLong(ReplayTotals.Change::times).sum() + totals.others();
        out.println(times + " of " + totals.judged() + " records would have another verdict");
        if (looked.cut()) {
            out.println("there are more records than --limit: this is about the oldest " + looked.records());
        }
        out.flush();
    }

    private static String verdict(ReplayTotals.Change change) {
        return change.group().denied() ? "denied" : "allowed";
    }

    /** Fields are only ever added. */
    private static Map<String, Object> tree(ReplayTotals totals, TelemetryOption.Looked looked, Instant since) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("since", since.toString());
        tree.put("records", totals.judged());
        tree.put("complete", !looked.cut());
        tree.put("drifted", totals.drifted());
        tree.put("others", totals.others());
        tree.put(
                "undecided",
                totals.undecided().entrySet().stream()
                        .map(each -> Map.of("why", each.getKey(), "times", each.getValue()))
                        .toList());
        tree.put(
                "changes",
                totals.changes().stream().map(AuthzReplayCommand::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(ReplayTotals.Change change) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("wouldBe", verdict(change));
        tree.put("source", change.group().source());
        tree.put("destination", change.group().destination());
        tree.put("method", change.group().method());
        tree.put("path", change.group().path());
        tree.put("times", change.times());
        tree.put("lastSeen", change.last().toString());
        tree.put("what", change.because().what());
        change.because().by().ifPresent(by -> tree.put("by", by.toString()));
        return tree;
    }
}
