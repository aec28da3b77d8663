package io.flotilla.cli;

import io.flotilla.cli.ObjectPlace.ObjectType;
import java.io.IOException;
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
        name = "deregister",
        description = "Takes a VM out of a service; exit 1 where it is not in it. With the last one goes the"
                + " ServiceEntry that register made.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  flotilla deregister mysql 10.9.0.5")
final class DeregisterCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SVC", description = "The service's name.")
    private String service;

    @Parameters(index = "1", paramLabel = "IP", description = "The VM's address.")
    private String address;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "The service's namespace (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Mixin
    private PlaceOption where;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ObjectPlace place = where.place();
        String entry = new Registrar(service, namespace).entryName(address);
        if (!place.remove(ObjectType.WORKLOAD_ENTRY, namespace, entry)) {
            throw CommandFailure.no(address + " is not registered with service " + service + " in namespace "
                    + namespace + " (no WorkloadEntry " + entry + ")");
        }
        say("workloadentry.networking.istio.io/" + entry);
        Optional<Map<String, Object>> made = place.get(ObjectType.SERVICE_ENTRY, namespace, service);
        boolean last = place.labelled(ObjectType.WORKLOAD_ENTRY, namespace, Registrar.REGISTERED, service)
                .isEmpty();
        if (last && made.isPresent() && Registrar.isOurs(made.get())) {
            place.remove(ObjectType.SERVICE_ENTRY, namespace, service);
            say("serviceentry.networking.istio.io/" + service);
        }
        return ExitCode.DONE;
    }

    private void say(String object) {
        spec.commandLine().getOut().println(object + " deleted");
    }
}
