package io.flotilla.cli;

import com.google.protobuf.Duration;
import io.flotilla.api.identity.v1.CreateBootstrapTokenRequest;
import io.flotilla.api.identity.v1.CreateBootstrapTokenResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Machines outside the platform. */
@Command(
        name = "vm",
        description = "Machines that join the mesh.",
        mixinStandardHelpOptions = true,
        subcommands = {VmCommand.TokenCommand.class, VmProbeCommand.class})
final class VmCommand extends CommandGroup {
    @Command(
            name = "token",
            description = "Makes a one-time token by which a machine gets its first certificate. It is shown once.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  flotilla vm token --service-account billing -n vms",
                "  flotilla vm token --service-account billing -n vms --ttl 10m -o json"
            })
    static final class TokenCommand implements Callable<Integer> {
        @Mixin
        private AuthorityClient authority;

        @Mixin
        private OutputOption output;

        @Option(
                names = {"-n", "--namespace"},
                paramLabel = "NAMESPACE",
                defaultValue = "default",
                description = "Namespace of the machine.")
        private String namespace;

        @Option(
                names = {"-s", "--service-account"},
                required = true,
                paramLabel = "NAME",
                description = "Whose identity it gets.")
        private String serviceAccount;

        @Option(
                names = "--ttl",
                defaultValue = "1h",
                paramLabel = "TIME",
                description =
                        "How long it can be used: 10m, 1h, 3d; more than a week is refused (default: ${DEFAULT-VALUE}).")
        private String ttl;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            output.allow("json");
            java.time.Duration lifetime = Times.parse("--ttl", ttl);
            if (lifetime.isZero()) {
                throw CommandFailure.couldNotRun("--ttl " + ttl + ": such a token could never be used");
            }
            CreateBootstrapTokenRequest request = CreateBootstrapTokenRequest.newBuilder()
                    .setNamespace(namespace)
                    .setServiceAccount(serviceAccount)
                    .setLifetime(Duration.newBuilder().setSeconds(lifetime.toSeconds()))
                    .build();
            CreateBootstrapTokenResponse made = authority.ask(stub -> stub.createBootstrapToken(request));
            Instant end = Instant.ofEpochSecond(made.getExpiresAt().getSeconds());
            if (output.json()) {
                Map<String, Object> tree = new LinkedHashMap<>();
                tree.put("token", made.getToken());
                tree.put("identity", made.getIdentity());
                tree.put("expiresAt", end.toString());
                output.printJson(spec, tree);
            } else {
                spec.commandLine().getOut().println(made.getToken());
                spec.commandLine().getErr().println("for " + made.getIdentity() + ", once, until " + end);
            }
            spec.commandLine().getOut().flush();
            return ExitCode.DONE;
        }
    }
}
