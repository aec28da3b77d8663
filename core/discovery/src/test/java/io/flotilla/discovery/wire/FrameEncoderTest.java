package io.flotilla.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.envoyproxy.envoy.config.core.v3.ControlPlane;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.flotilla.discovery.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class FrameEncoderTest {
    private final FrameEncoder encoder = new FrameEncoder("pilot-1");

    @Property(tries = 200)
    void deltaParsesBackEqual(@ForAll @Size(max = 5) List<String> names, @ForAll byte[] body) throws IOException {
        List<String> removed = names.reversed();
        List<Resource> resources = resources(names, body);
        ResponseFrame frame = encoder.delta("some.Type", "17", "1;s=2-ab", new Contents(resources), clean(removed));
        DeltaDiscoveryResponse.Builder expected = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl("some.Type")
                .setNonce("17")
                .setSystemVersionInfo("1;s=2-ab")
                .addAllRemovedResources(clean(removed))
                .setControlPlane(ControlPlane.newBuilder().setIdentifier("pilot-1"));
        for (Resource resource : resources) {
            expected.addResourcesBuilder()
                    .setName(resource.name())
                    .setVersion(resource.version())
                    .setResource(Any.parseFrom(resource.any()));
        }
        assertThat(DeltaDiscoveryResponse.parseFrom(frame.bytes()).toByteString())
                .isEqualTo(expected.build().toByteString());
        assertThat(frame.size()).isEqualTo(expected.build().getSerializedSize());
    }

    @Property(tries = 200)
    void worldParsesBackEqual(@ForAll @Size(max = 5) List<String> names, @ForAll byte[] body) throws IOException {
        List<Resource> resources = resources(names, body);
        ResponseFrame frame = encoder.world("some.Type", "17", "1;s=2-ab", new Contents(resources));
        DiscoveryResponse.Builder expected = DiscoveryResponse.newBuilder()
                .setTypeUrl("some.Type")
                .setNonce("17")
                .setVersionInfo("1;s=2-ab")
                .setControlPlane(ControlPlane.newBuilder().setIdentifier("pilot-1"));
        for (Resource resource : resources) {
            expected.addResources(Any.parseFrom(resource.any()));
        }
        assertThat(frame.bytes()).isEqualTo(expected.build().toByteString());
    }

    @Property(tries = 100)
    void everyWayOfReadingGivesTheSame(@ForAll @Size(max = 5) List<String> names, @ForAll byte[] body)
            throws IOException {
        ResponseFrame frame =
                encoder.delta("some.Type", "1", "v", new Contents(resources(names, body)), List.of("gone"));
        FrameMarshaller marshaller = new FrameMarshaller();
        byte[] expected = frame.bytes().toByteArray();
        try (InputStream whole = marshaller.stream(frame)) {
            assertThat(whole.available()).isEqualTo(expected.length);
            assertThat(whole.readAllBytes()).isEqualTo(expected);
        }
        try (FrameStream half = new FrameStream(frame)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(half.readNBytes(expected.length / 2));
            int left = half.available();
            assertThat(half.drainTo(out)).isEqualTo(left);
            assertThat(out.toByteArray()).isEqualTo(expected);
            assertThat(half.read()).isEqualTo(-1);
        }
    }

    @Property(tries = 20)
    void sharesTheResourcesBytes(@ForAll byte[] body) {
        List<Resource> resources = resources(List.of("a"), body);
        ResponseFrame frame = encoder.delta("t", "1", "v", new Contents(resources), List.of());
        assertThat(frame.pieces())
                .anySatisfy(
                        piece -> assertThat(piece).isSameAs(resources.getFirst().entry()));
    }

    private static List<Resource> resources(List<String> names, byte[] body) {
        return clean(names).stream()
                .map(name -> Resource.of(name, BytesValue.of(ByteString.copyFrom(body))))
                .toList();
    }

    /** Strings of half a surrogate have no UTF-8. */
    private static List<String> clean(List<String> texts) {
        return texts.stream()
                .map(text -> ByteString.copyFromUtf8(text).toStringUtf8())
                .toList();
    }
}
