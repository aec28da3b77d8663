package io.flotilla.pilot.debug;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.EnvoyTypes;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Translator;
import io.flotilla.pilot.world.MeshYaml;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of what a proxy is told reads as Envoy's own messages, part for part what istioctl gets over ADS. */
class DumpTest {
    private static final List<Message> FORMS = List.of(
            ClustersConfigDump.getDefaultInstance(),
            EndpointsConfigDump.getDefaultInstance(),
            ListenersConfigDump.getDefaultInstance(),
            RoutesConfigDump.getDefaultInstance(),
            EcdsConfigDump.getDefaultInstance());

    private static EnvoyResources told() {
        MeshSnapshot mesh = MeshYaml.web("web");
        Proxy proxy = ((Proxy.Parsed.Accepted) Proxy.parse(io.envoyproxy.envoy.config.core.v3.Node.newBuilder()
                        .setId("sidecar~10.44.0.9~client-0.default~default.svc.cluster.local")
                        .build()))
                .proxy();
        return Translator.translate(mesh, ProxyView.of(proxy, mesh));
    }

    @Test
    void bothFormsSayTheSame() throws InvalidProtocolBufferException {
        EnvoyResources told = told();
        assertThat(told.clusters()).isNotEmpty();
        assertThat(told.routes()).isNotEmpty();
        List<Any> parts = Dump.parts(told);
        Struct.Builder page = Struct.newBuilder();
        JsonFormat.parser().merge(Dump.json(told), page);
        List<Value> configs = page.getFieldsOrThrow("configs").getListValue().getValuesList();
        assertThat(configs).hasSameSizeAs(parts).hasSameSizeAs(FORMS);
        for (int i = 0; i < FORMS.size(); i++) {
            Struct config = configs.get(i).getStructValue();
            assertThat(config.getFieldsOrThrow("@type").getStringValue())
                    .isEqualTo(parts.get(i).getTypeUrl());
            Message.Builder read = FORMS.get(i).newBuilderForType();
            JsonFormat.parser()
                    .usingTypeRegistry(EnvoyTypes.registry())
                    .merge(JsonFormat.printer().print(config.toBuilder().removeFields("@type")), read);
            assertThat(read.build())
                    .isEqualTo(FORMS.get(i)
                            .newBuilderForType()
                            .mergeFrom(parts.get(i).getValue())
                            .build());
        }
    }
}
