package io.flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceTest {
    private static Struct struct(List<String> names) {
        Struct.Builder struct = Struct.newBuilder();
        names.forEach(name ->
                struct.putFields(name, Value.newBuilder().setStringValue(name).build()));
        return struct.build();
    }

    @Test
    void isTheMessageInAnAny() throws InvalidProtocolBufferException {
        for (Struct message : List.of(struct(List.of("a", "b")), Struct.getDefaultInstance())) {
            Resource resource = Resource.of("n", "v7", message);
            assertThat(resource.any()).isEqualTo(Any.pack(message).toByteString());
            assertThat(Any.parseFrom(resource.any()).unpack(Struct.class)).isEqualTo(message);
            assertThat(resource.name()).isEqualTo("n");
            assertThat(resource.version()).isEqualTo("v7");
        }
    }

    @Test
    void hasItsContentsVersionWhateverTheOrderOfItsMaps() {
        Resource resource = Resource.of("n", struct(List.of("a", "b", "c")));
        assertThat(Resource.of("n", struct(List.of("c", "a", "b")))).isEqualTo(resource);
        assertThat(resource.version()).isEqualTo(ContentHash.of(resource.any()));
        assertThat(Resource.of("n", struct(List.of("a"))).version()).isNotEqualTo(resource.version());
    }
}
