package io.flotilla.cli;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.CertificateAuthorityGrpc.CertificateAuthorityBlockingStub;
import io.flotilla.api.identity.v1.RotateRequest;
import io.flotilla.api.identity.v1.StatusRequest;
import io.flotilla.api.identity.v1.StatusResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The certificate authority. */
@Command(
        name = "ca",
        description = "The certificate authority: how it stands, a new root, certificates taken back.",
        mixinStandardHelpOptions = true,
        subcommands = {CaCommand.StatusOfAuthority.class, CaCommand.Rotate.class, CaRevokeCommand.class})
final class CaCommand extends CommandGroup {
    /** Something that is asked of Citadel and answered by how the authority stands. */
    private abstract static class Question implements Callable<Integer> {
        @Mixin
        private AuthorityClient authority;

        @Mixin
        private OutputOption output;

        @Spec
        private CommandSpec spec;

        abstract StatusResponse ask(CertificateAuthorityBlockingStub citadel);

        @Override
        public Integer call() throws IOException {
            output.allow("json");
            show(authority.ask(this::ask), output, spec);
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "status",
            description = "Tells who signs, who is believed, and where a rotation stands.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  flotilla ca status", "  flotilla ca status -o json"})
    static final class StatusOfAuthority extends Question {
        @Override
        StatusResponse ask(CertificateAuthorityBlockingStub citadel) {
            return citadel.status(StatusRequest.getDefaultInstance());
        }
    }

    @Command(
            name = "rotate",
            description =
                    "Begins to replace the root. The new one is made known first, then it signs, and the old one is"
                            + " dropped when its last certificate is over; \"flotilla ca status\" tells where it stands.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = "  flotilla ca rotate")
    static final class Rotate extends Question {
        private static final Duration BEGINS = Duration.ofSeconds(10);
        private static final Duration PAUSE = Duration.ofMillis(200);

        @Override
        StatusResponse ask(CertificateAuthorityBlockingStub citadel) {
            StatusResponse answer = citadel.rotate(RotateRequest.getDefaultInstance());
            // It is asked for; Citadel begins when it next looks at its store.
            long end = System.nanoTime() + BEGINS.toNanos();
            while (answer.getPhase().equals("steady") && System.nanoTime() < end) {
                LockSupport.parkNanos(PAUSE.toNanos());
                answer = citadel.status(StatusRequest.getDefaultInstance());
            }
            return answer;
        }
    }

    private static void show(StatusResponse status, OutputOption output, CommandSpec spec) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            output.printJson(spec, tree(status));
        } else {
            out.println("signing by " + status.getBackend() + " until " + time(status.getIssuerEnd()));
            out.println("rotation: " + status.getPhase()
                    + (status.hasNextStep() ? ", next step at " + time(status.getNextStep()) : "")
                    + (status.hasNextRotation() ? ", begins by itself at " + time(status.getNextRotation()) : ""));
            Table roots = new Table("ROOT", "SUBJECT", "FROM", "UNTIL", "SIGNS");
            for (StatusResponse.Root root : status.getRootsList()) {
                roots.row(
                        root.getFingerprint().substring(0, 16),
                        root.getSubject(),
                        time(root.getNotBefore()),
                        time(root.getNotAfter()),
                        Boolean.toString(root.getSigning()));
            }
            out.print(roots);
        }
        out.flush();
    }

    private static Map<String, Object> tree(StatusResponse status) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("backend", status.getBackend());
        tree.put("issuer", status.getIssuer());
        tree.put("issuerEnd", time(status.getIssuerEnd()));
        tree.put("phase", status.getPhase());
        tree.put("nextStep", status.hasNextStep() ? time(status.getNextStep()) : "");
        tree.put("nextRotation", status.hasNextRotation() ? time(status.getNextRotation()) : "");
        tree.put(
                "roots",
                status.getRootsList().stream()
                        .map(root -> Map.of(
                                "fingerprint", root.getFingerprint(),
                                "subject", root.getSubject(),
                                "notBefore", time(root.getNotBefore()),
                                "notAfter", time(root.getNotAfter()),
                                "signing", root.getSigning()))
                        .toList());
        return tree;
    }

    static String time(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds()).toString();
    }
}
