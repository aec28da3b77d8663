package io.flotilla.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeltaRequestMarshallerTest {
    private final DeltaRequestMarshaller marshaller = new DeltaRequestMarshaller();

    @Test
    void saysWhatTheGeneratedMessageSays() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            DeltaDiscoveryRequest message = message(random);

            DeltaRequest read = marshaller.parse(new ByteArrayInputStream(message.toByteArray()));

            assertThat(read.node()).isEqualTo(message.getNode());
            assertThat(read.typeUrl()).isEqualTo(message.getTypeUrl());
            assertThat(read.nonce()).isEqualTo(message.getResponseNonce());
            assertThat(read.error()).isEqualTo(message.hasErrorDetail() ? message.getErrorDetail() : null);
            assertThat(read.subscribe()).isEqualTo(message.getResourceNamesSubscribeList());
            assertThat(read.unsubscribe()).isEqualTo(message.getResourceNamesUnsubscribeList());
            assertThat(held(read)).isEqualTo(message.getInitialResourceVersionsMap());
        }
    }

    @Test
    void skipsWhatItDoesNotKnow() throws IOException {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeString(99, "later");
        out.writeInt32(2, 1);
        out.writeString(3, "a");
        out.flush();

        DeltaRequest read = DeltaRequestMarshaller.read(bytes.toByteString().toByteArray());

        assertThat(read.subscribe()).containsExactly("a");
        assertThat(read.typeUrl()).isEmpty();
    }

    @Test
    void refusesWhatTheGeneratedMessageRefuses() {
        byte[] cut = {42, 5, 10, 20, 'a'};
        byte[] broken = {26, 2, (byte) 0xc3, 'a'};
        byte[] heldBroken = {42, 3, 10, 1, (byte) 0xff};
        for (byte[] bytes : List.of(cut, broken, heldBroken)) {
            assertThatThrownBy(() -> DeltaDiscoveryRequest.parseFrom(bytes)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> marshaller.parse(new ByteArrayInputStream(bytes)))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("not a DeltaDiscoveryRequest");
        }
    }

    private static Map<String, String> held(DeltaRequest read) {
        Map<String, String> held = new LinkedHashMap<>();
        for (int i = 0; i < read.heldNames().size(); i++) {
            held.put(read.heldNames().get(i), read.heldVersions().get(i));
        }
        return held;
    }

    private static DeltaDiscoveryRequest message(Random random) {
        DeltaDiscoveryRequest.Builder message = DeltaDiscoveryRequest.newBuilder();
        if (random.nextBoolean()) {
            message.setNode(Node.newBuilder().setId(text(random))).setTypeUrl(text(random));
        }
        if (random.nextBoolean()) {
            message.setResponseNonce(text(random));
            message.setErrorDetail(Status.newBuilder().setMessage(text(random)));
        }
        message.addAllResourceNamesSubscribe(texts(random));
        message.addAllResourceNamesUnsubscribe(texts(random));
        texts(random).forEach(name -> message.putInitialResourceVersions(name, text(random)));
        return message.build();
    }

    private static List<String> texts(Random random) {
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            texts.add(text(random));
        }
        return texts;
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(40), 0, 4)
                .mapToObj(letter -> List.of("a", "|", "ü", "漢").get(letter))
                .reduce("", String::concat);
    }
}
