package io.flotilla.cli;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.identity.v1.RevokeRequest;
import io.flotilla.api.identity.v1.RevokeResponse;
import io.flotilla.api.identity.v1.StatusRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Duration;
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
                        + " before a time. It is an object of the mesh: HTTP peers are refused within seconds, TCP peers with"
                        + " their next connection, and Citadel renews none of them. Deleting the object takes it back.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla ca revoke --serial 3f0a99 --reason 'the node was lost'",
            "  flotilla ca revoke --identity spiffe://cluster.local/ns/default/sa/reviews",
            "  flotilla ca revoke --identity spiffe://cluster.local/ns/default/sa/reviews --before 2026-03-01T10:00:00Z",
            "  flotilla delete revocation serial-3f0a99"
        })
final class CaRevokeCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(200);

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
        Revocation taken = answer.getRevocation();
        PrintWriter out = spec.commandLine().getOut();
        if (answer.getApply()) {
            RevocationObject object = new RevocationObject(taken);
            String outcome = authority.objects().put(ObjectPlace.ObjectType.REVOCATION, object.tree());
            out.println("revocation.security.flotilla.io/" + object.name() + " " + outcome);
            awaitCitadel(taken);
        }
        out.println("revoked at " + CaCommand.time(taken.getRevokedAt())
                + (taken.hasIdentity()
                        ? ", until the revocation is deleted"
                        : ", kept until " + CaCommand.time(taken.getUntil())));
        if (drain) {
            out.println("every open TCP connection over mesh TLS is closed when the drain time of its server's proxy is"
                    + " over, whoever its client is: all of them reconnect");
        }
        out.flush();
        if (answer.getNotInEffect().isEmpty()) {
            return ExitCode.DONE;
        }
        throw CommandFailure.couldNotRun("not in effect everywhere: " + answer.getNotInEffect());
    }

    /** Galley distributes it to all at once: when Citadel has it, proxies are being told. */
    private void awaitCitadel(Revocation taken) throws IOException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!authority
                .ask(stub -> stub.status(StatusRequest.getDefaultInstance()))
                .getRevocationsList()
                .contains(taken)) {
            if (Instant.now().isAfter(end)) {
                throw CommandFailure.couldNotRun("the revocation is applied, but after " + PATIENCE.toSeconds()
                        + " s Citadel has not heard of it from Galley: see \"flotilla status\"");
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CommandFailure.couldNotRun("interrupted");
            }
        }
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
