package io.flotilla.galley.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.api.mcp.v1alpha1.RequestResources;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.api.mcp.v1alpha1.ResourceSourceGrpc;
import io.flotilla.api.mcp.v1alpha1.Resources;
import io.flotilla.api.mcp.v1alpha1.SinkNode;
import io.flotilla.api.policy.v1beta1.Handler;
import io.flotilla.api.policy.v1beta1.Rule;
import io.flotilla.config.foreign.ClassicNames;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Mixer of Istio 1.1 knows no messages of adapters and templates: it decodes google.protobuf.Struct. */
class ClassicReaderTest {
    private static final String LEGACY = "istio/config/v1alpha2/legacy/";
    private static final String OBJECTS = """
            apiVersion: config.istio.io/v1alpha2
            kind: listchecker
            metadata: {name: staticversion, namespace: istio-system, labels: {a: b}}
            spec: {overrides: [v1, v2], blacklist: false, entryType: REGEX, refreshInterval: 1.5s, cachingUseCount: 7}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: metric
            metadata: {name: requests, namespace: istio-system}
            spec:
              value: "1"
              dimensions: {source: source.workload.name | "unknown"}
              monitored_resource_type: '"UNSPECIFIED"'
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: checknothing
            metadata: {name: nothing, namespace: istio-system}
            spec:
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: adapter
            metadata: {name: mygrpcadapter, namespace: istio-system}
            spec: {description: mine, session_based: false, templates: [metric], config: ""}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: template
            metadata: {name: mytemplate, namespace: istio-system}
            spec: {descriptor: "CgA="}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: handler
            metadata: {name: memory, namespace: istio-system}
            spec: {compiledAdapter: memquota, params: {minDeduplicationDuration: 2s}}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: check, namespace: istio-system}
            spec: {match: 'true', actions: [{handler: staticversion.listchecker, instances: [nothing.checknothing]}]}
            """;

    private final Publisher publisher = new Publisher(
            Set.of(SourceName.DIRECTORY), ReadOptions.DEFAULT, RegistryOptions.DEFAULT, "istio-system", () -> 1_000);
    private final ServedViews views = new ServedViews();
    private final ConfigServers servers = PlainServers.start(views, -1);
    private final ManagedChannel channel = NettyChannelBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), servers.port()))
            .usePlaintext()
            .build();
    private final BlockingQueue<Resources> responses = new LinkedBlockingQueue<>();
    private final StreamObserver<RequestResources> requests = ResourceSourceGrpc.newStub(channel)
            .establishResourceStream(new StreamObserver<>() {
                @Override
                public void onNext(Resources response) {
                    responses.add(response);
                }

                @Override
                public void onError(Throwable problem) {
                    responses.add(
                            Resources.newBuilder().setNonce(problem.toString()).build());
                }

                @Override
                public void onCompleted() {}
            });

    @AfterEach
    void stop() {
        channel.shutdownNow();
        servers.close();
    }

    private void put(String text) {
        views.publish(publisher.apply(SourceName.DIRECTORY, Map.of("mixer.yaml", Optional.of(text)), true));
    }

    private List<Resource> ask(String collection) throws InterruptedException {
        requests.onNext(RequestResources.newBuilder()
                .setSinkNode(SinkNode.newBuilder().setId("default"))
                .setCollection(collection)
                .build());
        return next(collection);
    }

    private List<Resource> next(String collection) throws InterruptedException {
        Resources response = responses.poll(60, TimeUnit.SECONDS);
        if (response == null) {
            throw new AssertionError("no answer for " + collection);
        }
        assertThat(response.getCollection()).as(response.getNonce()).isEqualTo(collection);
        requests.onNext(RequestResources.newBuilder()
                .setCollection(collection)
                .setResponseNonce(response.getNonce())
                .build());
        return response.getResourcesList();
    }

    private static Struct struct(List<Resource> resources) throws Exception {
        assertThat(resources).hasSize(1);
        assertThat(resources.getFirst().getBody().getTypeUrl()).isEqualTo("type.googleapis.com/google.protobuf.Struct");
        return resources.getFirst().getBody().unpack(Struct.class);
    }

    private static Value value(Map<String, Value> fields, String name) {
        return fields.getOrDefault(name, Value.getDefaultInstance());
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    @Test
    void itsAdaptersAndTemplatesComeAsTheSpecThatWasWritten() throws Exception {
        put(OBJECTS);
        List<Resource> checkers = ask(LEGACY + "listcheckers");
        assertThat(checkers.getFirst().getMetadata().getName()).isEqualTo("istio-system/staticversion");
        assertThat(checkers.getFirst().getMetadata().getLabelsMap()).containsEntry("a", "b");
        Map<String, Value> checker = struct(checkers).getFieldsMap();
        assertThat(checker).containsEntry("entryType", text("REGEX")).containsEntry("refreshInterval", text("1.500s"));
        assertThat(value(checker, "cachingUseCount").getNumberValue()).isEqualTo(7);
        assertThat(value(checker, "overrides").getListValue().getValuesList()).containsExactly(text("v1"), text("v2"));
        Map<String, Value> metric = struct(ask(LEGACY + "metrics")).getFieldsMap();
        assertThat(metric)
                .containsEntry("value", text("1"))
                .containsEntry("monitoredResourceType", text("\"UNSPECIFIED\""));
        assertThat(value(metric, "dimensions").getStructValue().getFieldsMap())
                .containsEntry("source", text("source.workload.name | \"unknown\""));
        assertThat(struct(ask(LEGACY + "checknothings")).getFieldsMap()).isEmpty();
        assertThat(struct(ask("istio/config/v1alpha2/adapters")).getFieldsMap())
                .containsEntry("description", text("mine"));
        assertThat(struct(ask("istio/config/v1alpha2/templates")).getFieldsMap())
                .containsEntry("descriptor", text("CgA="));
    }

    @Test
    void whatHasAMessageInItsApiComesAsThat() throws Exception {
        put(OBJECTS);
        Handler handler =
                ask("istio/policy/v1beta1/handlers").getFirst().getBody().unpack(Handler.class);
        assertThat(handler.getParams().getFieldsMap()).containsEntry("minDeduplicationDuration", text("2s"));
        Rule rule = ask("istio/policy/v1beta1/rules").getFirst().getBody().unpack(Rule.class);
        assertThat(rule.getActions(0).getHandler()).isEqualTo("staticversion.listchecker");
    }

    @Test
    void aChangeComesWithItsNewSpecAndADeletionGoes() throws Exception {
        put(OBJECTS);
        String collection = LEGACY + "listcheckers";
        ask(collection);
        put(OBJECTS.replace("cachingUseCount: 7", "cachingUseCount: 8"));
        assertThat(value(struct(next(collection)).getFieldsMap(), "cachingUseCount")
                        .getNumberValue())
                .isEqualTo(8);
        put(OBJECTS.substring(OBJECTS.indexOf("---") + 4));
        assertThat(next(collection)).isEmpty();
    }

    /** One collection that is not answered would end the stream of all. */
    @Test
    void everyCollectionThatItAsksForIsAnswered() throws Exception {
        put(OBJECTS);
        for (String collection : ClassicNames.names()) {
            ask(collection);
        }
        assertThat(ClassicNames.names())
                .contains("k8s/core/v1/services", "istio/config/v1alpha2/legacy/servicecontrols")
                .contains("istio/networking/v1alpha3/synthetic/serviceentries");
    }
}
