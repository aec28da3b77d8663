package io.flotilla.cli;

import io.flotilla.policy.Attempt;
import io.flotilla.policy.Verdict.Answer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "can",
        description = {
            "May this caller send this request? The verdict for each kind of workload behind the service, step by step,",
            "each with the object and line that decided it. Exit 0 where all permit it, 1 where one refuses or an",
            "authorizer outside has the last word."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla authz can --from bookinfo-productpage --to reviews --path /reviews/0 -f samples/bookinfo",
            "  flotilla authz can --from shop/web --to cart.shop --method DELETE --path /items/7 -H 'x-user: jane'",
            "  flotilla authz can --from none --to cart.shop --token-claims '{\"iss\": \"https://users.example.com\", \"sub\": \"jane\"}'",
            "  flotilla authz can --from shop/web --to mysql.shop --port 3306 -o json"
        })
final class AuthzCanCommand implements Callable<Integer> {
    @Mixin
    private MeshSource source;

    @Mixin
    private OutputOption output;

    @Mixin
    private RequestArguments arguments;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "CALLER",
            description =
                    "A service account, a pod, or the workload of which it is a replica, [NS/]NAME; a SPIFFE id; none for a caller without identity.")
    private String from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TARGET",
            description = "A service or a workload, [NS/]NAME or NAME.NS or a full name.")
    private String to;

    @Option(
            names = "--port",
            description =
                    "Of the service, or of the workload (default: the first that takes requests). What comes to a port of TCP is a connection.")
    private int port;

    @Option(names = "--source-ip", defaultValue = "", description = "Where the connection comes from.")
    private String sourceIp;

    @Option(
            names = "--remote-ip",
            defaultValue = "",
            description = "The original client, as trusted proxies tell it (default: the same).")
    private String remoteIp;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Of names without one (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        output.allow("json");
        MeshSource.Read mesh = source.read(spec);
        Who named = Who.named(from, namespace, mesh);
        Who who = new Who(
                named.identity(), named.namespace(), named.labels(), sourceIp.isEmpty() ? named.address() : sourceIp);
        List<Reached> targets = Reached.named(to, namespace, port, mesh);
        if (targets.isEmpty()) {
            throw CommandFailure.couldNotRun("--to " + to + ": no workload serves it");
        }
        String host = targets.getFirst()
                .through()
                .map(through -> through.service().hostname())
                .orElse(to);
        Attempt.Request request = arguments.request(host);
        List<Trial> trials = targets.stream()
                .map(target -> Trial.of(mesh.snapshot(), who, target, remoteIp, Optional.of(request)))
                .toList();
        print(new DecisionText(mesh.places()), who, request, trials);
        return trials.stream().allMatch(each -> each.verdict().answer() == Answer.ALLOWED)
                ? ExitCode.DONE
                : ExitCode.NO;
    }

    private void print(DecisionText text, Who who, Attempt.Request request, List<Trial> trials) {
        if (output.json()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("from", who.identity());
            tree.put("to", to);
            tree.put("method", request.method());
            tree.put("path", request.path());
            tree.put("answer", DecisionText.lower(worst(trials)));
            tree.put("targets", trials.stream().map(text::json).toList());
            output.printJson(spec, tree);
            return;
        }
        var out = spec.commandLine().getOut();
        trials.forEach(trial -> text.print(out, trial));
        out.flush();
    }

    private static Answer worst(List<Trial> trials) {
        List<Answer> answers =
                trials.stream().map(trial -> trial.verdict().answer()).toList();
        return answers.contains(Answer.DENIED)
                ? Answer.DENIED
                : answers.contains(Answer.DEPENDS) ? Answer.DEPENDS : Answer.ALLOWED;
    }
}
