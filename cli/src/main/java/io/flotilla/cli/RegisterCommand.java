package io.flotilla.cli;

import io.flotilla.cli.ObjectPlace.ObjectType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "register",
        description = "Makes a VM an instance of a service: writes its WorkloadEntry, and a ServiceEntry where there is"
                + " no service of that name. Again with the same words it changes nothing.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla register mysql 10.9.0.5 3306 -s mysql",
            "  flotilla register billing 10.9.0.7 http:8080 grpc:9000 -l version=v2 -n shop"
        })
final class RegisterCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SVC", description = "The service's name.")
    private String service;

    @Parameters(index = "1", paramLabel = "IP", description = "The VM's address.")
    private String address;

    @Parameters(
            index = "2..*",
            arity = "1..*",
            paramLabel = "[NAME:]PORT",
            description = "What it listens on, by the names of the service's ports.")
    private List<String> ports;

    @Option(
            names = {"-l", "--labels"},
            paramLabel = "KEY=VALUE",
            description = "Labels of the instance, several by comma.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = {"-a", "--annotations"},
            paramLabel = "KEY=VALUE",
            description = "Annotations of its WorkloadEntry, several by comma.")
    private List<String> annotations = new ArrayList<>();

    @Option(
            names = {"-s", "--serviceaccount"},
            defaultValue = "default",
            description = "Its identity (default: ${DEFAULT-VALUE}).")
    private String serviceAccount;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "The service's namespace (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Option(
            names = "--domain",
            defaultValue = "cluster.local",
            description = "Suffix of service hosts (default: ${DEFAULT-VALUE}).")
    private String domain;

    @Mixin
    private PlaceOption where;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Map<String, Integer> numbers = Registrar.ports(ports);
        Registrar registrar = new Registrar(service, namespace);
        Registrar.VmOptions options = new Registrar.VmOptions(
                Registrar.pairs(labels, "--labels"), Registrar.pairs(annotations, "--annotations"), serviceAccount);
        ObjectPlace place = where.place();
        Optional<Map<String, Object>> existing = place.get(ObjectType.SERVICE, namespace, service);
        Map<String, Object> entry = registrar.entry(address, numbers, options, existing);
        if (existing.isEmpty()) {
            Optional<Map<String, Object>> before = place.get(ObjectType.SERVICE_ENTRY, namespace, service);
            if (before.isPresent() && !Registrar.isOurs(before.get())) {
                throw CommandFailure.no("there is a ServiceEntry " + namespace + "/" + service
                        + " that was not made by register; add a workloadSelector and a WorkloadEntry to it by hand");
            }
            String host = service + "." + namespace + ".svc." + domain;
            say(
                    "serviceentry.networking.istio.io/" + service,
                    place.put(ObjectType.SERVICE_ENTRY, registrar.serviceEntry(host, numbers, before)));
        }
        say(
                "workloadentry.networking.istio.io/" + registrar.entryName(address),
                place.put(ObjectType.WORKLOAD_ENTRY, entry));
        return ExitCode.DONE;
    }

    private void say(String object, String change) {
        spec.commandLine().getOut().println(object + " " + change);
    }
}
