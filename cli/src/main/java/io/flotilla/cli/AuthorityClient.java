package io.flotilla.cli;

import io.flotilla.api.identity.v1.CertificateAuthorityGrpc;
import io.flotilla.api.identity.v1.CertificateAuthorityGrpc.CertificateAuthorityBlockingStub;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.mesh.component.ControlService;
import io.flotilla.mesh.pod.Credentials;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.StateFolder;
import io.flotilla.service.GrpcChannels;
import io.flotilla.service.HostPort;
import io.flotilla.service.MeshTls;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which Citadel is asked, and by whom: that of a local mesh, or one that the options name. */
final class AuthorityClient {
    private static final String SERVER_NAME = "istio-citadel.istio-system.svc";
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(2);
    private static final int DEADLINE_SECONDS = 15;

    @Mixin
    private MeshOption mesh;

    @Option(
            names = "--citadel",
            paramLabel = "HOST:PORT",
            description = "Ask this Citadel instead of the local mesh's; with --token-file and --root-file.")
    private @Nullable String citadel;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Token of an operator's service account, audience istio-ca"
                    + " (kubectl create token flotilla-admin --audience istio-ca).")
    private @Nullable Path tokenFile;

    @Option(names = "--root-file", paramLabel = "FILE", description = "Root certificates of that Citadel.")
    private @Nullable Path rootFile;

    /** Asks; what Citadel refuses is the answer no, and a Citadel that is away could not be asked. */
    <A> A ask(Function<CertificateAuthorityBlockingStub, A> question) throws IOException {
        HostPort address = HostPort.parse(
                citadel != null ? citadel : "127.0.0.1:" + mesh.spec().port(MeshPort.CITADEL));
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token());
        ManagedChannel channel = GrpcChannels.tls(address, SERVER_NAME, MeshTls.anonymousClient(roots()))
                .build();
        try {
            return question.apply(CertificateAuthorityGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            throw failure(address, e.getStatus(), citadel == null);
        } finally {
            channel.shutdownNow();
        }
    }

    /** What to say where Citadel did not do what was asked; of a library's words the first line, which is for people. */
    static CommandFailure failure(HostPort address, Status status, boolean local) {
        String said = Stream.ofNullable(status.getDescription())
                .flatMap(String::lines)
                .findFirst()
                .orElse("no word of it");
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
                CommandFailure.couldNotRun("citadel cannot be reached at " + address + ": " + said
                        + (local ? "; see \"flotilla status\"" : ""));
            case UNIMPLEMENTED, UNKNOWN, INTERNAL ->
                CommandFailure.couldNotRun("citadel " + address + ": " + said + " (" + status.getCode() + ")");
            default -> CommandFailure.no("citadel " + address + ": " + said);
        };
    }

    /** Where the objects of that Citadel's mesh are: of a local mesh its folder, else the cluster that kubectl reaches. */
    ObjectPlace objects() {
        return citadel == null
                ? new FolderPlace(new ConfigFolder(mesh.existing().config()))
                : new ClusterPlace(new Kubectl(List.of()));
    }

    private String token() throws IOException {
        if (citadel != null) {
            return Files.readString(given(tokenFile, "--token-file")).strip();
        }
        StateFolder state = mesh.existing();
        LocalTokenIssuer issuer = LocalTokenIssuer.parse(
                        Files.readString(state.keys().resolve("issuer.pem")))
                .orElseThrow(() -> CommandFailure.couldNotRun("the mesh's issuer key is damaged; start it anew"));
        return issuer.mint(
                new LocalTokenIssuer.TokenRequest(
                        new ServiceAccount(ControlService.NAMESPACE, "flotilla-admin"),
                        Optional.empty(),
                        "istio-ca",
                        TOKEN_LIFE),
                Instant.now(),
                new SecureRandom());
    }

    private List<X509Certificate> roots() throws IOException {
        Path file = citadel != null ? given(rootFile, "--root-file") : Credentials.root(mesh.existing());
        return Certificates.parse(Files.readString(file))
                .orElseThrow(() -> CommandFailure.couldNotRun(file + " holds no certificate"));
    }

    private static Path given(@Nullable Path file, String option) {
        if (file == null) {
            throw CommandFailure.couldNotRun("--citadel needs " + option);
        }
        return file;
    }
}
