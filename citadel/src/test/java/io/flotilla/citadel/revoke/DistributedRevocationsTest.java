package io.flotilla.citadel.revoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.Update;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributedRevocationsTest {
    private static final Revocation ONE = serial("a1");
    private static final Revocation TWO = serial("b2");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it in
    Path folder;

    private static Revocation serial(String serial) {
        return Revocation.newBuilder()
                .setCertificate(Revocation.Certificate.newBuilder().setSerial(serial))
                .build();
    }

    private static Update update(Message... bodies) {
        List<Resource> resources = new ArrayList<>();
        for (Message body : bodies) {
            String name = "r" + resources.size();
            resources.add(Resource.of(
                    name,
                    io.flotilla.api.mcp.v1alpha1.Resource.newBuilder()
                            .setBody(body instanceof Any any ? any : Any.pack(body))
                            .build()));
        }
        return new Update(
                new View(
                        new Generation(1, Map.of("test", 1L)),
                        Map.of(DistributedRevocations.TYPE, ResourceSet.of(resources))),
                Map.of());
    }

    private DistributedRevocations start() throws IOException {
        return new DistributedRevocations(
                RevocationLog.open(folder.resolve("own")), folder.resolve("distributed"), () -> {});
    }

    @Test
    void nobodyIsLetBackInByWhatCannotBeRead() throws IOException {
        DistributedRevocations revocations = start();
        revocations.apply(update(ONE, TWO));
        assertThat(revocations.all()).containsExactlyInAnyOrder(ONE, TWO);

        Any broken = Any.pack(ONE).toBuilder()
                .setValue(ByteString.copyFromUtf8("\u0000broken"))
                .build();
        for (Message unreadable : List.of(broken, serial("NOT HEX"), Revocation.getDefaultInstance())) {
            revocations.apply(update(unreadable, TWO));
            assertThat(revocations.set().entries()).as(unreadable.toString()).hasSize(2);
            assertThat(start().set().entries()).as("after a start").hasSize(2);
        }

        revocations.apply(update(TWO));
        assertThat(revocations.all()).containsExactly(TWO);
    }
}
