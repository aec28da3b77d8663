package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import io.flotilla.api.mcp.v1alpha1.AggregatedMeshConfigServiceGrpc;
import io.flotilla.api.mcp.v1alpha1.MeshConfigRequest;
import io.flotilla.api.mcp.v1alpha1.MeshConfigResponse;
import io.flotilla.api.mcp.v1alpha1.Metadata;
import io.flotilla.api.mcp.v1alpha1.RequestResources;
import io.flotilla.api.mcp.v1alpha1.Resources;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.Views;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The classic protocol against a stub client that shares nothing with the server but the protobufs. */
class McpServerTest {
    private static final String RULES = "istio/networking/v1alpha3/virtualservices";
    private static final String ENTRIES = "istio/networking/v1alpha3/serviceentries";

    private final MemorySource source = new MemorySource();
    private final LoopbackServer server = new LoopbackServer(source, DeliveryOrder.NONE);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void givesAllOfACollectionAndAllOfItAgainWhenItChanges() throws InterruptedException {
        publish(1, Map.of("default/a", "1", "default/b", "1"));
        try (McpSink sink = sink()) {
            sink.ask(RULES, false, Map.of());
            Resources first = sink.takeAndAck();
            assertThat(first.getCollection()).isEqualTo(RULES);
            assertThat(first.getIncremental()).isFalse();
            assertThat(first.getResources(0).getBody().is(StringValue.class)).isTrue();
            assertThat(sink.held).isEqualTo(Map.of("default/a", "1", "default/b", "1"));
            publish(2, Map.of("default/b", "2"));
            sink.takeAndAck();
            assertThat(sink.held).isEqualTo(Map.of("default/b", "2"));
            publish(3, Map.of());
            sink.takeAndAck();
            assertThat(sink.held).isEmpty();
        }
    }

    @Test
    void givesDifferencesToASinkThatAsksForThem() throws InterruptedException {
        publish(1, Map.of("default/a", "1", "default/b", "1", "default/c", "1"));
        try (McpSink sink = sink()) {
            sink.ask(RULES, true, Map.of("default/a", "1", "default/gone", "7"));
            Resources first = sink.takeAndAck();
            assertThat(first.getIncremental()).isTrue();
            assertThat(first.getResourcesList()).hasSize(2);
            assertThat(first.getRemovedResourcesList()).containsExactly("default/gone");
            publish(2, Map.of("default/a", "1", "default/b", "2"));
            Resources second = sink.takeAndAck();
            assertThat(second.getResourcesList()).hasSize(1);
            assertThat(second.getRemovedResourcesList()).containsExactly("default/c");
        }
    }

    @Test
    void oneStreamMayHaveBothForms() throws InterruptedException {
        publish(1, Map.of("default/a", "1"));
        try (McpSink sink = sink()) {
            sink.ask(RULES, true, Map.of());
            assertThat(sink.takeAndAck().getIncremental()).isTrue();
            sink.ask(ENTRIES, false, Map.of());
            Resources empty = sink.takeAndAck();
            assertThat(empty.getIncremental()).isFalse();
            assertThat(empty.getResourcesList()).isEmpty();
        }
    }

    @Test
    void aRefusedVersionIsNotSentAgainAndTheNextOneIs() throws InterruptedException {
        publish(1, Map.of("default/a", "1"));
        try (McpSink sink = sink()) {
            sink.ask(RULES, false, Map.of());
            sink.nack(sink.take(), "not this one");
            sink.ask(ENTRIES, false, Map.of());
            assertThat(sink.takeAndAck().getCollection()).isEqualTo(ENTRIES);
            assertThat(sink.quiet()).isTrue();
            publish(2, Map.of("default/a", "2"));
            Resources next = sink.takeAndAck();
            assertThat(next.getCollection()).isEqualTo(RULES);
            assertThat(next.getResources(0).getMetadata().getVersion()).isEqualTo("2");
        }
    }

    @Test
    void aCollectionThatIsNotThereEndsTheStream() throws Exception {
        publish(1, Map.of());
        try (McpSink sink = sink()) {
            sink.ask("istio/networking/v1alpha3/virtualservice", false, Map.of());
            Status status = sink.ended.get(McpSink.SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(status.getDescription()).contains("istio/networking/v1alpha3/virtualservice\"");
        }
    }

    @Test
    void theOlderFormIsServedToo() throws InterruptedException {
        publish(1, Map.of("default/a", "1"));
        var channel = server.channel();
        BlockingQueue<MeshConfigResponse> responses = new LinkedBlockingQueue<>();
        var requests = AggregatedMeshConfigServiceGrpc.newStub(channel).streamAggregatedResources(into(responses));
        try {
            requests.onNext(MeshConfigRequest.newBuilder().setTypeUrl(RULES).build());
            MeshConfigResponse first = responses.poll(McpSink.SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(first.getTypeUrl()).isEqualTo(RULES);
            assertThat(first.getResources(0).getMetadata().getName()).isEqualTo("default/a");
            requests.onNext(MeshConfigRequest.newBuilder()
                    .setTypeUrl(RULES)
                    .setVersionInfo(first.getVersionInfo())
                    .setResponseNonce(first.getNonce())
                    .build());
            publish(2, Map.of());
            assertThat(responses
                            .poll(McpSink.SOON.toSeconds(), TimeUnit.SECONDS)
                            .getResourcesList())
                    .isEmpty();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aSlowSinkAndAQuickOneConverge() throws InterruptedException {
        publish(1, Map.of("default/a", "1"));
        Map<String, String> last = Map.of();
        try (McpSink quick = sink();
                McpSink slow = sink()) {
            quick.ask(RULES, false, Map.of());
            slow.ask(RULES, true, Map.of());
            Random random = new Random(3);
            for (int i = 2; i < 300; i++) {
                last = content(random);
                publish(i, last);
                quick.takeAndAckWhatIsThere();
            }
            takeUntil(quick, last);
            takeUntil(slow, last);
        }
    }

    /** Whatever a client says, others are served, and it is served if what it says can be answered at all. */
    @Test
    void noNonceOrAnswerBreaksTheServer() throws InterruptedException {
        Random random = new Random(11);
        publish(1, content(random));
        for (int round = 0; round < 60; round++) {
            try (McpSink wild = sink()) {
                for (int i = 0; i < 40; i++) {
                    wild.send(nonsense(random));
                    if (random.nextInt(4) == 0) {
                        publish(2 + round * 40L + i, content(random));
                    }
                }
            }
        }
        Map<String, String> last = content(random);
        publish(10_000, last);
        try (McpSink sane = sink()) {
            sane.ask(RULES, false, Map.of());
            takeUntil(sane, last);
        }
    }

    private static RequestResources nonsense(Random random) {
        RequestResources.Builder request = RequestResources.newBuilder()
                .setCollection(random.nextBoolean() ? RULES : ENTRIES)
                .setIncremental(random.nextBoolean());
        switch (random.nextInt(5)) {
            case 0 -> request.setResponseNonce(Long.toString(random.nextLong()));
            case 1 -> request.setResponseNonce(Integer.toString(random.nextInt(30)));
            case 2 -> request.setResponseNonce("\u0000-" + random.nextInt());
            case 3 -> request.putInitialResourceVersions("default/" + random.nextInt(9), "x");
            default -> request.clearResponseNonce();
        }
        if (random.nextInt(3) == 0) {
            request.setErrorDetail(com.google.rpc.Status.newBuilder().setCode(random.nextInt()));
        }
        return request.build();
    }

    private static void takeUntil(McpSink sink, Map<String, String> wanted) throws InterruptedException {
        while (!sink.held.equals(wanted)) {
            sink.takeAndAck();
        }
    }

    private static Map<String, String> content(Random random) {
        Map<String, String> content = new TreeMap<>();
        for (int i = 0; i < 8; i++) {
            if (random.nextBoolean()) {
                content.put("default/" + i, Integer.toString(random.nextInt(100)));
            }
        }
        return content;
    }

    private McpSink sink() {
        return new McpSink(server.channel());
    }

    private void publish(long sequence, Map<String, String> versions) {
        List<Resource> resources = new ArrayList<>();
        versions.forEach((name, version) -> {
            var envelope = io.flotilla.api.mcp.v1alpha1.Resource.newBuilder()
                    .setMetadata(Metadata.newBuilder().setName(name).setVersion(version))
                    .setBody(com.google.protobuf.Any.pack(StringValue.of(name + version)))
                    .build();
            resources.add(
                    new Resource(name, version, Resource.of(name, envelope).any()));
        });
        source.publish(new View(Views.generation(sequence), Map.of(RULES, ResourceSet.of(resources))));
    }

    private static <T> StreamObserver<T> into(BlockingQueue<T> queue) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                queue.add(value);
            }

            @Override
            public void onError(Throwable problem) {}

            @Override
            public void onCompleted() {}
        };
    }
}
