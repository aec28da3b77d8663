package io.flotilla.cli;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.identity.v1.RevokeRequest;
import io.flotilla.api.identity.v1.RevokeResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "revoke",
        description =
                "Takes certificates back: one by its serial number, all of an identity, or those that an identity got"
                        + " before a time. Citadel keeps it and renews none of them. Exit 2 while the proxies do not know it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla ca revoke --serial 3f0a99",
            "  flotilla ca revoke --identity spiffe://cluster.local/ns/default/sa/reviews",
            "  flotilla ca revoke --identity spiffe://cluster.local/ns/default/sa/reviews --before 2026-03-01T10:00:00Z"
        })
final class CaRevokeCommand implements Callable<Integer> {
    @Mixin
    private AuthorityClient authority;

    @Option(names = "--serial", paramLabel = "HEX", description = "The certificate's serial number.")
    private @Nullable String serial;

    @Option(names = "--identity", paramLabel = "SPIFFE-ID", description = "Whose certificates.")
    private @Nullable String identity;

    @Option(names = "--before", paramLabel = "TIME", description = "Only those issued before this (ISO 8601).")
    private @Nullable String before;

    @Option(names = "--reason", defaultValue = "", description = "Is kept with it.")
    private String reason;

    @Option(
            names = "--drain",
            description = "Close open TCP connections too. Other peers of the same listener's chain reconnect with it.")
    private boolean drain;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Revocation wanted = revocation();
        RevokeResponse answer = authority.ask(stub ->
                stub.revoke(RevokeRequest.newBuilder().setRevocation(wanted).build()));
        spec.commandLine()
                .getOut()
                .println("revoked at " + CaCommand.time(answer.getRevocation().getRevokedAt()) + ", kept until "
                        + CaCommand.time(answer.getRevocation().getUntil()));
        spec.commandLine().getOut().flush();
        if (answer.getNotInEffect().isEmpty()) {
            return ExitCode.DONE;
        }
        throw CommandFailure.couldNotRun("not in effect everywhere: " + answer.getNotInEffect());
    }

    private Revocation revocation() {
        Revocation.Builder revocation =
                Revocation.newBuilder().setReason(reason).setDrain(drain);
        if (serial != null && identity == null && before == null) {
            return revocation
                    .setCertificate(Revocation.Certificate.newBuilder().setSerial(serial.toLowerCase(Locale.ROOT)))
                    .build();
        }
        if (identity != null && serial == null && before == null) {
            return revocation.setIdentity(identity).build();
        }
        if (identity != null && serial == null && before != null) {
            return revocation
                    .setIssuedBefore(Revocation.IssuedBefore.newBuilder()
                            .setIdentity(identity)
                            .setTime(Timestamp.newBuilder()
                                    .setSeconds(time(before).getEpochSecond())))
                    .build();
        }
        throw CommandFailure.couldNotRun("say either --serial, or --identity, or --identity with --before");
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw CommandFailure.couldNotRun("--before \"" + text + "\" is not a time such as 2026-03-01T10:00:00Z");
        }
    }
}
